"""What has come out of the pipeline so far, as `wirewatch up` watches it arrive on Kafka."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer
from kafka.errors import KafkaError

from schemas.alert import Alert
from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.topics import ALERTS, DEAD_LETTERS, ENRICHED, Topic
from schemas.wire import WireError, decode
from sinks.reading import partitions_of

log = structlog.get_logger(__name__)

WATCHED: tuple[Topic, ...] = (ENRICHED, ALERTS, DEAD_LETTERS)
POLL_MS = 300
ARTICLES_KEPT = 2000


@dataclass
class Arrivals:
    """Articles, alerts and dead letters by id; what arrives twice stands once.

    Of articles only the latest `ARTICLES_KEPT` are kept, and of dead letters no payload: an `up` may run
    for months. `articles_seen` and `alerts_seen` count all.
    """

    articles: dict[str, Article] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    dead_letters: dict[str, DeadLetter] = field(default_factory=dict)
    articles_seen: int = 0

    @property
    def alerts_seen(self) -> int:
        """How many alerts have arrived."""
        return len(self.alerts)

    def add(self, topic: str, value: bytes) -> None:
        """Take in one record. One that can't be read is left: the sinks dead-letter it."""
        try:
            if topic == ENRICHED.name:
                self._add_article(decode(value, Article))
            elif topic == ALERTS.name:
                alert = decode(value, Alert)
                self.alerts[alert.id] = alert
            else:
                letter = decode(value, DeadLetter)
                self.dead_letters[letter.id] = msgspec.structs.replace(letter, payload=b"")
        except WireError as error:
            log.warning("unreadable_arrival", topic=topic, reason=error.reason)

    def _add_article(self, article: Article) -> None:
        if article.id not in self.articles:
            self.articles_seen += 1
        self.articles[article.id] = article
        if len(self.articles) > ARTICLES_KEPT:
            del self.articles[next(iter(self.articles))]

    def latest_articles(self, count: int) -> list[Article]:
        """The newest articles, newest first."""
        return list(islice(reversed(list(self.articles.values())), count))

    def latest_alerts(self, count: int) -> list[Alert]:
        """The newest alerts, newest first."""
        return list(islice(reversed(list(self.alerts.values())), count))

    def letters_of(self, article_id: str) -> list[DeadLetter]:
        """The dead letters that name an article."""
        return [letter for letter in list(self.dead_letters.values()) if letter.article_id == article_id]


class Watcher:
    """Reads what arrives from now on into `arrivals`, in a thread of its own, with no consumer group."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.arrivals = Arrivals()
        self._stop = threading.Event()
        self._consumer = KafkaConsumer(**{**options, "group_id": None})
        partitions = [one for topic in WATCHED for one in partitions_of(self._consumer, topic.name)]
        self._consumer.assign(partitions)
        self._consumer.seek_to_end(*partitions)
        for partition in partitions:
            self._consumer.position(partition)  # fixes the end before anything is produced
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                polled = self._consumer.poll(timeout_ms=POLL_MS)
            except KafkaError as error:
                log.warning("watching_failed", error=str(error))
                self._stop.wait(1.0)
                continue
            for partition, records in polled.items():
                for record in records:
                    self.arrivals.add(partition.topic, record.value or b"")
