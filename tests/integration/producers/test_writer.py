"""The writer against a real broker."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from producers.push import push
from producers.unreadable import Unreadable
from producers.writer import Writer, WriterError
from schemas.article import Article, Raw
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS, RAW
from schemas.wire import RECORD_BYTES_MAX, decode, encode
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.local import LocalServices
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics


@pytest.fixture(scope="module")
def cluster(kafka: str) -> KafkaSettings:
    """The session's broker, with every topic."""
    settings = KafkaSettings(bootstrap_servers=kafka)
    admin = KafkaAdminClient(**admin_options(settings))
    apply_topics(admin, settings)
    admin.close()
    return settings


@pytest.fixture
def new_records(cluster: KafkaSettings) -> Iterator[Callable[[str], dict[bytes, list[bytes]]]]:
    """A function giving the records that have come into a topic since the test began, by key."""
    consumer = KafkaConsumer(**consumer_options(cluster))
    topics = (RAW.for_lane("live"), RAW.for_lane("backfill"), DEAD_LETTERS.name)
    partitions = [TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic)]
    starts = consumer.end_offsets(partitions)

    def read(topic: str) -> dict[bytes, list[bytes]]:
        chosen = [partition for partition in partitions if partition.topic == topic]
        ends = consumer.end_offsets(chosen)
        consumer.assign(chosen)
        for partition in chosen:
            consumer.seek(partition, starts[partition])
        records: dict[bytes, list[bytes]] = {}
        while any(consumer.position(partition) < ends[partition] for partition in chosen):
            for batch in consumer.poll(timeout_ms=500).values():
                for record in batch:
                    records.setdefault(record.key, []).append(record.value)
        return records

    yield read
    consumer.close()


def _article(text: str = "فرضت الوزارة عقوبات على الشركة.", **fields: object) -> Article:
    made = {
        "id": uuid.uuid4().hex,
        "source": "test",
        "fetched_at": "2024-01-01T00:00:00.000Z",
        "raw": Raw(content=text),
    }
    return Article(**(made | fields))  # type: ignore[arg-type]


def test_all_are_acknowledged_once_and_keyed_by_source(
    cluster: KafkaSettings, new_records: Callable[[str], dict[bytes, list[bytes]]]
) -> None:
    articles = [_article(revision=number, source=f"outlet {number % 7}") for number in range(500)]
    with Writer(producer_options(cluster)) as writer:
        for article in articles:
            writer.write(article)
        assert writer.flush() == []
        assert writer.acknowledged == {RAW.name: 500}
    found = {
        key: [decode(value, Article) for value in values] for key, values in new_records(RAW.name).items()
    }
    assert found == {
        f"outlet {number}".encode(): [one for one in articles if one.revision % 7 == number]
        for number in range(7)
    }


def test_the_lane_chooses_the_topic(
    cluster: KafkaSettings, new_records: Callable[[str], dict[bytes, list[bytes]]]
) -> None:
    article = _article(lane="backfill")
    with Writer(producer_options(cluster)) as writer:
        writer.write(article)
    assert new_records("backfill.articles.raw") == {b"test": [encode(article)]}
    assert new_records("articles.raw") == {}


def test_the_largest_record_that_may_travel_does(
    cluster: KafkaSettings, new_records: Callable[[str], dict[bytes, list[bytes]]]
) -> None:
    """Random letters, so that compression does not make it small."""
    article = _article(text=random.Random(1).randbytes((RECORD_BYTES_MAX - 1000) // 2).hex(), source="large")
    with Writer(producer_options(cluster), in_flight_bytes_max=1000) as writer:
        writer.write(article)
        writer.write(_article())
        assert writer.flush() == []
    assert decode(new_records(RAW.name)[b"large"][0], Article) == article


def test_what_is_in_flight_stays_below_its_limit(cluster: KafkaSettings) -> None:
    with Writer(producer_options(cluster), in_flight_bytes_max=100_000) as writer:
        for _ in range(200):
            writer.write(_article(text="x" * 10_000))
            assert writer._in_flight_bytes <= 100_000
        writer.flush()
        assert writer._in_flight_bytes == 0
        assert writer.acknowledged[RAW.name] == 200


def test_a_missing_topic_is_said_at_once(cluster: KafkaSettings) -> None:
    writer = Writer(producer_options(cluster) | {"max_block_ms": 1500})
    with pytest.raises(WriterError, match="no-such-topic"):
        writer.send("no-such-topic", b"k", b"v")
    assert writer.not_acknowledged[0].topic == "no-such-topic"
    writer.close()


def test_a_record_the_topic_refuses_is_counted_and_the_rest_goes_on(cluster: KafkaSettings) -> None:
    admin = KafkaAdminClient(**admin_options(cluster))
    small = f"small-{uuid.uuid4().hex}"
    admin.create_topics(
        {small: {"num_partitions": 1, "configs": {"max.message.bytes": "5000"}}}, wait_for_metadata=True
    )
    admin.close()
    too_large = random.Random(1).randbytes(50_000)
    with Writer(producer_options(cluster)) as writer:
        for number in range(60):
            writer.send(small, b"%d" % number, too_large if number in (20, 41) else b"x" * 100)
            writer.send(RAW.name, b"neighbour", b"{}")
        assert [failure.key for failure in writer.flush()] == ["20", "41"]
        writer.send(small, b"after", b"x" * 100)
        writer.flush()
        assert writer.acknowledged == {small: 59, RAW.name: 60}
        assert writer._in_flight_bytes == 0


def test_what_is_unreadable_becomes_a_dead_letter(
    cluster: KafkaSettings, new_records: Callable[[str], dict[bytes, list[bytes]]]
) -> None:
    article = _article()
    broken = Unreadable("feed.jsonl", 7, "not_json", "malformed", b"{", 1)
    with Writer(producer_options(cluster)) as writer:
        pushed = push([broken, article, broken], writer)
    assert (pushed.articles, pushed.unreadable, pushed.acknowledged, pushed.letters) == (1, 2, 1, 2)
    assert not pushed.complete
    ((first, again),) = new_records(DEAD_LETTERS.name).values()
    letter = decode(first, DeadLetter)
    assert (letter.reason, letter.stage, letter.origin.topic, letter.origin.offset) == (
        "not_json",
        "produce",
        "feed.jsonl",
        7,
    )
    assert letter.payload == b"{"
    assert decode(again, DeadLetter).id == letter.id


def test_a_broker_killed_on_the_way_loses_nothing(
    services: LocalServices, cluster: KafkaSettings, new_records: Callable[[str], dict[bytes, list[bytes]]]
) -> None:
    assert services.kafka is not None
    articles = [_article(revision=number) for number in range(300)]
    with Writer(producer_options(cluster)) as writer:
        for number, article in enumerate(articles):
            if number == 100:
                services.kafka.kill()
            writer.write(article)
        services.kafka.start()
        assert writer.flush() == []
        assert writer.acknowledged[RAW.name] == 300
    found = [decode(value, Article).id for value in new_records(RAW.name)[b"test"]]
    assert sorted(found) == sorted(article.id for article in articles)
