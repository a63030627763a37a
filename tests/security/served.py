"""The desk and the push endpoint as processes of their own, with something in the index to attack."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka.admin import KafkaAdminClient

from sinks.elasticsearch.indices import apply
from sinks.elasticsearch.query import Question
from tests.integration.desk.conftest import store
from tests.integration.desk.told import alert, articles
from tests.unit.sinks.records import designation, mention
from wirewatch.desk.saved import SavedSearches
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options
from wirewatch.settings import Settings
from wirewatch.topics import apply_topics
from wirewatch.up import child_environment

TOKEN = "a-token-that-lets-in"
READY = re.compile(rb'The desk: (http://[^\s"]+/)|"port": (\d+).*"event": "push_endpoint_ready"')
START_SECONDS = 60
FAULTS = ("Traceback", "desk_failed", "push_failed")


@dataclass(frozen=True)
class Served:
    """A server that answers at `url`, and what it said."""

    url: str
    log: Path

    def faults(self) -> list[str]:
        """The lines of its log that tell of a fault of ours."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if any(fault in line for fault in FAULTS)]


def fill(settings: Settings) -> None:
    """Articles in ten languages, a mention, a designation, alerts and a saved search, seen at once."""
    prefix = settings.elasticsearch.index_prefix
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, prefix)
        store(client, prefix, [*articles(), designation(), mention()], [alert(at) for at in range(3)])
        SavedSearches(client, prefix).keep("morning", Question(q="sanctions"))
        client.indices.put_settings(index=f"{prefix}-*", settings={"refresh_interval": "20ms"})


@contextmanager
def desk(settings: Settings, folder: Path) -> Iterator[Served]:
    """`wirewatch desk`."""
    with _served(
        settings, folder, ["desk", "--port", "0"], DESK__TOKEN=TOKEN, DESK__REQUESTS_PER_MINUTE="1000000"
    ) as made:
        yield made


@contextmanager
def push(settings: Settings, folder: Path) -> Iterator[Served]:
    """`wirewatch push-server`, with the topics it writes to."""
    with closing(KafkaAdminClient(**admin_options(settings.kafka))) as admin:
        apply_topics(admin, settings.kafka)
    tokens = json.dumps([{"token": TOKEN, "source": "*"}])
    command = ["push-server", "--port", "0"]
    with _served(settings, folder, command, PUSH__TOKENS=tokens, PUSH__REQUESTS_PER_MINUTE="1000000") as made:
        yield made


@contextmanager
def _served(settings: Settings, folder: Path, command: Sequence[str], **given: str) -> Iterator[Served]:
    own = {"ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix, **given}
    log = folder / f"{command[0]}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "wirewatch", *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={
                **os.environ,
                **child_environment(settings),
                **{f"WIREWATCH_{name}": value for name, value in own.items()},
                "PYTHONUNBUFFERED": "1",
            },
        )
    try:
        yield Served(_address(process, log), log)
    finally:
        process.terminate()
        process.wait(120)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := READY.search(log.read_bytes()):
            return found[1].decode() if found[1] else f"http://127.0.0.1:{int(found[2])}/"
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))
