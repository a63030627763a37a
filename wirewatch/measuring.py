"""Reads how the pipeline is doing, from those who know: the broker, the cluster, the feeds' store.

No worker or sink is asked, so that one that hangs or is gone can't hide it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

import structlog
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from producers.feeds.store import STORE_FILE, Store
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS, topic_names
from schemas.wire import WireError, decode
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.templates import DOCUMENTS
from sinks.reading import partitions_of
from wirewatch.elastic import elasticsearch_client
from wirewatch.feeds import feeds_folder
from wirewatch.kafka import admin_options, consumer_options
from wirewatch.lag import lags
from wirewatch.metrics import Sample
from wirewatch.settings import Settings
from wirewatch.standing import all_readers

log = structlog.get_logger(__name__)

CONNECT_MS = 3_000
KINDS = ("dead", "dropped")
_CREATED = {"term": {"status": "created"}}
_HELD = {"exists": {"field": "held_because"}}
ALERT_FATES: dict[str, Any] = {
    "waiting": {"bool": {"filter": [_CREATED], "must_not": [_HELD]}},
    "held": {"bool": {"filter": [_CREATED, _HELD]}},
    "sent": {"term": {"status": "sent"}},
    "suppressed": {"term": {"status": "suppressed"}},
    "undelivered": {"exists": {"field": "undelivered"}},
}
"""Waiting for a channel; held through quiet hours; refused by a channel for good, whatever others did."""
LETTERS_SECONDS = 3.0
"""How long one reading follows the dead letters; the rest waits for the next."""

Reading = Callable[[], list[Sample]]


class Measuring:
    """Reads everything at once, one reading at a time. What can't be read is told as down, and read anew."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kafka: KafkaReadings | None = None
        self._lock = Lock()

    def samples(self) -> list[Sample]:
        """All samples there are now."""
        with self._lock:
            found = self._part("kafka", self._read_kafka)
            found += self._part("elasticsearch", lambda: list(cluster_samples(self._settings)))
            return found + self._part("feeds", lambda: list(feed_samples(self._settings)))

    def close(self) -> None:
        """Leave the broker."""
        if self._kafka is not None:
            with suppress(Exception):
                self._kafka.close()
            self._kafka = None

    def _read_kafka(self) -> list[Sample]:
        if self._kafka is None:
            self._kafka = KafkaReadings(self._settings)
        try:
            return self._kafka.samples()
        except Exception:
            self.close()
            raise

    def _part(self, name: str, read: Reading) -> list[Sample]:
        try:
            found = read()
        except Exception as error:
            log.warning("not_measured", part=name, error=f"{type(error).__name__}: {error}")
            return [Sample("wirewatch_up", 0, {"part": name})]
        return [Sample("wirewatch_up", 1, {"part": name}), *found]


class KafkaReadings:
    """What the broker knows: offsets, groups, dead letters. Raises `kafka.errors.KafkaError` throughout."""

    def __init__(self, settings: Settings) -> None:
        impatient = {"bootstrap_timeout_ms": CONNECT_MS}
        self._admin = KafkaAdminClient(**admin_options(settings.kafka) | impatient)
        self._letters = DeadLetterCounts(KafkaConsumer(**consumer_options(settings.kafka) | impatient))

    def samples(self) -> list[Sample]:
        """Lag, members, records and dead letters."""
        return [*self._lags(), *self._members(), *self._records(), *self._letters.samples()]

    def close(self) -> None:
        """Leave the broker."""
        self._letters.close()
        self._admin.close()

    def _lags(self) -> Iterator[Sample]:
        for lag in lags(self._admin, all_readers()):
            labels = {"group": lag.reader.group, "topic": lag.reader.topic}
            yield Sample("wirewatch_lag_records", lag.records, labels)

    def _members(self) -> Iterator[Sample]:
        groups = list(dict.fromkeys(reader.group for reader in all_readers()))
        for group, described in self._admin.describe_groups(groups).items():
            yield Sample("wirewatch_group_members", len(described["members"]), {"group": group})

    def _records(self) -> Iterator[Sample]:
        partitions = [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in self._admin.describe_topics(list(topic_names()))
            for partition in topic["partitions"]
        ]
        ends = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        written: Counter[str] = Counter()
        for partition, end in ends.items():
            written[partition.topic] += end.offset
        for topic, records in written.items():
            yield Sample("wirewatch_topic_records_total", records, {"topic": topic})


class DeadLetterCounts:
    """Counts the dead letters that come while it runs, from nought, as a counter should after a restart.

    Both kinds are told from the beginning: of a series that appears with its first letter, Prometheus would
    see no increase.
    """

    def __init__(self, consumer: KafkaConsumer) -> None:
        self._consumer = consumer
        self._counted: Counter[tuple[str, str, str]] = Counter()

    def samples(self) -> Iterator[Sample]:
        """The counts, after what has come since."""
        if not self._consumer.assignment():
            self._begin()
        self._follow()
        for kind in KINDS:
            count = sum(count for (own, *_), count in self._counted.items() if own == kind)
            yield Sample("wirewatch_set_aside_total", count, {"kind": kind})
        for (kind, reason, stage), count in sorted(self._counted.items()):
            labels = {"kind": kind, "reason": reason, "stage": stage}
            yield Sample("wirewatch_dead_letters_total", count, labels)

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _begin(self) -> None:
        self._consumer.assign(partitions_of(self._consumer, DEAD_LETTERS.name))
        for partition, end in self._consumer.end_offsets(list(self._consumer.assignment())).items():
            self._consumer.seek(partition, end)

    def _follow(self) -> None:
        deadline = time.monotonic() + LETTERS_SECONDS
        while self._is_behind() and time.monotonic() < deadline:
            for records in self._consumer.poll(timeout_ms=200).values():
                self._count([record.value or b"" for record in records])

    def _is_behind(self) -> bool:
        ends = self._consumer.end_offsets(list(self._consumer.assignment()))
        return any(self._consumer.position(partition) < end for partition, end in ends.items())

    def _count(self, values: Sequence[bytes]) -> None:
        for value in values:
            with suppress(WireError):
                letter = decode(value, DeadLetter)
                self._counted[letter.kind, letter.reason, letter.stage] += 1


def cluster_samples(settings: Settings) -> Iterator[Sample]:
    """What the indices hold. Raises `elasticsearch.ApiError` and `TransportError`."""
    prefix = settings.elasticsearch.index_prefix
    with elasticsearch_client(settings.elasticsearch) as client:
        for kind in DOCUMENTS:
            count = client.count(index=alias(prefix, kind))["count"]
            yield Sample("wirewatch_documents", count, {"index": kind})
        yield from _newest(client, alias(prefix, "articles"))
        yield from _alerts(client, alias(prefix, "alerts"))


def _newest(client: Elasticsearch, index: str) -> Iterator[Sample]:
    answer = client.search(index=index, size=0, aggs={"newest": {"max": {"field": "fetched_at"}}})
    newest_ms = answer["aggregations"]["newest"]["value"]
    if newest_ms is not None:
        yield Sample("wirewatch_newest_article_timestamp_seconds", newest_ms / 1000)


def _alerts(client: Elasticsearch, index: str) -> Iterator[Sample]:
    answer = client.search(index=index, size=0, aggs={"fates": {"filters": {"filters": ALERT_FATES}}})
    for fate, bucket in answer["aggregations"]["fates"]["buckets"].items():
        yield Sample("wirewatch_alerts", bucket["doc_count"], {"fate": fate})


def feed_samples(settings: Settings) -> Iterator[Sample]:
    """How the feeds are, where any are followed from this data folder. Raises `sqlite3.Error`."""
    folder = feeds_folder(settings)
    if not (folder / STORE_FILE).exists():
        return
    with Store(folder) as store:
        for status, count in sorted(Counter(feed.status for feed in store.feeds()).items()):
            yield Sample("wirewatch_feeds", count, {"status": status})
        yield Sample("wirewatch_feed_items_waiting", store.waiting_count())
