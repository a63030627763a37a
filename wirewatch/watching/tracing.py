"""A trace per article, from the producer through every group to the sinks, to an OpenTelemetry collector.

The context travels in Kafka's record headers as W3C says (`traceparent`). Each hop is a span, whose parent
is the hop before, with a span for each stage below it; of records taken together, each one's spans tell the
time that all of them took. Everything is sent from a thread of its own, in batches, and what the collector
does not take is lost: a trace never holds up an article.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemas.article import Article
from schemas.hops import Arrival, Fate, Headers, StageTime
from schemas.topics import RAW
from wirewatch.settings import PREFIX, ConfigurationError, TraceSettings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

TRACEPARENT = "traceparent"
EXPORT_SECONDS = 5.0
LAST_SECONDS = 3.0
NANO = 1_000_000_000
NO_PACKAGE = (
    f"{PREFIX}TRACE__ENDPOINT asks for traces, which need the packages of the extra `trace`: "
    "pip install 'wirewatch[trace]'"
)


class Tracing:
    """Begins and ends spans."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer: Tracer = provider.get_tracer("wirewatch")
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, group: str, records: Sequence[Arrival]) -> Spans:
        """A span for each record that a group has in hand."""
        return Spans(self, [self._span(group, record) for record in records])

    def produced(self, article: Article) -> Headers:
        """A span for an article that goes to Kafka, the first of its trace; what goes beside it."""
        from opentelemetry.trace import SpanKind

        attributes = {
            "wirewatch.article_id": article.id,
            "wirewatch.source": article.source,
            "messaging.system": "kafka",
            "messaging.destination.name": RAW.for_lane(article.lane),
        }
        span = self._tracer.start_span("produce", kind=SpanKind.PRODUCER, attributes=attributes)
        span.end()
        return self.headers(span)

    def headers(self, span: Span) -> Headers:
        """What takes a span's context to the next hop."""
        from opentelemetry.trace import set_span_in_context

        carrier: dict[str, str] = {}
        self._propagator.inject(carrier, set_span_in_context(span))
        return [(name, value.encode()) for name, value in carrier.items()]

    def stage(self, parent: Span, name: str, taken: StageTime) -> None:
        """The span of a stage below a hop's, after the fact."""
        from opentelemetry.trace import set_span_in_context

        start_ns = int(taken.started_at * NANO)
        attributes = {"wirewatch.cpu_seconds": taken.cpu_seconds}
        span = self._tracer.start_span(
            name, set_span_in_context(parent), start_time=start_ns, attributes=attributes
        )
        span.end(start_ns + int(taken.seconds * NANO))

    def _span(self, group: str, record: Arrival) -> Span:
        from opentelemetry.trace import SpanKind

        attributes: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.consumer.group.name": group,
            "messaging.destination.name": record.topic,
            "messaging.destination.partition.id": str(record.partition),
            "messaging.kafka.offset": record.offset,
        }
        return self._tracer.start_span(
            group, self._context(record), kind=SpanKind.CONSUMER, attributes=attributes
        )

    def _context(self, record: Arrival) -> Context:
        """Where the record came from; a header that is none begins a trace of its own."""
        from opentelemetry.context import Context

        carrier = {
            name: value.decode("ascii", "replace")
            for name, value in record.headers or ()
            if name == TRACEPARENT and value is not None
        }
        return self._propagator.extract(carrier, Context())


class Spans:
    """The spans of the records of one hop."""

    def __init__(self, tracing: Tracing, spans: Sequence[Span]) -> None:
        self._tracing = tracing
        self._spans = spans

    def headers(self, record: int) -> Headers:
        """What goes out beside all that a record, by its place, becomes."""
        return self._tracing.headers(self._spans[record])

    def end(self, fates: Sequence[Fate], times: Mapping[str, StageTime]) -> None:
        """What became of each record, and how long each stage took over all of them."""
        ended_ns = time.time_ns()
        for span, fate in zip(self._spans, fates, strict=True):
            if span.is_recording():
                self._describe(span, fate, len(fates))
                for name, taken in times.items():
                    self._tracing.stage(span, name, taken)
            span.end(ended_ns)

    @staticmethod
    def _describe(span: Span, fate: Fate, records: int) -> None:
        from opentelemetry.trace import StatusCode

        span.set_attribute("messaging.batch.message_count", records)
        span.set_attribute("wirewatch.verdict", fate.verdict)
        if fate.article_id is not None:
            span.set_attribute("wirewatch.article_id", fate.article_id)
        if fate.verdict != "passed":
            span.set_attribute("wirewatch.stage", fate.stage)
            span.set_attribute("wirewatch.reason", fate.reason)
        if fate.verdict == "dead":
            span.set_status(StatusCode.ERROR, f"{fate.reason}: {fate.detail}")


@contextmanager
def tracing_to(trace: TraceSettings) -> Iterator[Tracing]:
    """Traces to a collector; what is left goes out at the end, for a few seconds at most.

    Raises `ConfigurationError` where OpenTelemetry is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
    except ImportError:
        raise ConfigurationError(NO_PACKAGE) from None
    provider = TracerProvider(
        sampler=ParentBasedTraceIdRatio(trace.share),
        resource=Resource.create({"service.name": "wirewatch"}),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=trace.endpoint, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield Tracing(provider)
    finally:
        patience = threading.Timer(LAST_SECONDS, exporter.shutdown)  # else it would try again for 30 s
        patience.start()
        provider.shutdown()
        patience.cancel()
