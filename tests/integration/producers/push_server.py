"""A push server as a process of its own, and what of Kafka tests look at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition

from schemas.article import Article
from schemas.topics import RAW
from schemas.wire import WireError, decode
from wirewatch.kafka import consumer_options
from wirewatch.settings import KafkaSettings

TOKEN = "a-token-for-the-tests"
ANY_TOKEN = "a-token-for-every-source"


class PushServer:
    """`wirewatch push-server` on a free port. `settings` are its own (`requests_per_minute`, …)."""

    def __init__(self, kafka: str, data_dir: Path, **settings: object) -> None:
        tokens = [
            {"token": TOKEN, "source": "wire.example.org"},
            {"token": ANY_TOKEN, "source": "*"},
        ]
        given = {"tokens": json.dumps(tokens)} | settings
        self._environment = os.environ | {
            "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "WIREWATCH_DATA_DIR": str(data_dir),
            **{f"WIREWATCH_PUSH__{name.upper()}": str(value) for name, value in given.items()},
        }
        self._log = data_dir / "push-server.log"
        data_dir.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it says where it listens."""
        command = [sys.executable, "-m", "wirewatch", "push-server", "--port", "0"]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self._environment, stderr=log)
        self.port = self._told_port()
        self.url = f"http://127.0.0.1:{self.port}/articles"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def _told_port(self) -> int:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self._log.read_bytes().splitlines():
                if b"push_endpoint_ready" in line:
                    return int(json.loads(line)["port"])
            time.sleep(0.05)
        raise AssertionError(self._log.read_text())


@contextmanager
def running(server: PushServer) -> Iterator[PushServer]:
    """The server, stopped in the end; a living one must end well."""
    try:
        yield server
    finally:
        was_running = server.process.poll() is None
        ended = server.stop()
    assert ended == 0 or not was_running


def raw_ids(kafka: str, lane_topic: str = RAW.name) -> list[str]:
    """The article of every record in a raw topic, by id, in no order."""
    consumer = KafkaConsumer(**consumer_options(KafkaSettings(bootstrap_servers=kafka)))
    partitions = [TopicPartition(lane_topic, n) for n in consumer.partitions_for_topic(lane_topic)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    consumer.seek_to_beginning(*partitions)
    found: list[str] = []
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for record in (record for batch in consumer.poll(timeout_ms=500).values() for record in batch):
            with suppress(WireError):  # what other tests have put there
                found.append(decode(record.value, Article).id)
    consumer.close()
    return found
