from __future__ import annotations

from pathlib import Path

import pytest

from sinks.alerts.rules import RuleError, load_rule, load_rules, rule_files

GOOD = """\
id: watch-pyongyang
watch: articles
query:
  bool:
    filter:
      - term: {language: no}
      - range: {published_at: {gte: 2026-01-01}}
title: "$title ($source)"
"""


def _write(folder: Path, text: str, name: str = "rule.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _faults(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(RuleError) as caught:
        load_rule(path)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_the_built_in_rules_are_good() -> None:
    assert [rule.id for rule in load_rules(rule_files())] == ["new-sanctions-mention"]


def test_words_stay_words(tmp_path: Path) -> None:
    filters = load_rule(_write(tmp_path, GOOD)).query["bool"]["filter"]
    assert filters == [
        {"term": {"language": "no"}},
        {"range": {"published_at": {"gte": "2026-01-01"}}},
    ]


def test_booleans_are_true_and_false_only(tmp_path: Path) -> None:
    assert load_rule(_write(tmp_path, GOOD + "enabled: false\n")).enabled is False
    assert _faults(_write(tmp_path, GOOD + "enabled: no\n"))[0][0] == 9


def test_every_fault_is_reported_with_its_line(tmp_path: Path) -> None:
    text = "id: Not Good\nwatch: tweets\nquery: {}\nseverity: urgent\nlevel: 3\n"
    faults = _faults(_write(tmp_path, text))
    assert {line for line, _ in faults} == {1, 2, 3, 4}
    assert len(faults) == 5
    assert any("level" in message for _, message in faults)


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("key: designation_id", 9, "no field of articles"),
        ('title: "$nobody"', 8, "no field of articles"),
        ('title: "costs $5"', 8, "must begin a field's name"),
    ],
)
def test_unknown_fields_are_found_before_they_alert(tmp_path: Path, line: str, at: int, words: str) -> None:
    base = GOOD if line.startswith("key") else GOOD.partition("title:")[0]
    [(found, message)] = _faults(_write(tmp_path, base + line + "\n"))
    assert found == at
    assert words in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("just words", 1),
        ("- a\n- list", 1),
        ("id: x\nquery: {a: [}\n", 2),
        ("id: x\nid: y\nwatch: articles\nquery: {match_all: {}}\n", 2),
        ("id: x\nwatch: articles\nquery:\n  bool: {must: [], must: []}\n", 4),
        ("id: x\nwatch: articles\nquery: !!python/object:os.system {}\n", 3),
        ("a: &a [*a]\n", 1),
        ("? [1, 2]\n: x\n", 1),
    ],
)
def test_a_broken_file_is_a_fault_and_not_a_crash(tmp_path: Path, text: str, line: int) -> None:
    assert _faults(_write(tmp_path, text))[0][0] == line


def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_bytes(b"id: \xff\xfe")
    assert "can't be read" in _faults(path)[0][1]


def test_two_files_can_not_hold_one_rule(tmp_path: Path) -> None:
    files = [_write(tmp_path, GOOD, "a.yaml"), _write(tmp_path, GOOD, "b.yaml")]
    with pytest.raises(RuleError, match="taken by"):
        load_rules(files)


def test_a_missing_folder_of_rules_is_not_silence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rule_files(tmp_path / "absent")
