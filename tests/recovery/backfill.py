"""An archive loaded beside live news: does live news get slower, does it resume after a kill, whom does it alert?

    python -m tests.recovery.backfill [--articles 50000] [--live 200] [--rate 4] [--model builtin]

Starts services and everything of the live lane as `wirewatch up` does; measures live news alone; starts the
backfill's worker and producer, kills both by SIGKILL and starts them again; measures live news beside them;
waits until all is in the index. Ends with 1 unless every article is there once, nobody was alerted by the
archive, and live news' p95 has risen by at most half.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch
from kafka.admin import KafkaAdminClient

from producers.files import read_articles
from schemas.article import Article
from schemas.topics import ENRICHED
from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.sink import GROUP as ELASTICSEARCH_GROUP
from sinks.elasticsearch.templates import Kind
from tests.recovery.latency import Latency, measured
from tests.recovery.part import Part, wait_for
from tests.recovery.stream import articles
from wirewatch.kafka import admin_options
from wirewatch.lag import Reader, lags, places, readers
from wirewatch.local import ConsoleProgress, Progress
from wirewatch.logs import configure_logs
from wirewatch.settings import Settings, load_settings
from wirewatch.up import Up

GROUPS = "intake,stories,understanding,threads"
WORKER = ("worker", "--lane", "backfill", "--groups", GROUPS, "--instance", "backfill-1")
RISE_MAX = 1.5
WARM_ARTICLES = 20
SETTLED_SECONDS = 3.0
STEADY_SHARE = 0.02
"""How much of the archive must be past its workers before its processes are killed."""
LOOK_SECONDS = 0.01
"""A small archive is through in a second; the index tells of it later than that."""


@dataclass(frozen=True)
class Report:
    """What became of one backfill."""

    articles: int
    indexed: int
    alerts_of_archive: int
    alerts_of_live: int
    alone: Latency
    beside: Latency
    meanwhile: int
    killed_at: int
    resumed_seconds: float
    seconds: float

    @property
    def rise(self) -> float:
        """Live news' p95 beside the backfill, over that alone."""
        return self.beside.p95 / self.alone.p95

    @property
    def nothing_lost(self) -> bool:
        """Whether every article, archived or live, is in the index, and nobody was alerted on old news."""
        missing = self.alone.missing + self.beside.missing + self.articles - self.indexed
        return missing == 0 and self.alerts_of_archive == 0

    def __str__(self) -> str:
        return "\n".join(
            (
                f"live news alone:               {self.alone}",
                f"live news beside the backfill: {self.beside}",
                f"p95 {self.rise:.2f} times as long, at most {RISE_MAX}; {self.meanwhile} articles of the archive meanwhile",
                (
                    f"archive: {self.indexed} of {self.articles} indexed in {self.seconds:.0f} s "
                    f"({self.articles / self.seconds:.1f} a second), killed at {self.killed_at}, going on {self.resumed_seconds:.0f} s after its restart"
                ),
                f"alerts: {self.alerts_of_live} of live news, {self.alerts_of_archive} of the archive",
            )
        )


class Scene:
    """The services and the live lane, running, and what their indices tell."""

    def __init__(self, settings: Settings, client: Elasticsearch) -> None:
        self.settings = settings
        self._client = client
        self._prefix = settings.elasticsearch.index_prefix
        self.run = uuid.uuid4().hex[:6]
        self.archive, self.live = f"archive{self.run}", f"live{self.run}"
        store(client, self._prefix, load_rules(rule_files()))

    def measured(self, name: str, count: int, rate: float) -> Latency:
        """Latency of live news, at a steady rate."""
        return measured(self.settings, self._client, self._items(f"{self.live}{name}", count), rate)

    def indexed(self) -> int:
        """How many articles of the archive are in the index."""
        return self._count("articles", {"term": {"source": f"{self.archive}.example"}})

    @contextmanager
    def passing(self) -> Iterator[Callable[[], int]]:
        """How many records have come out of the backfill's workers, since this was entered."""
        reader = Reader(ELASTICSEARCH_GROUP, ENRICHED.for_lane("backfill"))
        with closing(KafkaAdminClient(**admin_options(self.settings.kafka))) as admin:

            def ends() -> int:
                return sum(position.end for position in places(admin, reader).values())

            before = ends()
            yield lambda: ends() - before

    def settled(self) -> int:
        """How many are in the index once what was past the workers has arrived."""
        count, before = self.indexed(), -1
        while count != before:
            time.sleep(SETTLED_SECONDS)
            count, before = self.indexed(), count
        return count

    def decided(self, patience_seconds: float) -> None:
        """Wait until every mention is decided and every alert raised: they come after their articles."""
        with closing(KafkaAdminClient(**admin_options(self.settings.kafka))) as admin:
            wait_for(
                lambda: sum(lag.records for lag in lags(admin, readers("live"))) == 0,
                "all is decided",
                patience_seconds,
            )
        self.settled()

    def alerts(self, source: str) -> int:
        """How many alerts there are on articles of a source, or of several that begin alike."""
        return self._count("alerts", {"prefix": {"source": source}})

    def archive_file(self, count: int) -> Path:
        """The archive as JSON Lines."""
        path = self.settings.data_dir / f"{self.archive}.jsonl"
        with path.open("wb") as lines:
            lines.writelines(line + b"\n" for line in articles(count, self.archive))
        return path

    def _items(self, name: str, count: int) -> list[Article]:
        path = self.settings.data_dir / f"{name}.jsonl"
        path.write_bytes(b"\n".join(articles(count, name)))
        return [item for item in read_articles([path]) if isinstance(item, Article)]

    def _count(self, kind: Kind, query: dict[str, object]) -> int:
        index = alias(self._prefix, kind)
        self._client.indices.refresh(index=index)
        return int(self._client.count(index=index, query=query)["count"])


def run(scene: Scene, count: int, live: int, rate: float) -> Report:
    """One backfill of `count` articles beside live news."""
    scene.measured("warm", WARM_ARTICLES, rate)
    alone = scene.measured("alone", live, rate)
    archive = scene.archive_file(count)
    began = time.monotonic()
    producer = Part(scene.settings, ("produce", "--lane", "backfill", str(archive)))
    with Part(scene.settings, WORKER) as worker, producer, scene.passing() as passed:
        patience = 120 + count
        wait_for(lambda: passed() > STEADY_SHARE * count, "the backfill has begun", patience, LOOK_SECONDS)
        for part in (producer, worker):
            if not part.has_ended():
                part.kill()
        killed_at = scene.settled()
        assert killed_at < count, "all of the archive was through before its processes were killed"
        restarted = time.monotonic()
        worker.start()
        producer.start()
        wait_for(lambda: scene.indexed() > killed_at, "the backfill goes on", patience)
        resumed = time.monotonic() - restarted
        before = scene.indexed()
        beside = scene.measured("beside", live, rate)
        meanwhile = scene.indexed() - before
        wait_for(lambda: scene.indexed() >= count, "all of the archive is in the index", patience)
        scene.decided(patience)
    return Report(
        articles=count,
        indexed=scene.indexed(),
        alerts_of_archive=scene.alerts(scene.archive),
        alerts_of_live=scene.alerts(scene.live),
        alone=alone,
        beside=beside,
        meanwhile=meanwhile,
        killed_at=killed_at,
        resumed_seconds=resumed,
        seconds=time.monotonic() - began,
    )


@contextmanager
def scene(settings: Settings, progress: Progress) -> Iterator[Scene]:
    """The live lane as `up` runs it, on services of the settings' or its own."""
    with Up(settings, progress) as up:
        yield Scene(up.settings, up.elasticsearch)


def main() -> int:
    """The long run. The exit code."""
    configure_logs("warning", "json")
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--articles", type=int, default=50_000)
    asked.add_argument("--live", type=int, default=200)
    asked.add_argument("--rate", type=float, default=4.0, help="live articles a second")
    asked.add_argument("--model", default="builtin")
    given = asked.parse_args()
    os.environ["WIREWATCH_NAMES__MODEL"] = given.model
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder))
        with scene(settings, ConsoleProgress()) as running:
            report = run(running, given.articles, given.live, given.rate)
    print(report)  # noqa: T201
    return 0 if report.nothing_lost and report.rise <= RISE_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
