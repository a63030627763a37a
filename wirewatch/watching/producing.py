"""What is told of an article as it goes into Kafka: the first span of its trace, the first log line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import structlog

from schemas.article import Article
from schemas.hops import Headers
from schemas.topics import RAW
from wirewatch.settings import Settings
from wirewatch.watching import tells_every_article

log = structlog.get_logger(__name__)

Stamp = Callable[[Article], Headers | None]


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
