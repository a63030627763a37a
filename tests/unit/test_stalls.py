"""When a partition counts as stalled, and what is no stall."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaConnectionError
from kafka.structs import OffsetAndMetadata

from wirewatch.stalls import Place, Position, StallClock, StallWatch, cpu_seconds, positions

ONE, TWO = TopicPartition("articles.raw", 0), TopicPartition("articles.raw", 1)


def test_a_partition_that_stands_still_with_records_before_it_is_stalled() -> None:
    clock: StallClock[TopicPartition] = StallClock(limit_seconds=60)
    still, moving = Position(5, 9), Position(1, 100)
    assert clock.observe(0, {ONE: still, TWO: moving}) == []
    assert clock.observe(59, {ONE: still, TWO: Position(2, 100)}) == []
    assert clock.observe(61, {ONE: still, TWO: Position(3, 100)}) == [ONE]
    assert clock.still(61) == {ONE: 61, TWO: 0}


def test_commits_and_an_empty_partition_start_the_clock_anew() -> None:
    clock: StallClock[TopicPartition] = StallClock(limit_seconds=60)
    clock.observe(0, {ONE: Position(5, 9)})
    assert clock.observe(50, {ONE: Position(6, 9)}) == []
    assert clock.observe(100, {ONE: Position(6, 9)}) == []
    assert clock.observe(111, {ONE: Position(6, 9)}) == [ONE]
    assert clock.observe(112, {ONE: Position(9, 9)}) == []
    assert clock.still(112) == {}
    assert clock.observe(500, {ONE: Position(9, 9)}) == []


def test_a_partition_given_away_is_forgotten() -> None:
    clock: StallClock[TopicPartition] = StallClock(limit_seconds=60)
    clock.observe(0, {ONE: Position(5, 9)})
    clock.observe(30, {})
    assert clock.observe(70, {ONE: Position(5, 9)}) == []


def test_a_sign_of_life_puts_a_stall_off_and_not_for_ever() -> None:
    clock: StallClock[TopicPartition] = StallClock(limit_seconds=60, working_seconds=300)
    for now in range(0, 300, 10):
        assert clock.observe(now, {ONE: Position(5, 9, sign=now)}) == []
    assert clock.still(290) == {ONE: 290}, "it is told all the same"
    assert clock.observe(301, {ONE: Position(5, 9, sign=301)}) == [ONE]


def test_whoever_falls_silent_is_stalled_from_then_on() -> None:
    clock: StallClock[TopicPartition] = StallClock(limit_seconds=60)
    clock.observe(0, {ONE: Position(5, 9, sign=1)})
    clock.observe(100, {ONE: Position(5, 9, sign=2)})
    assert clock.observe(160, {ONE: Position(5, 9, sign=2)}) == []
    assert clock.observe(161, {ONE: Position(5, 9, sign=2)}) == [ONE]


def _watched(looks: list[Mapping[Place, Position] | Exception]) -> tuple[list[Place], list[str | None]]:
    """What a watch that looks every 20 ms calls stalled at a limit of .1 s, and what it told meanwhile.

    The last look stays.
    """
    found: list[Place] = []
    told: list[str | None] = []
    ended = threading.Event()

    def look() -> Mapping[Place, Position]:
        seen = looks.pop(0) if len(looks) > 1 else looks[0]
        if isinstance(seen, Exception):
            raise seen
        return seen

    def stalled(places: list[Place]) -> None:
        found.extend(places)
        ended.set()

    watch = StallWatch(
        look, stalled, StallClock(limit_seconds=0.1), lambda _, fault: told.append(fault), 0.02
    )
    watch.start()
    ended.wait(0.5)
    watch.end()
    watch.join()
    return found, told


def test_a_watch_tells_once_what_is_stalled() -> None:
    found, told = _watched([{("g", ONE): Position(5, 9), ("g", TWO): Position(9, 9)}])
    assert found == [("g", ONE)]
    assert told[0] is None
    assert told[-1] == "articles.raw partition 0 has stood still for 0 s"


def test_while_the_broker_is_away_no_time_is_counted() -> None:
    """Else every worker would end in the moment that the broker is back, before it could go on."""
    away = [KafkaConnectionError() for _ in range(10)]
    still, through = {("g", ONE): Position(5, 9)}, {("g", ONE): Position(9, 9)}
    assert _watched([still, *away, still, through])[0] == []


class _Admin:
    """Tells offsets: committed by nobody in `TWO`; in both, retention has deleted what was before 40."""

    def list_group_offsets(self, group: str) -> dict[str, Any]:
        return {group: {ONE: OffsetAndMetadata(7, "", -1)}}

    def list_partition_offsets(self, wanted: Mapping[TopicPartition, Any]) -> dict[TopicPartition, Any]:
        start = next(iter(wanted.values())) == OffsetSpec.EARLIEST
        return {partition: SimpleNamespace(offset=40) for partition in wanted} if start else {
            ONE: SimpleNamespace(offset=40), TWO: SimpleNamespace(offset=43)
        }  # fmt: skip


def test_what_retention_has_deleted_waits_for_nobody() -> None:
    found = positions(_Admin(), "group", {ONE, TWO})
    assert {partition: position.waiting for partition, position in found.items()} == {ONE: 0, TWO: 3}


def test_a_thread_that_computes_shows_it_and_one_that_hangs_does_not() -> None:
    go_on, stop = threading.Event(), threading.Event()

    def compute() -> None:
        while not stop.is_set():
            sum(range(10_000))

    computing, hanging = threading.Thread(target=compute), threading.Thread(target=go_on.wait)
    for thread in (computing, hanging):
        thread.start()
    time.sleep(0.1)
    before = [cpu_seconds(thread) for thread in (computing, hanging)]
    time.sleep(0.3)
    after = [cpu_seconds(thread) for thread in (computing, hanging)]
    stop.set()
    go_on.set()
    computing.join()
    hanging.join()
    assert after[0] > before[0]
    assert after[1] == before[1]
