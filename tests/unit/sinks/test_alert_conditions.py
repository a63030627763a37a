from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.alerts.conditions import (
    GROUPS_MAX,
    Sighting,
    Tally,
    fingerprint,
    groups,
    sightings,
    tallies,
    verdict,
)
from sinks.alerts.rule import Rule, span_of
from sinks.alerts.trial import Firing, firings_of, telling
from tests.pace import within

START = datetime(2026, 3, 4, 6, tzinfo=UTC)
LATER = START + timedelta(days=30)


def _rule(**changes: Any) -> Rule:
    return Rule(**({"id": "r", "watch": "articles", "query": {"match_all": {}}} | changes))


def _document(number: int, minutes: float, **fields: Any) -> dict[str, Any]:
    at = (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
    return {"id": f"a{number}", "source": "s.example", "fetched_at": at, "title": f"t{number}", **fields}


def _minutes(*minutes: float, **fields: Any) -> list[dict[str, Any]]:
    return [_document(number, each, **fields) for number, each in enumerate(minutes)]


def _fired(rule: Rule, documents: list[dict[str, Any]]) -> list[Firing]:
    return firings_of(rule, documents, START - timedelta(days=1), LATER)


def _loud(rule: Rule, documents: list[dict[str, Any]]) -> list[str]:
    return [firing.alert.article_id for firing in _fired(rule, documents) if firing.quiet is None]


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("6 h", 21_600), ("7d", 604_800), ("2w", 1_209_600)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert span_of(text).total_seconds() == seconds


def test_frequency_counts_articles_in_the_window_and_not_outside() -> None:
    rule = _rule(type="frequency", window="1h", count=3)
    assert _loud(rule, _minutes(0, 30, 59)) == ["a2"]
    assert _loud(rule, _minutes(0, 30, 60.1)) == []
    assert _fired(rule, _minutes(0, 30, 59))[0].alert.because == "3 in 1h (from 3 on)"


def test_after_an_alert_its_group_is_quiet_for_the_window_or_as_long_as_said() -> None:
    rule = _rule(type="frequency", window="1h", count=2)
    assert _loud(rule, _minutes(0, 10, 20, 30, 80, 90)) == ["a1", "a4"]
    assert len(_fired(rule, _minutes(0, 10, 20, 30, 80, 90))) == 5, "what is suppressed is not forgotten"
    assert _loud(msgspec.structs.replace(rule, realert="2h"), _minutes(0, 10, 20, 30, 80, 90)) == ["a1"]


def test_groups_are_counted_apart() -> None:
    rule = _rule(type="frequency", window="1h", count=2, query_key=["places"])
    documents = [
        _document(0, 0, places=["طهران", "Пхеньян"]),
        _document(1, 1, places=["平壤"]),
        _document(2, 2, places=["Пхеньян"]),
        _document(3, 3),
    ]
    [firing] = _fired(rule, documents)
    assert (firing.alert.article_id, firing.alert.group) == ("a2", "Пхеньян")


def test_new_is_the_first_sight_of_a_combination_in_the_window() -> None:
    rule = _rule(type="new", window="1d", terms=["people", "places"])
    day = 24 * 60
    documents = [
        _document(0, 0, people=["김정은"], places=["平壤"]),
        _document(1, 10, people=["김정은"], places=["平壤"]),
        _document(2, 20, people=["김정은"], places=["Wien"]),
        _document(3, 30, people=["김정은"]),
        _document(4, 10 + day + 1, people=["김정은"], places=["平壤"]),
    ]
    assert _loud(rule, documents) == ["a0", "a2", "a4"]
    assert [firing.alert.group for firing in _fired(rule, documents)][:2] == [
        "김정은 · 平壤",
        "김정은 · Wien",
    ]


def test_one_article_told_twice_is_one() -> None:
    rule = _rule(type="frequency", window="1h", count=2)
    assert _loud(rule, [_document(0, 0), _document(0, 1)]) == []


def test_cardinality_counts_different_values() -> None:
    rule = _rule(type="cardinality", window="1h", count=3, of="source")
    same = [_document(n, n, source="one.example") for n in range(5)]
    different = [_document(n, n, source=f"{n}.example") for n in range(3)]
    assert _loud(rule, same) == []
    assert _loud(rule, different) == ["a2"]


def test_a_spike_is_many_more_than_usual() -> None:
    rule = _rule(type="spike", window="1h", factor=4.0, count=4, baseline=3)
    quiet_hours = [n * 30 for n in range(6)]  # two an hour for three hours
    assert _loud(rule, _minutes(*quiet_hours, *[185 + n for n in range(5)])) == []
    assert _loud(rule, _minutes(*quiet_hours, *[185 + n for n in range(9)])) != []
    assert _loud(rule, _minutes(185, 186, 187)) == [], "too few to be one, however unusual"


def test_a_flatline_is_told_once_when_the_window_has_passed() -> None:
    rule = _rule(type="flatline", window="1h", query_key=["source"])
    firings = _fired(rule, _minutes(0, 50, 170))
    assert [firing.alert.key for firing in firings] == ["s.example · a1", "s.example · a2"]
    assert firings[0].at - START == timedelta(minutes=110, milliseconds=1)
    assert "0 in 1h" in firings[0].alert.text


def test_a_flatline_can_ask_for_more_than_one() -> None:
    rule = _rule(type="flatline", window="1h", count=3)
    steady = _minutes(*range(0, 600, 15))
    assert next(firing.alert.article_id for firing in _fired(rule, steady)) == "a39"
    assert firings_of(rule, steady, START, START + timedelta(minutes=600)) == []


def test_an_article_without_the_groups_field_is_in_no_group() -> None:
    assert (
        sightings(_rule(type="frequency", window="1h", count=1, query_key=["places"]), _document(0, 0)) == []
    )


def test_combinations_without_end_are_bounded() -> None:
    document = {"people": [str(n) for n in range(100)], "places": [str(n) for n in range(100)]}
    assert len(groups(document, ["people", "places"])) == GROUPS_MAX


def test_what_a_rule_counts_is_named_and_how_it_is_told_is_not() -> None:
    rule = _rule(type="frequency", window="1h", count=3)
    told = msgspec.structs.replace(rule, severity="info", title="x", window="2h", count=9)
    counted = msgspec.structs.replace(rule, query_key=["places"])
    assert fingerprint(rule) == fingerprint(told)
    assert fingerprint(rule) != fingerprint(counted)


def test_a_rule_that_does_not_count_has_no_verdict() -> None:
    assert verdict(_rule(), Tally(9)) is None


def tally(rule: Rule, seen: list[Sighting], end: Sighting) -> Tally:
    """What a group's sightings add up to in the window that ends with one of them, counted anew."""
    start, far = end.at - span_of(rule.window), end.at - rule.span
    within = [one for one in seen if start < one.at <= end.at]
    return Tally(
        documents=len({one.document for one in within}),
        values=len({one.value for one in within}),
        before=len({one.document for one in seen if far < one.at <= start}),
        known=any(
            one.document != end.document and (one.at, one.document) < (end.at, end.document) for one in within
        ),
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("abcdefgh"), st.sampled_from([None, "x", "y"])),
        max_size=25,
    ),
    st.sampled_from(["1m", "5m", "20m"]),
)
def test_windows_that_slide_count_as_those_that_are_counted_anew(
    told: list[tuple[int, str, str | None]], window: str
) -> None:
    rule = Rule(
        id="x", watch="articles", type="spike", words="x", window=window, count=1, factor=2.0, baseline=2
    )
    seen = sorted(
        (Sighting(START + timedelta(minutes=at), document, "", value) for at, document, value in told),
        key=lambda one: (one.at, one.document),
    )
    assert list(tallies(rule, seen)) == [(one, tally(rule, seen, one)) for one in seen]


def test_of_many_firings_those_that_would_be_heard_are_shown() -> None:
    rule = _rule(type="frequency", window="1h", count=2, realert="1d")
    fired = _fired(rule, _minutes(0, 1, *range(3, 30), 1500, 1501, 1502))
    assert [(one.alert.article_id, one.quiet is None) for one in telling(fired, 3)] == [
        ("a1", True), ("a30", True), ("a31", False),
    ]  # fmt: skip


def test_a_week_of_matches_is_tried_in_no_time() -> None:
    rule = Rule(id="x", watch="articles", type="cardinality", words="x", window="7d", count=1, of="source")
    seen = [Sighting(START + timedelta(seconds=20 * n), f"d{n}", "", f"s{n % 200}") for n in range(20_000)]
    with within(5):
        *_, (_, last) = tallies(rule, seen)
        assert (last.documents, last.values) == (20_000, 200)
