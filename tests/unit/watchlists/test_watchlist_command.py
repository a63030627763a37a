"""`wirewatch watchlist` as it is typed: what it says, with which exit code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wirewatch.cli import main

SAMPLE = Path(__file__).parents[3] / "wirewatch" / "samples" / "watchlists" / "invented.yaml"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith("WIREWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WIREWATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["watchlist", *arguments])


def test_import_list_and_show(tmp_path: Path) -> None:
    done = run("import", str(SAMPLE), "--name", "invented")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "20 entries" in done.stdout
    assert "20 added, 0 changed, 0 removed" in done.stdout
    assert (tmp_path / "data" / "watchlists" / "manifest.json").is_file()
    listed = run("list")
    assert "invented" in listed.stdout
    assert "yaml" in listed.stdout
    shown = run("show", "INV-001")
    assert "Farhad Mozaffarian" in shown.stdout
    assert "فرهاد مظفریان" in shown.stdout
    assert "weak       The Engineer" in shown.stdout
    assert run("show", "invented/INV-001").stdout == shown.stdout
    figures = run("show", "invented")
    assert "person 13, organisation 6, vessel 1" in figures.stdout


def test_match_says_the_score_and_why_or_why_not() -> None:
    run("import", str(SAMPLE), "--name", "invented")
    found = run("match", "Farhad Mozaffarian")
    assert found.exit_code == 0
    assert found.stdout.startswith("1.00 invented/INV-001 Farhad Mozaffarian [INV-DRONES]\n")
    assert "like Farhad Mozaffarian" in found.stdout
    common = run("match", "Ali Hassan")
    assert common.exit_code == 1
    assert "no hit invented/INV-101" in common.stdout
    assert "needs the country beside it" in common.stdout
    for more in (["--country", "Iraq"], ["--country", "IQ"], ["--born", "1959"]):
        assert run("match", "Ali Hassan", *more).exit_code == 0
    assert run("match", "Ali Hassan", "--country", "IQ", "--kind", "ORG").exit_code == 1
    assert run("match", "Nobody Alike Whatsoever").stdout == "nobody on the lists has a name like it\n"
    assert run("match", "Ali Hassan", "--country", "Freedonia").exit_code == 2


def test_without_a_list_it_says_how_to_get_one() -> None:
    assert "watchlist import" in run("list").stdout
    matched = run("match", "Ali Hassan")
    assert matched.exit_code == 1
    assert "watchlist import" in matched.stderr


def test_dismiss_keeps_a_pair_dismissed_and_undo_takes_it_back() -> None:
    run("import", str(SAMPLE), "--name", "invented")
    done = run("dismiss", "Farhad Mozaffarian", "INV-001", "--reason", "the pianist")
    assert (done.exit_code, done.stdout) == (0, "1 dismissed\n")
    run("import", str(SAMPLE), "--name", "invented")
    assert run("match", "farhad mozaffarian").exit_code == 1
    assert "Farhad Mozaffarian is not invented/INV-001: the pianist" in run("dismissed").stdout
    assert run("dismiss", "Farhad Mozaffarian", "INV-001", "--undo").stdout == "1 taken back\n"
    assert run("match", "Farhad Mozaffarian").exit_code == 0
    assert run("dismissed").stdout == "nothing is dismissed\n"
    assert "no entry is called" in run("dismiss", "x", "nowhere").stderr
    assert "is not dismissed" in run("dismiss", "x", "nowhere", "--undo").stderr


def test_remove() -> None:
    run("import", str(SAMPLE), "--name", "invented")
    assert run("remove", "invented").stdout == "invented removed\n"
    assert run("remove", "invented").exit_code == 1
    assert "no list and no entry" in run("show", "INV-001").stderr


def test_faults_are_named_on_standard_error_and_strict_stops(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "id,name,type,country\n1,Good One,person,RU\n2,,person,RU\n3,Good Two,person,Freedonia\n", "utf-8"
    )
    done = run("import", str(path), "--name", "desk")
    assert done.exit_code == 0
    assert "own.csv: line 3 (entry 2): skipped: it has no name" in done.stderr
    assert "own.csv: line 4 (entry 3): country 'Freedonia' is not known" in done.stderr
    assert "own.csv: 1 entries skipped, 1 entries with a part left out" in done.stderr
    strict = run("import", str(path), "--name", "strict", "--strict")
    assert strict.exit_code == 1
    assert "line 3" in strict.stderr
    assert "strict" not in run("list").stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.xml", None, "no such file"),
        ("a.xml", "<html/>", "web page"),
        ("a.xml", "<sdnList><sdnEntry>", "download it again"),
        ("a.txt", "hello", "--format"),
    ],
)
def test_a_file_that_is_no_list_is_told_in_a_sentence(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, "utf-8")
    done = run("import", str(path), "--name", "x")
    assert done.exit_code == 1
    assert name in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert run("import", str(path), "--name", "Not A Name").exit_code == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("WIREWATCH_WATCHLISTS__FOLDER", str(blocked))
    done = run("import", str(SAMPLE), "--name", "invented")
    assert done.exit_code == 1
    assert "file" in done.stderr
    assert "Traceback" not in done.output


def test_nothing_from_a_list_steers_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    hostile = "Arkady\x1b[2J Veliko\u202eslov"
    path.write_text(
        f"id,name,type,country,programme,odd\x1b[31m\n1\x1b[2J,{hostile},person,RU\x1b]0;x\x07,\x9b2J,x\n2,,person,\x1b[1m,,\n",
        "utf-8",
    )
    outputs = [
        run("import", str(path), "--name", "desk").output,
        run("list").output,
        run("show", "desk").output,
        run("match", "Arkady Velikoslov").output,
        run("match", hostile).output,
        run("dismiss", hostile, "1 [2J", "--reason", hostile).output,
        run("dismissed").output,
        run("show", hostile).output,
    ]
    assert "Arkady" in "".join(outputs)
    assert not set("".join(outputs)) & set("\x1b\x9b\x07\u202e")
