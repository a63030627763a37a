"""The consumer loop under rebalances, with a sink that keeps it waiting."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack

from schemas.article import Article, Raw, Record
from schemas.dead_letter import DeadLetter
from sinks.consumer import JOIN_SECONDS, Delivery, Refused
from sinks.retries import Hold
from tests.integration.sinks.bench import Bench, wait_for


class Slow:
    """A sink that waits in the middle of each batch, and remembers what it has been given."""

    name = "slow"

    def __init__(self, topics: dict[str, type[Record]], seen: set[str], hold_seconds: float) -> None:
        self.topics = topics
        self._seen = seen
        self._hold_seconds = hold_seconds
        self._lock = threading.Lock()
        self.ticks = 0

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        hold(self._hold_seconds)
        with self._lock:
            self._seen |= {str(delivery.origin.key) for delivery in batch}
        return []

    def tick(self, hold: Hold) -> None:  # noqa: ARG002
        self.ticks += 1


def _articles(start: int, stop: int) -> list[tuple[str, Record | bytes]]:
    return [
        (f"r{n}", Article(id=f"r{n}", source="s", fetched_at="2026-01-01", raw=Raw(content="текст " * 200)))
        for n in range(start, stop)
    ]


def test_no_partition_stalls_when_members_come_and_go_during_a_wait(bench: Bench) -> None:
    seen: set[str] = set()
    topics = bench.topics("enriched")
    bench.produce("enriched", _articles(0, 120))
    with bench.running(Slow(topics, seen, 2.5), batch_records=17) as stop:
        for round_ in range(3):
            with bench.running(Slow(topics, seen, 0.1), batch_records=5):
                stop.wait(4)
            bench.produce("enriched", _articles(120 + 20 * round_, 140 + 20 * round_))
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed", 90)
    assert seen == {f"r{n}" for n in range(180)}


def test_every_start_gets_its_partitions(bench: Bench) -> None:
    """Several groups at once, since it is the race in joining that left one start in five with nothing."""
    seen: list[set[str]] = [set() for _ in range(16)]
    topics = bench.topics("enriched", "decided", "designations")
    bench.produce("enriched", _articles(0, 1))
    with ExitStack() as running:
        for number, each in enumerate(seen):
            running.enter_context(bench.running(Slow(topics, each, 0), group=f"group-{number}"))
        wait_for(lambda: all(seen), "every group has read", 30)


def test_what_is_due_by_the_clock_waits_for_no_record_after_a_join(bench: Bench) -> None:
    sink = Slow(bench.topics("enriched"), set(), 0)
    with bench.running(sink):
        wait_for(lambda: sink.ticks > 3, "ticks though there is nothing to read", JOIN_SECONDS / 2)


def test_dead_letters_are_safe_before_offsets_are_committed(bench: Bench) -> None:
    """The dead-letter topic refuses at first: nothing may be committed until it has taken the record."""
    from kafka.errors import KafkaTimeoutError

    from sinks.dead_letters import kafka_set_aside

    refusals: list[int] = []
    behind: list[int] = []
    accept = kafka_set_aside(bench.producer, bench.topic("dead"))

    def set_aside(letters: Sequence[DeadLetter]) -> None:
        if len(refusals) < 3:
            behind.append(bench.behind("enriched"))
            refusals.append(len(letters))
            raise KafkaTimeoutError
        accept(letters)

    bench.produce("enriched", [("x", b"not json")])
    with bench.running(Slow(bench.topics("enriched"), set(), 0), set_aside=set_aside):
        wait_for(lambda: bench.behind("enriched") == 0, "committed in the end")
    assert behind == [1, 1, 1]
    assert [letter.reason for letter in bench.read("dead")] == ["not_json"]
