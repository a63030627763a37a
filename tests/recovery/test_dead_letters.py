"""Dead letters go back after a fix, and each article is in the index once, however often they are sent.

A stage with a fault, in both lanes, and a sink that refuses; then the fault is mended, a replay is killed in
its middle, run again, and run once more. A letter that was cut is refused.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch

from producers.writer import Writer
from schemas.article import Article, Lane, Raw
from schemas.dead_letter import DeadLetter
from schemas.topics import ALERTS, ENRICHED
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES
from sinks.elasticsearch.indices import alias
from tests.recovery.broken import BREAKS, REFUSED
from tests.recovery.part import ROOT, WIREWATCH, Part, environment, wait_for
from wirewatch.dead_letters import read_dead_letters, topic_values
from wirewatch.kafka import consumer_options, producer_options
from wirewatch.settings import Settings

BROKEN = ("-m", "tests.recovery.broken")
BACKFILL = (
    "worker",
    "--lane",
    "backfill",
    "--groups",
    "intake,stories,understanding,threads",
    "--instance",
    "b",
)
COMMANDS = (("worker", "--instance", "l"), BACKFILL, ("sink",))  # fmt: skip
FIRMS = ("Kestrel Freight", "Ormond Tankers", "Sable Shipping")
ISSUERS: dict[Lane, str] = {"live": "Switzerland", "backfill": "New Zealand"}
"""Each lane has an issuer that no other test of the session has: what was told before would be no news."""
KILLED_AFTER = 7


def _article(number: int, source: str, mark: str, lane: Lane) -> Article:
    firm = FIRMS[number % 3] if number % 4 == 0 else ""
    told = f"{ISSUERS[lane]} imposed sanctions on {firm} on Tuesday, the government said. " if firm else ""
    page = (
        f"Berth {number} of {source}\n\n{told}The harbour office said on Monday that berth {number} would take "
        f"{number + 3} ferries a week from spring, and {uuid.uuid4().hex} more lorries.\n\n{mark}"
    )
    return Article(
        id=f"{source}-{number}",
        source=source,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        raw=Raw(content=page),
        lane=lane,
    )


class Newsroom:
    """One run's articles, and what became of them."""

    def __init__(self, settings: Settings, client: Elasticsearch) -> None:
        self.settings = settings
        self._client = client
        self.source = f"quay{uuid.uuid4().hex[:8]}.example"
        self.broken = [_article(n, self.source, BREAKS, "live") for n in range(20)]
        self.archive = [_article(n, self.source, BREAKS, "backfill") for n in range(20, 30)]
        self.refused = [_article(n, self.source, REFUSED, "live") for n in range(30, 35)]
        self.whole = [_article(n, self.source, "", "live") for n in range(35, 38)]
        cut = _article(38, self.source, BREAKS + "x" * DEAD_LETTER_PAYLOAD_BYTES, "live")
        self.articles = [*self.broken, *self.archive, *self.refused, *self.whole]
        with Writer(producer_options(settings.kafka)) as writer:
            for article in (*self.articles, cut):
                writer.write(article)

    def letters(self) -> list[DeadLetter]:
        """The dead letters of this run."""
        return [
            letter
            for letter in read_dead_letters(consumer_options(self.settings.kafka))
            if self.source.encode() in letter.payload
        ]

    def documents(self) -> Counter[str]:
        """How often each article of this run is in the index."""
        index = alias(self.settings.elasticsearch.index_prefix, "articles")
        self._client.indices.refresh(index=index)
        found = self._client.search(index=index, query={"term": {"source": self.source}}, size=500)
        return Counter(hit["_source"]["id"] for hit in found["hits"]["hits"])

    def alerts(self) -> list[dict[str, Any]]:
        """All alerts of this run that were sent, each time that they were."""
        values = topic_values(consumer_options(self.settings.kafka), ALERTS.name)
        told = [json.loads(value) for value in values]
        return [alert for alert in told if alert["source"] == self.source]

    def replay(self, *chosen: str, dies_after: int = 0) -> subprocess.CompletedProcess[str]:
        """`wirewatch dlq replay …`."""
        return subprocess.run(
            [sys.executable, *(BROKEN if dies_after else WIREWATCH), "dlq", "replay", *chosen],
            cwd=ROOT,
            env=environment(self.settings) | {"DIES_AFTER": str(dies_after)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def test_after_a_fix_every_letter_is_replayed_and_indexed_once(
    ready: Settings, client: Elasticsearch
) -> None:
    with ExitStack() as running:
        parts = [running.enter_context(Part(ready, command, BROKEN)) for command in COMMANDS]
        newsroom = Newsroom(ready, client)
        failed = len(newsroom.broken) + len(newsroom.archive) + 1
        set_aside = failed + len(newsroom.refused)
        try:
            wait_for(lambda: len(newsroom.letters()) == set_aside, "all are set aside", 120)
        except AssertionError as error:
            told = Counter((one.reason, one.origin.topic) for one in newsroom.letters())
            raise AssertionError(f"{error}: {told}") from None
        wait_for(lambda: len(newsroom.documents()) == len(newsroom.whole), "the rest is in the index", 120)
        letters = newsroom.letters()
        assert Counter(letter.reason for letter in letters) == {
            "stage_failed": failed,
            "rejected_by_elasticsearch": len(newsroom.refused),
        }
        assert {letter.origin.topic for letter in letters} == {
            "articles.raw",
            "backfill.articles.raw",
            ENRICHED.name,
        }
        for part in parts:
            part.kill()
            part.program = WIREWATCH
            part.start()

        ids = [letter.id for letter in letters]
        killed = newsroom.replay(*ids, dies_after=KILLED_AFTER)
        assert killed.returncode == -signal.SIGKILL
        [cut] = [letter.id for letter in letters if letter.truncated]
        for _ in range(2):
            done = newsroom.replay(*ids)
            assert done.returncode == 1, "a letter that stays is a failure"
            assert f"{cut}: stays: only {DEAD_LETTER_PAYLOAD_BYTES} of its" in done.stderr
            assert "wirewatch produce" in done.stderr
            assert done.stderr.count("stays") == 1
        wait_for(lambda: len(newsroom.documents()) == len(newsroom.articles), "all are in the index", 180)
        wait_for(lambda: len(newsroom.letters()) == len(letters), "no letter has come anew", 10)
        assert set(newsroom.documents().values()) == {1}
        assert set(newsroom.documents()) == {article.id for article in newsroom.articles}
        wait_for(lambda: bool(newsroom.alerts()), "there were sanctions to tell of", 60)
        alerted = newsroom.alerts()
        assert max(Counter(alert["id"] for alert in alerted).values()) == 1
        assert not {alert["article_id"] for alert in alerted} & {one.id for one in newsroom.archive}
