"""Designations on a real broker: two workers, each killed in the middle, a block replayed, an archive loaded.

What comes out must be what one undisturbed process decides, and each alert be sent once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from processors.designations import PARTITION_KEY, decide
from schemas.alert import Alert
from schemas.article import Record
from schemas.designation import SanctionMention
from schemas.topics import ALERTS, DECIDED, MENTIONS
from schemas.wire import decode, encode
from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import apply
from tests.quality.stream.score import perfect
from tests.quality.stream.scripted import scripted
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import Settings
from wirewatch.topics import apply_topics

ARRIVALS = 900
REPLAYED = slice(40, 160)
WAIT_SECONDS = 60.0


def mentions_of(run: str) -> list[SanctionMention]:
    """The first days of a scripted stream as a perfect reader reads them, under ids of this run."""
    read = perfect()
    return [
        msgspec.structs.replace(mention, id=f"{run}-{mention.id}", article_id=f"{run}-{mention.article_id}")
        for arrival in scripted(7, "dev").arrivals[:ARRIVALS]
        for mention, _ in read(arrival)
    ]


def undisturbed(mentions: list[SanctionMention]) -> dict[str, SanctionMention]:
    """The last answer to each mention."""
    memory: dict[str, bytes] = {}
    return {mention.id: decide(mention, memory)[0] for mention in mentions}


def answer(told: SanctionMention) -> tuple[str | None, str | None]:
    """What was decided, and of which designation."""
    return told.decision, told.sanction.designation_id


class Bystander:
    """Writes mentions, and reads what comes of them."""

    def __init__(self, settings: Settings, run: str, opened: ExitStack) -> None:
        self._run = run
        self._producer = opened.enter_context(closing(KafkaProducer(**producer_options(settings.kafka))))
        consumer = KafkaConsumer(**consumer_options(settings.kafka, f"bystander-{run}"))
        self._consumer = opened.enter_context(closing(consumer))
        partitions = [
            TopicPartition(topic.name, number)
            for topic in (DECIDED, ALERTS)
            for number in self._consumer.partitions_for_topic(topic.name) or ()
        ]
        self._consumer.assign(partitions)
        self._consumer.seek_to_beginning(*partitions)
        self.decided: list[SanctionMention] = []
        self.alerts: list[Alert] = []

    def send(self, mentions: list[SanctionMention]) -> None:
        for mention in mentions:
            self._producer.send(MENTIONS.name, key=PARTITION_KEY.encode(), value=encode(mention))
        self._producer.flush()

    def read_until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (
                f"{what}; {len(self.decided)} decided, {len(self.alerts)} alerts"
            )
            for records in self._consumer.poll(200).values():
                for record in records:
                    self._note(record.topic, record.value)

    def _note(self, topic: str, value: bytes) -> None:
        kind: type[Record] = Alert if topic == ALERTS.name else SanctionMention
        found = decode(value, kind)
        if isinstance(found, Alert) and (found.mention_id or "").startswith(self._run):
            self.alerts.append(found)
        elif isinstance(found, SanctionMention) and found.id.startswith(self._run):
            self.decided.append(found)


@contextmanager
def wirewatch(settings: Settings, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `wirewatch` process with a data folder of its own, gone at the end."""
    folder.mkdir()
    environment: Mapping[str, str] = os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
        "WIREWATCH_ELASTICSEARCH__URL": settings.elasticsearch.url or "",
        "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix,
        "WIREWATCH_DATA_DIR": str(folder),
    }
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "wirewatch", *arguments], env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None, "it fell by itself"
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture
def ready(settings: Settings) -> Settings:
    """Topics, indices and the built-in rule."""
    admin = KafkaAdminClient(**admin_options(settings.kafka))
    try:
        apply_topics(admin, settings.kafka)
    finally:
        admin.close()
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, settings.elasticsearch.index_prefix)
        store(client, settings.elasticsearch.index_prefix, load_rules(rule_files()))
    return settings


def test_whoever_is_killed_each_designation_is_new_once_and_alerted_on_once(
    ready: Settings, tmp_path: Path
) -> None:
    run = uuid.uuid4().hex[:8]
    mentions = mentions_of(run)
    wanted = undisturbed(mentions)
    new = {told.sanction.designation_id for told in wanted.values() if told.decision == "new"}
    half = len(mentions) // 2
    worker = ("worker", "--groups", "designations")
    with ExitStack() as opened:
        bystander = Bystander(ready, run, opened)

        def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
            return opened.enter_context(wirewatch(ready, tmp_path / name, *arguments))

        start("sink", "sink", "--only", "alerts")
        first, second = start("first", *worker), start("second", *worker, "--lane", "backfill")
        bystander.send(mentions[:half])
        bystander.read_until(lambda: len(bystander.decided) > half // 3, "the first third decided")
        kill(first)
        start("third", *worker)
        bystander.send(mentions[half:])
        bystander.read_until(lambda: len(bystander.decided) > half, "half of them decided")
        kill(second)
        bystander.read_until(lambda: {m.id for m in bystander.decided} == set(wanted), "all of them decided")
        seen = len(bystander.decided)
        bystander.send(mentions[REPLAYED])
        replayed = REPLAYED.stop - REPLAYED.start
        bystander.read_until(lambda: len(bystander.decided) >= seen + replayed, "the replay decided")
        bystander.read_until(lambda: {a.key for a in bystander.alerts} >= new, "an alert for each")

    for told in bystander.decided:  # an article corrected meanwhile has a newer `why`, and the same answer
        assert answer(told) == answer(wanted[told.id])
    assert len(new) > 10
    assert any(told.lane == "backfill" for told in bystander.decided)
    assert not [told for told in bystander.decided if told.lane == "backfill" and told.decision == "new"]
    assert Counter(alert.key for alert in bystander.alerts) == dict.fromkeys(new, 1)
