"""The local site, real Kafka, and `wirewatch` as a process of its own that may fetch from here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from schemas.article import Article
from schemas.topics import RAW
from schemas.wire import decode
from tests.site.site import Site
from wirewatch.kafka import admin_options, consumer_options
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def cluster(kafka: str) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=kafka)
    with closing(KafkaAdminClient(**admin_options(settings))) as admin:
        apply_topics(admin, settings)
    return settings


@pytest.fixture
def environment(kafka: str, cluster: KafkaSettings, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "WIREWATCH_DATA_DIR": str(tmp_path / "data"),
        "WIREWATCH_FETCHING__ALLOW_PRIVATE_ADDRESSES": "true",
        "WIREWATCH_FETCHING__SPACING_SECONDS": "0",
        "WIREWATCH_FETCHING__TOTAL_SECONDS": "10",
        "PYTHONUTF8": "1",
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `wirewatch …` to its end."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wirewatch", *arguments]
        return subprocess.run(
            command,
            input=stdin,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts `wirewatch …`, or another Python program, and doesn't wait."""

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return start


@pytest.fixture
def articles(cluster: KafkaSettings) -> Iterator[Callable[[], list[Article]]]:
    """The articles that have come into the raw topic since the test began."""
    consumer = KafkaConsumer(**consumer_options(cluster))
    partitions = [TopicPartition(RAW.name, n) for n in consumer.partitions_for_topic(RAW.name)]
    starts = consumer.end_offsets(partitions)

    def read() -> list[Article]:
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for partition in partitions:
            consumer.seek(partition, starts[partition])
        found: list[Article] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for batch in consumer.poll(timeout_ms=500).values():
                found += [decode(record.value, Article) for record in batch]
        return found

    yield read
    consumer.close()
