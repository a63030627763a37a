"""Who counts as absent from a consumer group."""

from __future__ import annotations

from wirewatch.absence import Absence
from wirewatch.up import CHILDREN, GROUPS_OF


def test_whoever_was_there_and_is_gone_for_long_is_absent() -> None:
    absence = Absence(limit_seconds=40)
    assert absence.observe(0, {"a": 1, "b": 2}) == []
    assert absence.observe(40, {"a": 0, "b": 1}) == []
    assert absence.observe(41, {"a": 0, "b": 1}) == ["a"]
    assert absence.observe(50, {"a": 1, "b": 1}) == []


def test_whoever_starts_is_not_absent_however_long_it_takes() -> None:
    absence = Absence(limit_seconds=40)
    assert absence.observe(0, {"a": 0}) == []
    assert absence.observe(500, {"a": 0}) == []
    absence.observe(600, {"a": 1})
    absence.forget(["a", "never there"])
    assert absence.observe(700, {"a": 0}) == []


def test_while_no_broker_tells_nobody_is_absent() -> None:
    absence = Absence(limit_seconds=40)
    absence.observe(0, {"a": 1})
    absence.pause(100)
    assert absence.observe(101, {"a": 0}) == []
    assert absence.observe(141, {"a": 0}) == ["a"]


def test_every_child_that_reads_from_kafka_is_looked_for() -> None:
    assert set(GROUPS_OF) == set(CHILDREN)
    assert {group for groups in GROUPS_OF.values() for group in groups} == {
        "wirewatch-intake", "wirewatch-stories", "wirewatch-understanding", "wirewatch-threads",
        "wirewatch-designations", "wirewatch-sink-elasticsearch", "wirewatch-sink-alerts",
    }  # fmt: skip
