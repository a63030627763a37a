"""Reads topics up to what is their end now, without a consumer group."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

SILENCE_SECONDS = 30.0
POLL_RECORDS = 50


def partitions_of(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    """All partitions of a topic; none where there is no such topic. Raises `kafka.errors.KafkaError`."""
    return [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]


def assign_since(consumer: KafkaConsumer, topic: str, since_seconds: float) -> dict[TopicPartition, int]:
    """Give the consumer what a topic holds since a time (seconds since the epoch); the ends of it, for now.

    A record's time is its producer's. Raises `kafka.errors.KafkaError`.
    """
    partitions = partitions_of(consumer, topic)
    since_ms = int(since_seconds * 1000)
    found = consumer.offsets_for_times(dict.fromkeys(partitions, since_ms)) if partitions else {}
    starts = {partition: start.offset for partition, start in found.items() if start is not None}
    consumer.assign(list(starts))
    for partition, offset in starts.items():
        consumer.seek(partition, offset)
    ends: dict[TopicPartition, int] = consumer.end_offsets(list(starts))
    return ends


def records_until(consumer: KafkaConsumer, ends: Mapping[TopicPartition, int]) -> Iterator[Any]:
    """The records before `ends`, from where the consumer is in each partition assigned to it.

    Raises `kafka.errors.KafkaError`; of a broker that says nothing any more `KafkaTimeoutError`.
    """
    heard = time.monotonic()
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for records in consumer.poll(timeout_ms=500, max_records=POLL_RECORDS).values():
            heard = time.monotonic()
            yield from records
        if time.monotonic() - heard > SILENCE_SECONDS:
            raise KafkaTimeoutError(f"Kafka has been silent for {SILENCE_SECONDS:.0f} s")
