"""What is told of articles as they go into Kafka: the first span and log line of each, and their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import structlog

from schemas.article import Article
from schemas.hops import Headers
from schemas.topics import RAW
from wirewatch.metrics import Sample
from wirewatch.settings import Settings
from wirewatch.watching import tells_every_article

log = structlog.get_logger(__name__)

Stamp = Callable[[Article], Headers | None]
FATES = ("new", "changed", "unchanged", "failed")
"""What becomes of an article that a producer brings (`producers.pages.Delivered.counts`)."""


def produced_samples(producer: str, delivered: Mapping[str, int]) -> list[Sample]:
    """What became of a producer's articles, each fate from nought."""
    return [
        Sample(
            "wirewatch_produced_articles_total", delivered.get(fate, 0), {"producer": producer, "fate": fate}
        )
        for fate in FATES
    ]


@contextmanager
def stamping(settings: Settings) -> Iterator[Stamp | None]:
    """For `producers.writer.Writer`: what an article goes with; None where nobody asks for any of it.

    Raises `ConfigurationError` where traces are asked for and can't be made.
    """
    with ExitStack() as opened:
        tracing = None
        if settings.trace.endpoint is not None:
            from wirewatch.watching.tracing import tracing_to

            tracing = opened.enter_context(tracing_to(settings.trace))
        every = tells_every_article(settings)

        def stamp(article: Article) -> Headers | None:
            if every:
                topic = RAW.for_lane(article.lane)
                log.info(
                    "produced", article_id=article.id, source=article.source, url=article.url, topic=topic
                )
            return tracing.produced(article) if tracing is not None else None

        yield stamp if every or tracing is not None else None
