"""Milliseconds an editor's question takes over the desk's API, beside a bare client on the same index.

    python benchmarks/search.py [ARTICLES] [ROUNDS]

Both ask the same two searches (cards with facets and highlights; who else tells the stories), turn by turn
in one run: the bare client sends bodies made beforehand and drops the answers, the desk parses the question,
looks names up, makes cards and sends them as JSON over HTTP. The articles are the samples, understood once
and then told again by other outlets on other days.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
from elasticsearch import Elasticsearch

from processors.names.meant import entities_meant
from processors.stage import Passed
from producers.files import read_articles
from schemas.article import Article, Story
from sinks.elasticsearch.actions import action_for
from sinks.elasticsearch.bulk import write
from sinks.elasticsearch.indices import alias, apply
from sinks.elasticsearch.query import Question, Reading, ask
from sinks.elasticsearch.query.cards import cards_body, stories_of, told_by_body
from wirewatch.elastic import elasticsearch_client
from wirewatch.enrichment import Enrichment
from wirewatch.local import ConsoleProgress, LocalServices
from wirewatch.local.process import free_port
from wirewatch.samples import SAMPLES_DIR
from wirewatch.settings import Settings, load_settings
from wirewatch.up import child_environment

QUESTIONS = (
    "", "sanctions", "sanctions Iran", "عقوبات", "санкции OR завод", "制裁", '"on Thursday" -football',
    "place:Iran act:imposed", "European Union", "sanc* since:30d", "issuer:(European Union OR Japan)",
    "제재 북한",
)  # fmt: skip
SIZE = 20
DAYS = 90
BATCH = 500
WARMING_ROUNDS = 5


def main(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder))
        with LocalServices(settings, ConsoleProgress()) as services:
            settings = services.settings
            with elasticsearch_client(settings.elasticsearch) as client:
                fill(client, settings, count)
                with desk(settings) as address, httpx.Client(base_url=address, timeout=60) as http:
                    compare(client, settings.elasticsearch.index_prefix, http, rounds)


def told_again(count: int) -> Iterator[Article]:
    """The samples, understood, each many times: every fifth a copy of the one before."""
    enrich, rng, now = Enrichment(), random.Random(1), datetime.now(UTC)
    read = [item for item in read_articles([SAMPLES_DIR]) if isinstance(item, Article)]
    outcomes = [enrich(item) for item in read]
    known = [outcome.article for outcome in outcomes if isinstance(outcome, Passed)]
    story = ""
    for number in range(count):
        article = rng.choice(known)
        story = story if number % 5 == 4 else f"story-{number}"
        moment = now - timedelta(days=rng.random() * DAYS)
        assert article.clean is not None
        text = f"{article.clean.text}\n{number} {rng.randrange(10**6)}"
        yield msgspec.structs.replace(
            article,
            id=f"bench-{number}",
            source=f"outlet{rng.randrange(200)}.example",
            fetched_at=moment.isoformat(timespec="milliseconds"),
            clean=msgspec.structs.replace(article.clean, text=text),
            story=Story(cluster_id=story, relation="copy" if number % 5 == 4 else "first", thread_id=story),
        )


def fill(client: Elasticsearch, settings: Settings, count: int) -> None:
    prefix = settings.elasticsearch.index_prefix
    apply(client, prefix)
    some = []
    for article in told_again(count):
        some.append(action_for(article, prefix))
        if len(some) == BATCH:
            write(client, [action for action in some if action], time.sleep)
            some.clear()
    write(client, [action for action in some if action], time.sleep)
    client.indices.refresh(index=alias(prefix, "articles"))
    patient = client.options(request_timeout=600)
    patient.indices.forcemerge(index=alias(prefix, "articles"), max_num_segments=5)


@contextmanager
def desk(settings: Settings) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "wirewatch", "desk", "--port", str(port)]
    environment = {
        **os.environ,
        **child_environment(settings),
        "WIREWATCH_DESK__REQUESTS_PER_MINUTE": "1000000",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def compare(client: Elasticsearch, prefix: str, http: httpx.Client, rounds: int) -> None:
    index = alias(prefix, "articles")
    reading = Reading(meant=entities_meant)
    bodies = {}
    for q in QUESTIONS:
        asked = ask(Question(q=q), reading)
        bodies[q] = cards_body(asked, "story", "best" if asked.is_ranked else "newest", SIZE, 0, facets=True)

    def bare(q: str) -> None:
        answer = client.search(index=index, body=bodies[q])
        client.search(index=index, body=told_by_body("story", stories_of(answer.body, "story")))

    def over_http(q: str) -> None:
        http.get("/api/articles", params={"q": q, "size": SIZE}).raise_for_status()

    took: dict[str, dict[str, list[float]]] = {"bare client": {}, "desk": {}}
    for number in range(WARMING_ROUNDS + rounds):
        for q in QUESTIONS:
            turns = [("bare client", bare), ("desk", over_http)]
            for name, call in turns if number % 2 else reversed(turns):
                milliseconds = timed(call, q)
                if number >= WARMING_ROUNDS:
                    took[name].setdefault(q, []).append(milliseconds)
    tell(took, client.count(index=index)["count"])


def timed(call: Callable[[str], None], q: str) -> float:
    begin = time.perf_counter()
    call(q)
    return (time.perf_counter() - begin) * 1000


def tell(took: dict[str, dict[str, list[float]]], count: int) -> None:
    print(f"{count} articles; milliseconds: bare client p50, p95 | desk p50, p95")
    for q in QUESTIONS:
        print(f"{figures(took['bare client'][q])} | {figures(took['desk'][q])}  {q or '(all)'}")
    bare, ours = ([one for some in took[name].values() for one in some] for name in ("bare client", "desk"))
    print(f"{figures(bare)} | {figures(ours)}  together")
    p50 = statistics.median(ours) / statistics.median(bare)
    print(f"desk / bare client: p50 {p50:.2f}, p95 {p95(ours) / p95(bare):.2f}")


def figures(milliseconds: list[float]) -> str:
    return f"{statistics.median(milliseconds):7.1f} {p95(milliseconds):7.1f}"


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[94]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, int(sys.argv[2]) if len(sys.argv) > 2 else 30)
