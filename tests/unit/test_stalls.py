"""When a partition counts as stalled."""

from __future__ import annotations

from kafka import TopicPartition

from wirewatch.stalls import Position, StallClock

ONE, TWO = TopicPartition("articles.raw", 0), TopicPartition("articles.raw", 1)


def test_a_partition_that_stands_still_with_records_before_it_is_stalled() -> None:
    clock = StallClock(limit_seconds=60)
    still, moving = Position(5, 9), Position(1, 100)
    assert clock.observe(0, {ONE: still, TWO: moving}) == []
    assert clock.observe(59, {ONE: still, TWO: Position(2, 100)}) == []
    assert clock.observe(61, {ONE: still, TWO: Position(3, 100)}) == [ONE]


def test_commits_and_an_empty_partition_start_the_clock_anew() -> None:
    clock = StallClock(limit_seconds=60)
    clock.observe(0, {ONE: Position(5, 9)})
    assert clock.observe(50, {ONE: Position(6, 9)}) == []
    assert clock.observe(100, {ONE: Position(6, 9)}) == []
    assert clock.observe(111, {ONE: Position(6, 9)}) == [ONE]
    assert clock.observe(112, {ONE: Position(9, 9)}) == []
    assert clock.observe(500, {ONE: Position(9, 9)}) == []


def test_a_partition_given_away_is_forgotten() -> None:
    clock = StallClock(limit_seconds=60)
    clock.observe(0, {ONE: Position(5, 9)})
    clock.observe(30, {})
    assert clock.observe(70, {ONE: Position(5, 9)}) == []
