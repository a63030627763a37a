"""Seconds from produce to searchable, article by article."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from producers.writer import Writer
from schemas.article import Article
from sinks.elasticsearch.indices import alias
from wirewatch.kafka import producer_options
from wirewatch.settings import Settings

SEARCH_SECONDS = 0.1
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Latency:
    """Of some articles, in seconds; `missing` were never found."""

    p50: float
    p95: float
    articles: int
    missing: int

    def __str__(self) -> str:
        missing = f", {self.missing} never searchable" if self.missing else ""
        return f"p50 {self.p50:.2f} s   p95 {self.p95:.2f} s   ({self.articles} articles{missing})"


def measured(settings: Settings, client: Elasticsearch, items: Sequence[Article], rate: float) -> Latency:
    """Write the articles, `rate` a second, and look for each until it is found, with no refresh asked for."""
    produced: dict[str, float] = {}
    waits: list[float] = []

    def produce() -> None:
        with Writer(producer_options(settings.kafka)) as writer:
            for item in items:
                produced[item.id] = time.monotonic()
                writer.write(item)
                time.sleep(1 / rate)

    thread = threading.Thread(target=produce)
    thread.start()
    index = alias(settings.elasticsearch.index_prefix, "articles")
    deadline = time.monotonic() + len(items) / rate + PATIENCE_SECONDS
    while (thread.is_alive() or produced) and time.monotonic() < deadline:
        waiting = list(produced)
        found = client.search(
            index=index, query={"ids": {"values": waiting}}, size=len(waiting) or 1, source=False
        )
        waits += [time.monotonic() - produced.pop(hit["_id"]) for hit in found["hits"]["hits"]]
        time.sleep(SEARCH_SECONDS)
    thread.join()
    if len(waits) < 2:
        raise AssertionError(f"{len(produced)} of {len(items)} articles never became searchable")
    cuts = statistics.quantiles(waits, n=20)
    return Latency(statistics.median(waits), cuts[18], len(waits), len(produced))
