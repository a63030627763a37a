"""Seconds from `produce` to searchable, article by article, at a steady rate well below capacity.

    python benchmarks/latency.py [ARTICLES] [ARTICLES_A_SECOND]

An article counts as searchable when a search by its id finds it, with no refresh asked for: the index's
own refresh interval is part of what an editor waits for.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from variations import articles

from producers.files import read_articles
from producers.writer import Writer
from schemas.article import Article
from sinks.elasticsearch.indices import alias
from wirewatch.kafka import producer_options
from wirewatch.local import ConsoleProgress
from wirewatch.settings import load_settings
from wirewatch.up import Up

SEARCH_SECONDS = 0.05
PATIENCE_SECONDS = 60.0


def main(count: int, rate: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "articles.jsonl")
        inputs.write_bytes(b"\n".join(articles(count + 20)))
        items = [item for item in read_articles([inputs]) if isinstance(item, Article)]
        with Up(load_settings(data_dir=Path(folder, "data")), ConsoleProgress()) as up:
            with Writer(producer_options(up.settings.kafka)) as writer:
                for item in items[:20]:
                    writer.write(item)
            up.run(lambda _: None, until_idle=True)
            waits = measure(up, items[20:], rate)
    print(f"{len(waits)} articles at {rate:g} a second, seconds from produce to searchable:")
    cuts = statistics.quantiles(waits, n=100)
    print(f"p50 {statistics.median(waits):.2f}   p95 {cuts[94]:.2f}   worst {max(waits):.2f}")


def measure(up: Up, items: list[Article], rate: float) -> list[float]:
    produced: dict[str, float] = {}
    waits: list[float] = []

    def produce() -> None:
        with Writer(producer_options(up.settings.kafka)) as writer:
            for item in items:
                produced[item.id] = time.monotonic()
                writer.write(item)
                time.sleep(1 / rate)

    thread = threading.Thread(target=produce)
    thread.start()
    index = alias(up.settings.elasticsearch.index_prefix, "articles")
    deadline = time.monotonic() + len(items) / rate + PATIENCE_SECONDS
    while (thread.is_alive() or produced) and time.monotonic() < deadline:
        waiting = list(produced)
        answer = up.elasticsearch.search(
            index=index, query={"ids": {"values": waiting}}, size=len(waiting) or 1, source=False
        )
        waits += [time.monotonic() - produced.pop(hit["_id"]) for hit in answer["hits"]["hits"]]
        time.sleep(SEARCH_SECONDS)
    thread.join()
    if produced:
        print(f"{len(produced)} articles never became searchable")
    return waits


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 200,
        float(sys.argv[2]) if len(sys.argv) > 2 else 4.0,
    )
