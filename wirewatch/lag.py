"""How far each consumer group is behind: committed offset against end offset, in the order of the flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from processors.agents import app_id
from processors.pipeline import PIPELINE
from schemas.article import Lane
from schemas.topics import TOPICS
from sinks.alerts.sink import GROUP as ALERTS_GROUP
from sinks.alerts.sink import TOPICS as ALERTS_TOPICS
from sinks.elasticsearch.sink import GROUP as ELASTICSEARCH_GROUP
from sinks.elasticsearch.sink import TOPICS as ELASTICSEARCH_TOPICS
from wirewatch.stalls import Place, Position, all_positions, partitions_of, positions

SINKS = ((ELASTICSEARCH_GROUP, ELASTICSEARCH_TOPICS), (ALERTS_GROUP, ALERTS_TOPICS))


@dataclass(frozen=True)
class Reader:
    """One consumer group and a topic it reads."""

    group: str
    topic: str


@dataclass(frozen=True)
class Lag:
    """How many records a reader has before it."""

    reader: Reader
    records: int


def readers(lane: Lane, prefix: str = "wirewatch") -> list[Reader]:
    """Every reader of a lane, in the order of the flow: nothing behind a reader waits for one after it."""
    groups = [Reader(app_id(group, prefix, lane), group.source.for_lane(lane)) for group in PIPELINE]
    sinks = [
        Reader(group, name)
        for group, read in SINKS
        for name in (topic.for_lane(lane) for topic in TOPICS)
        if name in read
    ]
    return groups + sinks


def lags(admin: KafkaAdminClient, wanted: Sequence[Reader]) -> list[Lag]:
    """Each reader's lag, measured in the order given.

    Because a group commits only after it has delivered, and each end offset is read after the commits of
    the groups before it, all zeros mean that what had been produced before the call is through.
    """
    return [
        Lag(reader, sum(position.waiting for position in found.values()))
        for reader, found in ((reader, places(admin, reader)) for reader in wanted)
    ]


def all_places(admin: KafkaAdminClient, wanted: Sequence[Reader]) -> dict[Place, Position]:
    """Where readers are, all at once and with few requests. Raises `kafka.errors.KafkaError`."""
    found = partitions_of(admin, {reader.topic for reader in wanted})
    partitions: dict[str, list[TopicPartition]] = {reader.group: [] for reader in wanted}
    for reader in wanted:
        partitions[reader.group] += [one for one in found if one.topic == reader.topic]
    return all_positions(admin, partitions)


def places(admin: KafkaAdminClient, reader: Reader) -> dict[TopicPartition, Position]:
    """Where a reader is in each partition of its topic. Raises `kafka.errors.KafkaError`."""
    return positions(admin, reader.group, partitions_of(admin, [reader.topic]))
