"""`wirewatch up`: local services, workers and sinks as one, fed and watched.

What settings point elsewhere (a Kafka or Elasticsearch cluster) is used and not started. Children get the
endpoints through their environment and end with this process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog
from elasticsearch import Elasticsearch
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from producers.files import read_articles
from producers.push import Pushed, push
from producers.unreadable import Unreadable
from producers.writer import Writer
from schemas.article import Article
from sinks.alerts.sink import GROUP as ALERTS_GROUP
from sinks.elasticsearch.indices import alias, apply
from sinks.elasticsearch.sink import GROUP as ELASTICSEARCH_GROUP
from wirewatch.absence import Absence
from wirewatch.admission import ensure_admitted
from wirewatch.arrivals import Arrivals, Watcher
from wirewatch.children import Children
from wirewatch.desk.options import address
from wirewatch.elastic import elasticsearch_client, explaining
from wirewatch.feeds import follows_feeds
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.lag import lags, readers
from wirewatch.local import LocalServices, Progress
from wirewatch.local.process import free_port
from wirewatch.settings import PREFIX, Settings
from wirewatch.sinking import refuse_conflicts
from wirewatch.topics import apply_topics
from wirewatch.watching.producing import stamping

log = structlog.get_logger(__name__)

UNDERSTANDING = "understanding"
FLOW = ("intake", "stories", "threads", "designations")
WORKER = ("worker", "--instance", "up", "--end-with-parent")
CHILDREN = {
    "flow": (*WORKER, "--groups", ",".join(FLOW)),
    "understanding": (*WORKER, "--groups", UNDERSTANDING),
    "sink": ("sink", "--end-with-parent"),
}
GROUPS_OF = {
    "flow": [f"wirewatch-{name}" for name in FLOW],
    "understanding": [f"wirewatch-{UNDERSTANDING}"],
    "sink": [ELASTICSEARCH_GROUP, ALERTS_GROUP],
}
"""Which consumer groups a child is in while it is well."""
FEEDS = ("feeds", "run", "--end-with-parent")
DESK = ("desk", "--end-with-parent", "--port")
LAG_CHECK_SECONDS = 0.5
ABSENCE_CHECK_SECONDS = 5.0
IDLE_CHECKS = 2


@dataclass
class Fed:
    """What was read and pushed: each article's `label` by id, and the rest."""

    labels: dict[str, str] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    pushed: Pushed | None = None


@dataclass(frozen=True)
class Fate:
    """Where one article went. `through` is false only where it has not been seen to arrive anywhere."""

    label: str
    what: str
    through: bool = True


class Up:
    """A running pipeline: services, topics, indices and children. A context manager."""

    def __init__(self, settings: Settings, progress: Progress, config_file: Path | None = None) -> None:
        self._given = settings
        self._progress = progress
        self._config = ("--config", str(config_file)) if config_file else ()
        self._open = ExitStack()
        self._is_following = False
        self._absence = Absence()
        self._look_at = 0.0

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            if self._given.kafka.bootstrap_servers:
                ensure_admitted(self._given.kafka)
            self.services = opening.enter_context(LocalServices(self._given, self._progress))
            self.settings = self.services.settings
            self.elasticsearch = opening.enter_context(elasticsearch_client(self.settings.elasticsearch))
            self._admin = KafkaAdminClient(**admin_options(self.settings.kafka))
            opening.callback(self._admin.close)
            with self._progress.waiting("Creating topics and indices"):
                apply_topics(self._admin, self.settings.kafka)
                with explaining(self.settings.elasticsearch):
                    changes = apply(self.elasticsearch, self.settings.elasticsearch.index_prefix)
                refuse_conflicts(changes)
            self._watcher = Watcher(consumer_options(self.settings.kafka))
            opening.callback(self._watcher.stop)
            self.children = Children(child_environment(self.settings))
            opening.callback(self.children.stop)
            for name, arguments in CHILDREN.items():
                self._start(name, arguments)
            self.desk_address = self._start_desk()
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def arrivals(self) -> Arrivals:
        """What has arrived since the start."""
        return self._watcher.arrivals

    def feed(self, inputs: Sequence[Path]) -> Fed:
        """Push every article of some files, folders or JSON Lines, and wait for the acknowledgements."""
        fed = Fed()
        with (
            stamping(self.settings) as stamp,
            Writer(producer_options(self.settings.kafka), stamp=stamp) as writer,
        ):
            fed.pushed = push(_noted(read_articles(inputs), fed), writer)
        return fed

    def records_behind(self) -> int:
        """How many records are still on their way, over every group of the live lane."""
        return sum(lag.records for lag in lags(self._admin, readers("live")))

    def run(
        self, show: Callable[[int], None], *, until_idle: bool, stop: threading.Event | None = None
    ) -> None:
        """Keep everything alive and show what arrives, until `stop` or until everything is through.

        `show` gets the number of records on their way, which stands still while no broker tells.
        """
        stop = stop or threading.Event()
        quiet_checks = behind = 0
        while not stop.is_set() and not (until_idle and quiet_checks >= IDLE_CHECKS):
            self._follow_feeds()
            self._restart_fallen()
            self._end_absent()
            try:
                behind = self.records_behind()
                quiet_checks = quiet_checks + 1 if behind == 0 else 0
            except KafkaError as error:
                quiet_checks = 0
                log.warning("lag_unknown", error=str(error))
            show(behind)
            stop.wait(LAG_CHECK_SECONDS)

    def _start(self, name: str, arguments: Sequence[str]) -> None:
        log_file = self.settings.data_dir / "logs" / f"{name}.log"
        self.children.start(name, (*self._config, *arguments), log_file)

    def _start_desk(self) -> str:
        """Start the desk, at its own port where that is free. Its address."""
        desk = self.settings.desk
        port = free_port(desk.port)
        self._start("desk", (*DESK, str(port)))
        return address(desk.host, port)

    def _follow_feeds(self) -> None:
        """Run the feed producer from the moment there is a feed to follow."""
        if not self._is_following and follows_feeds(self.settings):
            self._is_following = True
            self._start("feeds", FEEDS)

    def _restart_fallen(self) -> None:
        for name in self.services.restart_fallen():
            log.warning("service_restarted", service=name)
        for name in self.children.restart_fallen():
            self._absence.forget(GROUPS_OF.get(name, ()))

    def _end_absent(self) -> None:
        """Kill what runs and has left its groups: it is stopped or frozen, and is started again."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + ABSENCE_CHECK_SECONDS
        try:
            described = self._admin.describe_groups([one for groups in GROUPS_OF.values() for one in groups])
        except KafkaError:
            self._absence.pause(now)
            return
        absent = self._absence.observe(now, {group: len(one["members"]) for group, one in described.items()})
        for name in (name for name, groups in GROUPS_OF.items() if set(groups) & set(absent)):
            log.error("child_absent", child=name, groups=absent)
            self.children.kill(name)

    def fates(self, fed: Fed) -> list[Fate]:
        """Where each article went, as Elasticsearch and the dead letters tell it."""
        index = alias(self.settings.elasticsearch.index_prefix, "articles")
        indexed = _indexed(self.elasticsearch, index, list(fed.labels))
        articles = [
            _fate(label, article_id, fed, indexed, self.arrivals) for article_id, label in fed.labels.items()
        ]
        unread = [Fate(item.place, f"dead-lettered: {item.reason}") for item in fed.unreadable]
        return articles + unread


def child_environment(settings: Settings) -> dict[str, str]:
    """What children need to know beyond this process's own environment and settings file."""
    return {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
        f"{PREFIX}ELASTICSEARCH__URL": settings.elasticsearch.url or "",
    }


def label(article: Article) -> str:
    """What to call an article to its reader: the id it came with, its address, or its first words."""
    words = " ".join(article.raw.content[:400].split())[:70] if article.raw.format == "text" else ""
    return article.external_id or article.url or words or article.id


def _noted(items: Iterable[Article | Unreadable], fed: Fed) -> Iterator[Article | Unreadable]:
    for item in items:
        if isinstance(item, Article):
            fed.labels[item.id] = label(item)
        else:
            fed.unreadable.append(item)
        yield item


def _indexed(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), 500):
        answer = client.mget(
            index=index, ids=ids[start : start + 500], source_includes=["relation", "cluster_id"]
        )
        found |= {document["_id"]: document["_source"] for document in answer["docs"] if document["found"]}
    return found


def _fate(
    label: str, article_id: str, fed: Fed, indexed: dict[str, dict[str, Any]], arrivals: Arrivals
) -> Fate:
    letters = arrivals.letters_of(article_id)
    if letters:
        verb = "dropped" if letters[0].kind == "dropped" else "dead-lettered"
        return Fate(label, f"{verb}: {letters[0].reason} ({letters[0].stage})")
    document = indexed.get(article_id)
    if document is None:
        return Fate(label, "not seen to arrive", through=False)
    if document["relation"] in ("copy", "related"):
        verb = "copy of" if document["relation"] == "copy" else "related to"
        cluster_id = document["cluster_id"]
        return Fate(label, f"indexed, {verb} {fed.labels.get(cluster_id, cluster_id)}")
    return Fate(label, "indexed")
