"""The local site, and `wirewatch feeds` as processes of their own that may fetch from here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Wirewatch:
    """Runs `wirewatch …` on one data folder."""

    environment: dict[str, str]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """To its end."""
        return subprocess.run(
            self._command(arguments), input=stdin, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """In the background."""
        return subprocess.Popen(
            self._command(arguments), env=self.environment | variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def feeds(self) -> dict[str, dict[str, object]]:
        """What `feeds list` says, by address."""
        listed = self.run("feeds", "list", "--json")
        assert listed.returncode == 0, listed.stderr
        return {row["url"]: row for row in map(json.loads, listed.stdout.splitlines())}

    @staticmethod
    def _command(arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "wirewatch", *arguments]


@pytest.fixture
def wirewatch(kafka: str, cluster: KafkaSettings, tmp_path: Path) -> Wirewatch:
    return Wirewatch(
        os.environ
        | {
            "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "WIREWATCH_DATA_DIR": str(tmp_path / "data"),
            "WIREWATCH_FETCHING__ALLOW_PRIVATE_ADDRESSES": "true",
            "WIREWATCH_FETCHING__SPACING_SECONDS": "0",
            "WIREWATCH_FETCHING__TOTAL_SECONDS": "10",
            "WIREWATCH_FEEDS__REVISION_SECONDS": "0",
            "COLUMNS": "200",
            "PYTHONUTF8": "1",
        }
    )


@pytest.fixture
def came(cluster: KafkaSettings) -> Iterator[Callable[[], list[Article]]]:
    """A function giving the articles that have come into the raw topic since the test began."""
    consumer = KafkaConsumer(**consumer_options(cluster))
    partitions = [TopicPartition(RAW.name, n) for n in consumer.partitions_for_topic(RAW.name)]
    consumer.assign(partitions)
    starts = consumer.end_offsets(partitions)

    def read() -> list[Article]:
        ends = consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, starts[partition])
        found = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            found += [
                decode(r.value, Article) for batch in consumer.poll(timeout_ms=500).values() for r in batch
            ]
        return found

    yield read
    consumer.close()
