"""Old and new versions on the wire at once: real workers of both, and nothing lost between them.

The later version's articles have a field more (`tests.recovery.newer`). In the wrong order, a later worker
writes and an older one reads: what it can't read in full it refuses, and a replay after the upgrade brings it
on whole. In the right order nothing is refused at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from producers.writer import Writer
from schemas.topics import CLUSTERED, DEAD_LETTERS, RAW
from tests.recovery.part import ROOT, WIREWATCH, Part, environment, wait_for
from wirewatch.kafka import consumer_options, producer_options
from wirewatch.settings import Settings

NEWER = ("-m", "tests.recovery.newer")
INTAKE = ("worker", "--groups", "intake", "--instance", "u")
STORIES = ("worker", "--groups", "stories", "--instance", "u")
VALUE = "what the next version knows"


def _record(name: str, **more: str) -> bytes:
    """An article as a version writes it, that of long ago with no more than it had to have."""
    page = f"Ferry {name} out of service\n\nThe harbour office said on Monday that ferry {name} would be repaired."
    return json.dumps(
        {"id": name, "source": "quay.example", "fetched_at": "2026-03-01T08:00:00Z", "raw": {"content": page}} | more
    ).encode()  # fmt: skip


class Arrivals:
    """What has arrived on a topic since, by article id."""

    def __init__(self, consumer: KafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self._found: dict[str, dict[str, Any]] = {}
        partitions = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        for partition, end in consumer.end_offsets(partitions).items():
            consumer.seek(partition, end)

    def get(self, article_id: str) -> dict[str, Any] | None:
        for records in self._consumer.poll(timeout_ms=100).values():
            for record in records:
                told = json.loads(record.value)
                self._found[told.get("article_id") or told["id"]] = told
        return self._found.get(article_id)


@contextmanager
def _arrivals(settings: Settings, topic: str) -> Iterator[Arrivals]:
    consumer = KafkaConsumer(**consumer_options(settings.kafka))
    try:
        yield Arrivals(consumer, topic)
    finally:
        consumer.close()


def _send(settings: Settings, *records: bytes) -> None:
    with Writer(producer_options(settings.kafka)) as writer:
        for record in records:
            writer.send(RAW.name, None, record)


def test_an_older_worker_in_the_middle_refuses_and_a_replay_after_the_upgrade_brings_all(
    ready: Settings,
) -> None:
    run = uuid.uuid4().hex[:8]
    old, new, straggler = f"old-{run}", f"new-{run}", f"straggler-{run}"
    with (
        _arrivals(ready, CLUSTERED.name) as arrived,
        _arrivals(ready, DEAD_LETTERS.name) as letters,
        Part(ready, INTAKE, NEWER),
        Part(ready, STORIES) as stories,
    ):
        _send(ready, _record(old), _record(new, added_later=VALUE))
        wait_for(lambda: letters.get(new) is not None, "it is refused", 90)
        letter = letters.get(new)
        assert letter is not None
        assert letter["origin"]["topic"] == "articles.clean"
        assert "added_later" in letter["detail"]
        assert letter["reason"] == "from_the_future"
        assert "upgrade" in letter["detail"]
        assert arrived.get(new) is None

        stories.kill()
        stories.program = NEWER
        stories.start()
        _send(ready, _record(straggler))
        wait_for(lambda: arrived.get(straggler) is not None, "the upgraded worker reads old records", 90)
        replayed = subprocess.run(
            [sys.executable, *WIREWATCH, "dlq", "replay", letter["id"]],
            cwd=ROOT, env=environment(ready), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert replayed.returncode == 0, replayed.stderr
        wait_for(lambda: arrived.get(new) is not None, "the replay has brought it on", 90)
        found = arrived.get(new)
    assert found is not None
    assert found["added_later"] == VALUE
    assert found["story"]["cluster_id"] == new
