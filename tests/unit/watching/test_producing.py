"""What is told of an article on its way into Kafka."""

from __future__ import annotations

from structlog.testing import capture_logs

from tests.integration.watching.collector import attributes, collecting
from tests.unit.test_forward import article
from wirewatch.settings import load_settings
from wirewatch.watching.producing import stamping


def test_nobody_asks_and_nothing_is_done() -> None:
    with stamping(load_settings()) as stamp:
        assert stamp is None


def test_a_line_an_article() -> None:
    with stamping(load_settings(log_articles=True)) as stamp, capture_logs() as lines:
        assert stamp is not None
        assert stamp(article()) is None
    [line] = lines
    assert (line["event"], line["article_id"], line["topic"]) == ("produced", "a1", "articles.raw")


def test_the_first_span_of_a_trace_and_what_goes_with_the_article() -> None:
    with collecting() as collector:
        with stamping(load_settings(trace={"endpoint": collector.url})) as stamp:
            assert stamp is not None
            headers = stamp(article())
        [span] = collector.named("produce")
    [(name, value)] = headers or []
    assert (name, value.decode().split("-")[1:3]) == (
        "traceparent",
        [span.trace_id.hex(), span.span_id.hex()],
    )
    assert attributes(span)["wirewatch.source"] == "wire"
