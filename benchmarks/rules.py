"""What alert rules cost an article: 100, 1,000 and 10,000 of them, percolated a batch at a time.

    python benchmarks/rules.py [ARTICLES]

The rules are as desks write them: words in ten languages, entities, fields, watchlists; one in fifty
counts. Articles are variations of the samples, enriched by the whole understanding beforehand. Beside
percolation by itself stands the whole sink: sightings, counting, the ledger, one channel that takes all.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from elasticsearch import Elasticsearch
from variations import articles

from processors.stage import Passed
from producers.files import read_articles
from schemas.alert import Alert
from schemas.article import Article
from schemas.dead_letter import Origin
from sinks.alerts.rule import Rule
from sinks.alerts.sink import AlertSink, watched_document
from sinks.alerts.stored import percolate, store
from sinks.consumer import Delivery
from sinks.elasticsearch.indices import apply
from wirewatch.elastic import elasticsearch_client
from wirewatch.enrichment import Enrichment
from wirewatch.local import ConsoleProgress, LocalServices
from wirewatch.logs import configure_logs
from wirewatch.settings import load_settings

SIZES = (100, 1_000, 10_000)
BATCH = 50
WORDS = {
    "ar": ["عقوبات", "صواريخ", "انتخابات", "مفاوضات", "الحدود"],
    "de": ["Sanktionen", "Raketen", "Wahlen", "Verhandlungen", "Grenze"],
    "en": ["sanctions", "missiles", "elections", "talks", "border"],
    "es": ["sanciones", "misiles", "elecciones", "negociaciones", "frontera"],
    "fa": ["تحریم", "موشک", "انتخابات", "مذاکرات", "مرز"],
    "fr": ["sanctions", "missiles", "élections", "négociations", "frontière"],
    "ko": ["제재", "미사일", "선거", "협상", "국경"],
    "ru": ["санкции", "ракеты", "выборы", "переговоры", "граница"],
    "tr": ["yaptırım", "füze", "seçim", "müzakere", "sınır"],
    "zh": ["制裁", "导弹", "选举", "谈判", "边境"],
}


class Taken:
    """A channel that takes everything."""

    name = "taken"
    count = 0

    def send(self, alert: Alert) -> None:
        """Count it."""
        assert alert.id
        self.count += 1


def main(count: int) -> None:
    configure_logs("warning")
    with tempfile.TemporaryDirectory() as folder:
        enriched = understood(Path(folder), count)
        settings = load_settings(data_dir=Path(folder, "data"))
        with (
            LocalServices(settings, ConsoleProgress()) as local,
            elasticsearch_client(local.settings.elasticsearch) as client,
        ):
            print(f"{len(enriched)} articles in batches of {BATCH}; ms of wall time an article")
            print("  rules   stored in s   percolated   of it matches   whole sink   alerts")
            for size in SIZES:
                report(client, f"bench{size}", rules(size), enriched)


def understood(folder: Path, count: int) -> list[Article]:
    path = folder / "articles.jsonl"
    path.write_bytes(b"\n".join(articles(count)))
    enrich = Enrichment()
    outcomes = (enrich(item) for item in read_articles([path]) if isinstance(item, Article))
    return [outcome.article for outcome in outcomes if isinstance(outcome, Passed)]


def rules(count: int) -> list[Rule]:
    """As many rules of one mixture, always the same."""
    dice = random.Random(7)
    return [_rule(n, dice) for n in range(count)]


def _rule(n: int, dice: random.Random) -> Rule:
    language = dice.choice(sorted(WORDS))
    words = " ".join(dice.sample(WORDS[language], 2))
    match n % 5:
        case 0:
            asked = {"words": f"{words} -{dice.choice(WORDS[language])}{n}", "language": language}
        case 1:
            asked = {"words": f'"{words}" | {words} "{dice.choice(WORDS[language])} {n}"'}
        case 2:
            asked = {"entities": [f"Q{dice.randrange(100_000)}" for _ in range(5)]}
        case 3:
            asked = {
                "where": {"places": f"Place {dice.randrange(5000)}", "event_types": ["COERCE", "ASSAULT"]}
            }
        case _:
            asked = {"watchlists": [f"list-{dice.randrange(500)}"], "words": words}
    if n % 50 == 1:
        asked |= {"type": "frequency", "window": "6h", "count": 5, "query_key": ["language"]}
    return Rule(id=f"r{n}", watch="articles", **asked)


def report(client: Elasticsearch, prefix: str, stored: Sequence[Rule], enriched: Sequence[Article]) -> None:
    apply(client, prefix)
    began = time.monotonic()
    changes = store(client, prefix, stored)
    storing = time.monotonic() - began
    assert {change.what for change in changes} == {"created"}
    client.indices.forcemerge(index=f"{prefix}-rules", max_num_segments=1)
    alone, matches = percolated(client, prefix, enriched)
    taken = Taken()
    sink = AlertSink(client, prefix, [taken])
    began = time.monotonic()
    for some in batches(enriched):
        sink.write([Delivery(one, Origin(topic="bench"), b"") for one in some], time.sleep)
    whole = (time.monotonic() - began) / len(enriched)
    print(
        f"{len(stored):7,}   {storing:11.1f}   {alone * 1000:10.2f}   {matches / len(enriched):10.1f} each"
        f"   {whole * 1000:10.2f}   {taken.count:6,}"
    )


def percolated(client: Elasticsearch, prefix: str, enriched: Sequence[Article]) -> tuple[float, int]:
    """Seconds an article, the second time round, and how many matches there were."""
    found = seconds = 0.0
    for _ in range(2):
        began, found = time.monotonic(), 0
        for some in batches(enriched):
            documents = [document for one in some if (document := watched_document(one, "articles"))]
            found += len(percolate(client, prefix, "articles", documents, time.sleep)[0])
        seconds = (time.monotonic() - began) / len(enriched)
    return seconds, int(found)


def batches(enriched: Sequence[Article]) -> list[Sequence[Article]]:
    return [enriched[start : start + BATCH] for start in range(0, len(enriched), BATCH)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
