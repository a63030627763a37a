"""The runbook and the code agree: dead letters' reasons, and what the doctor looks at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wirewatch.dead_letters import OURS
from wirewatch.local.jars import COMPILER, ELASTICSEARCH7, KAFKA

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CARRIERS = {
    "PermanentError": 0, "WireError": 0, "ReadError": 0, "Failed": 0, "Dropped": 0, "_failed": 0,
    "Refused": 1, "Unreadable": 2,
}  # fmt: skip
"""Who carries a reason into a dead letter, and at which place among its arguments."""
NO_LETTERS = {ROOT / "producers" / "endpoint"}
"""The push endpoint answers its reasons to whoever pushed."""
NO_CONSTANT = {"missing", "no_permission", "not_readable", "channel_refused", "broken_record", "broken_gzip"}


def trees() -> Iterator[ast.AST]:
    for folder in ("schemas", "producers", "processors", "sinks", "wirewatch"):
        for file in (ROOT / folder).rglob("*.py"):
            if not NO_LETTERS & set(file.parents):
                yield ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def constants(node: ast.AST | None) -> Iterator[str]:
    """The words that an expression may come to; of a condition, both."""
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def reasons() -> set[str]:
    """Every reason that the code spells out where it makes one."""
    found = set()
    for tree in trees():
        for name, call in calls(tree):
            if name in CARRIERS and len(call.args) > CARRIERS[name]:
                argument = call.args[CARRIERS[name]]
                found |= set(constants(argument)) if isinstance(argument, ast.Constant | ast.IfExp) else set()
    return found


def table(heading: str) -> set[str]:
    """The words in code type in the first column of the tables of a section."""
    [section] = re.findall(rf"^## {heading}\n(.*?)(?=^## )", RUNBOOK, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", section, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_reason_of_a_dead_letter_is_in_the_runbook_and_no_other() -> None:
    told = table("Dead letters") | {"not_an_article"}
    assert "`not_an_article`" in RUNBOOK
    made = reasons()
    assert {"stage_failed", "not_json", "rejected_by_elasticsearch", "too_large", "no_text"} <= made
    assert made - told == set()
    assert told - made <= NO_CONSTANT
    everything = "\n".join(ast.dump(tree) for tree in trees())
    assert not [word for word in NO_CONSTANT if f"value='{word}'" not in everything]


def test_what_is_ours_to_mend_is_among_the_reasons() -> None:
    assert table("Dead letters") >= OURS


def subjects() -> set[str]:
    found = {jar_set.title for jar_set in (KAFKA, ELASTICSEARCH7, COMPILER)}
    for file in (ROOT / "wirewatch" / "doctor").glob("*.py"):
        for name, call in calls(ast.parse(file.read_text(encoding="utf-8"))):
            if name in {"Finding", "clock", "room"} and call.args:
                found |= set(constants(call.args[0])) if isinstance(call.args[0], ast.Constant) else set()
    return found | {"data folder", "cache folder"}


def test_every_subject_of_the_doctor_is_in_the_runbook_and_no_other() -> None:
    assert table("What the doctor finds") == subjects()


@pytest.mark.parametrize("name", ["DATA_DIR", "CACHE_DIR"])
def test_the_folders_are_looked_at(name: str) -> None:
    assert f'"{name}"' in (ROOT / "wirewatch" / "doctor" / "machine.py").read_text(encoding="utf-8")
