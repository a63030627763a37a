"""Traces, as a real receiver of OTLP over HTTP gets them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from processors.timing import StageClock
from schemas.hops import Fate, Headers, StageTime
from tests.integration.watching.collector import Collector, attributes, collecting
from tests.unit.test_forward import article
from tests.unit.watching.records import Arrived
from wirewatch.settings import ConfigurationError, load_settings
from wirewatch.watching import Watching, watching
from wirewatch.watching.tracing import tracing_to

ARTICLE = article()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


def through(seen: Watching, groups: Sequence[str], headers: Headers) -> Headers:
    """An article through some groups, one after the other, as agents take it."""
    for group in groups:
        clock = StageClock()
        hop = seen.hop(group, ("stage",), [Arrived(headers=headers)])
        with clock.timing("stage"):
            time.sleep(0.01)
        headers = hop.headers(0) or []
        hop.end([Fate(ARTICLE.id)], clock.taken())
    return headers


def test_one_trace_from_the_producer_through_every_hop(collector: Collector) -> None:
    groups = ["wirewatch-intake", "wirewatch-stories", "wirewatch-sink-elasticsearch"]
    with watching(load_settings(trace={"endpoint": collector.url})) as seen:
        assert seen.tracing is not None
        through(seen, groups, seen.tracing.produced(ARTICLE))
    chain = [span for name in ["produce", *groups] for span in collector.named(name)]
    assert [span.name for span in chain] == ["produce", *groups]
    assert len({span.trace_id for span in collector.spans}) == 1
    assert all(after.parent_span_id == before.span_id for before, after in pairwise(chain))
    assert [attributes(span)["wirewatch.article_id"] for span in chain] == ["a1"] * 4
    assert attributes(chain[1])["messaging.kafka.offset"] == 7
    stages = collector.named("stage")
    assert [stage.parent_span_id for stage in stages] == [span.span_id for span in chain[1:]]
    assert all(stage.end_time_unix_nano - stage.start_time_unix_nano >= 10_000_000 for stage in stages)


def test_what_fails_is_an_error_with_its_reason(collector: Collector) -> None:
    with watching(load_settings(trace={"endpoint": collector.url})) as seen:
        hop = seen.hop("wirewatch-intake", ("language",), [Arrived(), Arrived(8)])
        fates = [
            Fate("a1", "dead", "language", "stage_failed", "no"),
            Fate("a2", "dropped", "language", "empty"),
        ]
        hop.end(fates, {})
    dead, dropped = collector.named("wirewatch-intake")
    assert dead.status.code == Status.STATUS_CODE_ERROR
    assert attributes(dead)["wirewatch.reason"] == "stage_failed"
    assert dropped.status.code != Status.STATUS_CODE_ERROR
    assert dead.trace_id != dropped.trace_id


@pytest.mark.parametrize(
    "value", [b"", b"\xff\xfe", b"00-zz", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01"]
)
def test_a_header_that_is_none_begins_a_trace_of_its_own(collector: Collector, value: bytes) -> None:
    with watching(load_settings(trace={"endpoint": collector.url})) as seen:
        through(seen, ["wirewatch-intake"], [("traceparent", value)])
    [span] = collector.named("wirewatch-intake")
    assert span.parent_span_id == b""
    assert int.from_bytes(span.trace_id) > 0


def test_a_share_of_the_articles_is_traced_whole_or_not_at_all(collector: Collector) -> None:
    with watching(load_settings(trace={"endpoint": collector.url, "share": 0.3})) as seen:
        assert seen.tracing is not None
        for _ in range(200):
            hop = seen.hop("g", ("s",), [Arrived(headers=seen.tracing.produced(ARTICLE))])
            hop.end([Fate("a1")], {"s": StageTime(time.time(), 0.1, 0.1)})
    produced = collector.named("produce")
    assert 30 < len(produced) < 90
    traces = {span.trace_id for span in produced}
    assert {span.trace_id for span in collector.named("g")} == traces
    assert len(collector.named("s")) == len(produced)


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    started = time.monotonic()
    with tracing_to(load_settings(trace={"endpoint": "http://127.0.0.1:1/v1/traces"}).trace) as tracing:
        for _ in range(3000):
            tracing.produced(ARTICLE)
        assert time.monotonic() - started < 5
    assert time.monotonic() - started < 10


def test_without_the_packages_it_is_a_fault_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    trace = load_settings(trace={"endpoint": "http://127.0.0.1:4318/v1/traces"}).trace
    with pytest.raises(ConfigurationError, match=r"wirewatch\[trace\]"), tracing_to(trace):
        pass


def test_without_traces_none_of_it_is_loaded() -> None:
    code = (
        "import sys, wirewatch.worker, wirewatch.sinking\n"
        "from wirewatch.settings import load_settings\n"
        "with wirewatch.sinking.watching(load_settings()) as seen: assert seen.hop('g', (), []).headers(0) is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.sdk')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
