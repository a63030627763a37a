"""Seconds from `produce` to searchable and to an alert delivered, at shares of what this machine can do.

    python benchmarks/latency.py [SECONDS] [--model builtin|gazetteer] [--shares 0.2 0.5 0.8 1.0]

First a burst tells the capacity, articles a second; then, for SECONDS (60) at each share of it, articles are
produced at random moments (exponential gaps), three in ten of them copies, one in four telling of sanctions.
Time counts from the moment an article was due, so that a producer held up shows. An article is searchable
when a search by its id finds it with no refresh asked for: the index's own interval is part of what an
editor waits for. Alerts are of a rule that takes every telling of sanctions, through the deciding group: to
a webhook on this machine, and to the desk's stream as a browser reads it.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import msgspec
import numpy as np
from running import WARM_ARTICLES, WARM_SEED, arguments, pipeline, records, set_for_children, through
from variations import articles

from producers.writer import Writer
from schemas.article import Article
from sinks.elasticsearch.indices import alias
from wirewatch.kafka import producer_options
from wirewatch.up import Up

SEARCH_SECONDS = 0.05
PATIENCE_SECONDS = 120.0
BURST_ARTICLES = 300
TELL_SANCTIONS = 0.25
SHARES = (0.2, 0.5, 0.8, 1.0)
RULE = """\
id: every-telling
description: Every telling of sanctions, for the benchmark.
type: any
watch: sanctions
query: {exists: {field: act}}
key: id
severity: info
title: "$title"
"""


class Told(msgspec.Struct):
    """An alert, as far as it tells which article it is about."""

    article_id: str


@dataclass
class Waits:
    """When each article was due, and how long after it was seen where."""

    due: dict[str, float] = field(default_factory=dict)
    searchable: dict[str, float] = field(default_factory=dict)
    webhook: dict[str, float] = field(default_factory=dict)
    stream: dict[str, float] = field(default_factory=dict)

    def seen(self, where: dict[str, float], article_id: str) -> None:
        """Note the first sight of an article that was produced in this round."""
        if article_id in self.due and article_id not in where:
            where[article_id] = time.monotonic() - self.due[article_id]


class Rounds:
    """The waits of the round that is under way."""

    now = Waits()


def main() -> None:
    parser = arguments(__doc__, 60)
    parser.add_argument("--shares", nargs="*", type=float, default=list(SHARES), help="of capacity, 0–1")
    parser.add_argument("--burst", type=int, default=BURST_ARTICLES, help="articles that tell the capacity")
    given = parser.parse_args()
    rounds = Rounds()
    with tempfile.TemporaryDirectory() as folder, webhook(rounds) as url:
        Path(folder, "every-telling.yaml").write_text(RULE, encoding="utf-8")
        set_for_children(alerts__rules_dir=folder, alerts__webhook_url=url)
        with pipeline(given.model, records(articles(WARM_ARTICLES, seed=WARM_SEED))) as up:
            burst = records(articles(given.burst, seed=2, copies=0.3, sanctions=TELL_SANCTIONS))
            capacity = len(burst) / through(up, burst)
            print(
                f"capacity {capacity:.1f} articles a second, names.model {given.model}; seconds to",
                flush=True,
            )
            print("share   searchable p50   p95   p99   webhook p50   p95   p99   stream p50   p95   p99")
            follow(up, rounds)
            for number, share in enumerate(given.shares):
                count = max(10, int(given.articles * capacity * share))
                items = records(articles(count, seed=10 + number, copies=0.3, sanctions=TELL_SANCTIONS))
                rounds.now = Waits()
                measure(up, items, capacity * share, rounds.now)
                print(row(share, rounds.now), flush=True)


def row(share: float, waits: Waits) -> str:
    parts = [f"{share:5.0%}"]
    for width, seen in ((17, waits.searchable), (14, waits.webhook), (13, waits.stream)):
        found = list(seen.values())
        p50, p95, p99 = np.percentile(found, (50, 95, 99)) if found else (np.nan,) * 3
        parts.append(f"{p50:{width}.2f} {p95:5.2f} {p99:5.2f}")
    missing = len(waits.due) - len(waits.searchable)
    return "".join(parts) + (f"   {missing} never searchable" if missing else "")


def measure(up: Up, items: Sequence[Article], rate: float, waits: Waits) -> None:
    """Produce at random moments, `rate` a second, and search for what is not found yet."""
    thread = threading.Thread(target=produce, args=(up, items, rate, waits))
    thread.start()
    index = alias(up.settings.elasticsearch.index_prefix, "articles")
    deadline = time.monotonic() + len(items) / rate + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        waiting = [item for item in list(waits.due) if item not in waits.searchable]
        if not waiting and not thread.is_alive():
            break
        if waiting:
            query = {"ids": {"values": waiting}}
            answer = up.elasticsearch.search(index=index, query=query, size=len(waiting), source=False)
            for hit in answer["hits"]["hits"]:
                waits.seen(waits.searchable, hit["_id"])
        time.sleep(SEARCH_SECONDS)
    thread.join()
    while up.records_behind():
        time.sleep(SEARCH_SECONDS)
    time.sleep(2)  # for the last alert to reach the stream


def produce(up: Up, items: Sequence[Article], rate: float, waits: Waits) -> None:
    rng = random.Random(3)
    due = time.monotonic()
    with Writer(producer_options(up.settings.kafka)) as writer:
        for item in items:
            due += rng.expovariate(rate)
            time.sleep(max(0.0, due - time.monotonic()))
            waits.due[item.id] = due
            writer.write(item)


@contextmanager
def webhook(rounds: Rounds) -> Iterator[str]:
    """The address of a webhook that notes what it is told."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            rounds.now.seen(rounds.now.webhook, msgspec.json.decode(body, type=Told).article_id)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alerts"
    finally:
        server.shutdown()
        server.server_close()


def follow(up: Up, rounds: Rounds) -> None:
    """Read the desk's stream in a thread of its own, as a page does, until the desk ends."""

    def read() -> None:
        kind = ""
        try:
            with httpx.stream("GET", f"{up.desk_address}api/stream", timeout=None, trust_env=False) as answer:
                answer.raise_for_status()
                for line in answer.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        kind = value
                    elif name == "data" and kind == "alert":
                        told = msgspec.json.decode(value, type=Told)
                        rounds.now.seen(rounds.now.stream, told.article_id)
        except httpx.HTTPError:
            return

    threading.Thread(target=read, daemon=True).start()


if __name__ == "__main__":
    main()
