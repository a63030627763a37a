"""A sink whose consumer has lost its place in the group, and does not know it, is noticed and ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer

from schemas.article import Article, Raw
from sinks.consumer import GROUP_OPTIONS, SinkConsumer
from sinks.dead_letters import kafka_set_aside
from tests.integration.sinks.bench import Bench
from tests.integration.sinks.test_consumer import Slow
from wirewatch import sinking
from wirewatch.kafka import consumer_options
from wirewatch.watching.health import Health


@pytest.fixture
def idle(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[SinkConsumer]:
    """A consumer that polls nothing, as one does that has lost its place."""
    monkeypatch.setattr(sinking, "CHECK_SECONDS", 0.3)
    group = f"idle-{bench.run}"
    monkeypatch.setitem(sinking.GROUPS, "idle", group)
    consumer = KafkaConsumer(**(consumer_options(bench.settings.kafka, group) | GROUP_OPTIONS))
    topics = bench.topics("enriched")
    yield SinkConsumer(Slow(topics, set(), 0), consumer, kafka_set_aside(bench.producer), threading.Event())
    consumer.close(autocommit=False)


def _ends_within(seconds: float, idle: SinkConsumer, bench: Bench) -> bool:
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    try:
        return sinking._until_stalled({"idle": idle}, bench.admin, stop, Health(), limit_seconds=1.0)
    finally:
        timer.cancel()
        timer.join()


def test_records_before_an_idle_sink_end_it(idle: SinkConsumer, bench: Bench) -> None:
    assert not _ends_within(3, idle, bench)  # nothing to read is no stall
    article = Article(id="a", source="s", fetched_at="2026-01-01", raw=Raw(content="текст"))
    bench.produce("enriched", [("a", article)])
    assert _ends_within(30, idle, bench)


def test_a_sink_that_works_on_a_batch_may_take_its_time_and_one_that_hangs_may_not(
    idle: SinkConsumer, bench: Bench
) -> None:
    article = Article(id="a", source="s", fetched_at="2026-01-01", raw=Raw(content="текст"))
    bench.produce("enriched", [("a", article)])
    idle._busy = True
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.01):
            sum(range(1000))

    working = threading.Thread(target=work, name="idle")
    working.start()
    try:
        assert not _ends_within(4, idle, bench)
    finally:
        done.set()
        working.join()
    assert _ends_within(30, idle, bench)
