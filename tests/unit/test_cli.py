"""The command line: every command explains itself, and what is wrong is said in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wirewatch.cli import COMMANDS, main

SECRET = "open-sesame"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith("WIREWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WIREWATCH_DATA_DIR", str(tmp_path / "data"))


def _commands() -> list[tuple[str, ...]]:
    """Every command and its subcommands, as they are typed."""
    context = click.Context(main)
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = main.get_command(context, name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, sub) for sub in command.list_commands(context)]
    return found


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    for name, summary in COMMANDS.items():
        assert name in shown.output
        assert summary.split(",")[0][:30] in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_what_it_is_for(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert f"Usage: main {name}" in shown.output
    assert len(shown.output.splitlines()) >= 6


def test_every_subcommand_and_option_has_help() -> None:
    context = click.Context(main)
    for path in _commands():
        command: click.Command = main
        for name in path:
            assert isinstance(command, click.Group)
            found = command.get_command(context, name)
            assert found is not None
            command = found
        assert command.help, path
        unexplained = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
        assert unexplained == [], path


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from wirewatch.cli import main;"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0;"
        "print(*{'faust', 'kafka', 'elasticsearch', 'transformers', 'onnxruntime', 'numpy', 'lxml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_all_faults_of_a_bad_configuration_are_told_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_KAFKA__PARTITIONS", "many")
    monkeypatch.setenv("WIREWATCH_KAFKA__SASL_PASSWORD", SECRET)
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__URL", "localhost")
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__API_KEY", SECRET)
    shown = CliRunner().invoke(main, ["topics", "show"])
    assert shown.exit_code == 2
    assert "WIREWATCH_KAFKA__PARTITIONS" in shown.stderr
    assert "WIREWATCH_ELASTICSEARCH__URL" in shown.stderr
    assert SECRET not in shown.output
    assert shown.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["produce", "x.txt"], ["topics", "show"], ["topics", "apply"], ["dlq", "list"], ["dlq", "show", "x"], ["dlq", "replay", "--all"]],
    ids=" ".join,
)  # fmt: skip
def test_without_a_broker_it_says_how_to_get_one(arguments: list[str]) -> None:
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 1
    assert "wirewatch up" in shown.stderr
    assert "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS" in shown.stderr
    assert "Traceback" not in shown.output


def test_certificates_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIREWATCH_KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("WIREWATCH_KAFKA__SECURITY_PROTOCOL", "SSL")
    monkeypatch.setenv("WIREWATCH_KAFKA__SSL_CA_FILE", str(tmp_path / "ca.pem"))
    shown = CliRunner().invoke(main, ["topics", "show"])
    assert (shown.exit_code, "ca.pem" in shown.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [["no-such-command"], ["produce"], ["produce", "--lane", "fast", "x"], ["dlq", "replay"], ["schema", "print", "x"]], ids=" ".join)  # fmt: skip
def test_bad_usage_is_exit_code_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_the_schemas_are_printed_and_checked() -> None:
    printed = CliRunner().invoke(main, ["schema", "print", "alert"])
    assert (printed.exit_code, printed.output[:1]) == (0, "{")
    assert CliRunner().invoke(main, ["schema", "check"]).exit_code == 0
