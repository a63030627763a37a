"""Rules as the page's editor has them."""

from __future__ import annotations

import pytest

from sinks.alerts.rules import parse_rule
from wirewatch.desk.answers import DeskError
from wirewatch.desk.rules import RULE_CHARACTERS_MAX, read_rule, written

GOOD = """id: mine
type: frequency
watch: articles
words: عقوبات
window: 1h
count: 3
where:
  language: [ar, fa]
severity: critical
"""


def test_a_rule_is_written_as_it_is_read_and_says_only_what_it_says() -> None:
    rule = read_rule(GOOD)
    assert parse_rule(written(rule)) == rule
    assert "عقوبات" in written(rule)
    assert "baseline" not in written(rule)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("id: [", 1),
        (GOOD.replace("critical", "loud"), 9),
        (GOOD.replace("words: عقوبات", "query:\n  bool:\n    filter:\n      - regexp: {title: .*}"), 7),
        (GOOD.replace("words: عقوبات", "query: {script: {source: x}}"), 4),
    ],
)
def test_a_faulty_rule_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(DeskError) as refused:
        read_rule(text)
    assert (int(refused.value.status), refused.value.more["faults"][0]["line"]) == (422, line)


def test_a_rule_is_no_book() -> None:
    with pytest.raises(DeskError) as refused:
        read_rule("#" * (RULE_CHARACTERS_MAX + 1))
    assert int(refused.value.status) == 413
