"""A bench for the sinks: topics, groups and indices of a test's own, and sinks run in threads."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from schemas.alert import Alert, Told
from schemas.article import Article, Record
from schemas.dead_letter import DeadLetter
from schemas.designation import Designation, SanctionMention
from schemas.wire import decode, encode
from sinks.alerts.told import TopicNotes
from sinks.alerts.topic import TopicChannel
from sinks.consumer import GROUP_OPTIONS, Sink, SinkConsumer
from sinks.dead_letters import kafka_set_aside
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.templates import Kind
from sinks.producer import Producer
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import Settings

RECORDS: dict[str, type[Record]] = {
    "enriched": Article,
    "decided": SanctionMention,
    "designations": Designation,
    "alerts": Alert,
    "told": Told,
    "dead": DeadLetter,
}
PARTITIONS = 3


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Fail the test if the condition has not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


class Bench:
    """One test's corner of the broker and the node."""

    def __init__(self, settings: Settings, opened: ExitStack) -> None:
        self.settings = settings
        self.run = uuid.uuid4().hex[:10]
        self.prefix = settings.elasticsearch.index_prefix
        self.client = opened.enter_context(elasticsearch_client(settings.elasticsearch))
        self.producer = KafkaProducer(**producer_options(settings.kafka))
        opened.callback(self.producer.close)
        self.admin = KafkaAdminClient(**admin_options(settings.kafka))
        opened.callback(self.admin.close)
        self.admin.create_topics(
            [NewTopic(self.topic(name), num_partitions=PARTITIONS, replication_factor=1) for name in RECORDS]
        )

    def topic(self, name: str) -> str:
        """The test's own topic for a kind of record."""
        return f"{name}-{self.run}"

    def topics(self, *names: str) -> dict[str, type[Record]]:
        """What a sink is told to read."""
        return {self.topic(name): RECORDS[name] for name in names}

    def channel(self, producer: Producer | None = None, **options: Any) -> TopicChannel:
        """The test's own alerts topic as a channel."""
        kafka = self.settings.kafka
        return TopicChannel(
            producer or self.producer,
            lambda: KafkaConsumer(**consumer_options(kafka)),
            self.topic("alerts"),
            **options,
        )

    def notes(self) -> TopicNotes:
        """The test's own topic of who has been told."""
        kafka = self.settings.kafka
        return TopicNotes(self.producer, lambda: KafkaConsumer(**consumer_options(kafka)), self.topic("told"))

    def produce(self, name: str, records: Sequence[tuple[str, Record | bytes]]) -> None:
        """Write keyed records, or bytes as they are, and wait for Kafka."""
        for key, record in records:
            value = record if isinstance(record, bytes) else encode(record)
            self.producer.send(self.topic(name), key=key.encode(), value=value)
        self.producer.flush()

    @contextmanager
    def running(
        self, sink: Sink, group: str = "sink", in_group: Mapping[str, int] = {}, **options: Any
    ) -> Iterator[threading.Event]:
        """The sink, consuming in a thread; stopped at the end, and the test fails if it fell."""
        stop, errors = threading.Event(), []
        consumer = KafkaConsumer(
            **(consumer_options(self.settings.kafka, f"{group}-{self.run}") | GROUP_OPTIONS | in_group)
        )
        loop = SinkConsumer(
            sink,
            consumer,
            options.pop("set_aside", kafka_set_aside(self.producer, self.topic("dead"))),
            stop,
            **({"batch_seconds": 0.2} | options),
        )

        def run() -> None:
            try:
                loop.run()
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(60)
        assert not thread.is_alive()
        if errors:
            raise errors[0]

    def behind(self, *names: str, group: str = "sink") -> int:
        """How many records the group has not committed."""
        committed = self.admin.list_group_offsets(f"{group}-{self.run}")[f"{group}-{self.run}"]
        behind = 0
        for name in names:
            for partition, end in self._ends(name).items():
                done = committed.get(partition)
                behind += end - (done.offset if done is not None else 0)
        return behind

    def read(self, name: str) -> list[Any]:
        """Every record of a topic, decoded."""
        ends = self._ends(name)
        consumer = KafkaConsumer(**consumer_options(self.settings.kafka))
        try:
            consumer.assign(list(ends))
            records: list[Any] = []
            while len(records) < sum(ends.values()):
                polled = consumer.poll(timeout_ms=200)
                records += [decode(one.value, RECORDS[name]) for some in polled.values() for one in some]
        finally:
            consumer.close()
        return records

    def documents(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """Every document of a kind, by id."""
        index = alias(self.prefix, kind)
        self.client.indices.refresh(index=index)
        answer = self.client.search(index=index, size=10_000, version=True)
        return {hit["_id"]: hit["_source"] | {"_version": hit["_version"]} for hit in answer["hits"]["hits"]}

    def _ends(self, name: str) -> dict[TopicPartition, int]:
        consumer = KafkaConsumer(**consumer_options(self.settings.kafka))
        try:
            ends: dict[TopicPartition, int] = consumer.end_offsets(
                [TopicPartition(self.topic(name), partition) for partition in range(PARTITIONS)]
            )
        finally:
            consumer.close()
        return ends


def hold(seconds: float) -> None:
    """A plain wait, for calls outside a consumer."""
    time.sleep(seconds)
