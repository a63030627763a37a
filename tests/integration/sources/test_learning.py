"""What a source repeats, learned by a real worker that is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.structs import OffsetAndMetadata

from producers.writer import Writer
from schemas.article import Article, Raw
from schemas.topics import CLEAN, RAW
from schemas.wire import decode, encode
from sinks.reading import partitions_of
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics

APPEAL = "The Harbour Gazette brings you the news of the port each morning, and costs you nothing at all."
PIERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WAIT_SECONDS = 60.0
GROUP = "wirewatch-intake"


def body(pier: str) -> list[str]:
    return [
        f"The harbour authority said on Monday that it would close pier {pier} in the coming weeks.",
        f"Engineers found cracks in the columns of pier {pier}, and divers confirmed them a day later.",
        f"Fishermen who use pier {pier} will be moved to the southern quay, the harbour master said.",
    ]


def article(pier: str, source: str) -> Article:
    return Article(
        id=f"{source}-{pier}",
        source=source,
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content="\n".join([*body(pier), APPEAL])),
    )


class Cleaned:
    """What came out, the lines of each article's text by id, every time it came."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._consumer = KafkaConsumer(**consumer_options(kafka))
        partitions = [
            TopicPartition(CLEAN.name, number) for number in self._consumer.partitions_for_topic(CLEAN.name)
        ]
        self._consumer.assign(partitions)
        self._consumer.seek_to_end(*partitions)
        for partition in partitions:
            self._consumer.position(partition)
        self.texts: dict[str, list[list[str]]] = {}

    def close(self) -> None:
        self._consumer.close()

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.texts
            for records in self._consumer.poll(200).values():
                for record in records:
                    found = decode(record.value, Article)
                    assert found.clean is not None
                    self.texts.setdefault(found.id, []).append(found.clean.text.split("\n"))


def skip_what_waits(kafka: KafkaSettings) -> None:
    """Commit the end of the raw topic for the group: what other tests have left there is not this one's."""
    with closing(KafkaConsumer(**consumer_options(kafka, GROUP))) as consumer:
        ends = consumer.end_offsets(partitions_of(consumer, RAW.name))
        consumer.commit({partition: OffsetAndMetadata(end, "", -1) for partition, end in ends.items()})


@contextmanager
def intake(kafka: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the first group with a data folder of its own, gone at the end."""
    folder.mkdir()
    environment: Mapping[str, str] = os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "WIREWATCH_DATA_DIR": str(folder),
    }
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "wirewatch", "worker", "--groups", "intake"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def cluster(kafka: str) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=kafka)
    with closing(KafkaAdminClient(**admin_options(settings))) as admin:
        apply_topics(admin, settings)
    return settings


def test_what_a_source_repeats_is_learned_survives_a_kill_and_costs_no_article_a_line(
    cluster: KafkaSettings, tmp_path: Path
) -> None:
    run = uuid.uuid4().hex[:8]
    harbour, other = f"{run}-harbour", f"{run}-other"
    articles = [article(pier, harbour) for pier in PIERS]
    before, after = articles[:8], articles[8:]
    skip_what_waits(cluster)
    with ExitStack() as opened:
        cleaned = opened.enter_context(closing(Cleaned(cluster)))
        writer = opened.enter_context(Writer(producer_options(cluster)))

        def send(some: list[Article]) -> None:
            for one in some:
                writer.write(one)
            writer.flush()

        def times(some: list[Article]) -> list[int]:
            return [len(cleaned.texts.get(one.id, [])) for one in some]

        worker = opened.enter_context(intake(cluster.bootstrap_servers or "", tmp_path / "first"))
        send(before)
        cleaned.wait(lambda: min(times(before)) >= 1)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        opened.enter_context(intake(cluster.bootstrap_servers or "", tmp_path / "second"))
        send([*after, article("one", other)])
        cleaned.wait(lambda: min(times([*after, article("one", other)])) >= 1)
        seen = times(articles)
        send(articles)
        cleaned.wait(lambda: all(now > then for now, then in zip(times(articles), seen, strict=True)))
        writer.send(RAW.name, b"another key", encode(article("two", other)))
        cleaned.wait(lambda: min(times([article("two", other)])) >= 1)

    texts = cleaned.texts
    assert texts[before[0].id][0] == [*body("one"), APPEAL]
    assert texts[before[-1].id][-1] == body("eight")
    for one, pier in zip(articles, PIERS, strict=True):
        for text in texts[one.id]:
            assert [line for line in text if line != APPEAL] == body(pier)
    assert [texts[one.id][0] for one in after] == [body(pier) for pier in PIERS[8:]]
    assert [texts[one.id][-1] for one in articles] == [body(pier) for pier in PIERS]
    assert texts[f"{other}-one"] == [[*body("one"), APPEAL]]
    assert texts[f"{other}-two"] == [[*body("two"), APPEAL]]
