"""Services start, stop, come back after a crash, and never outlive the process that started them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from wirewatch.local import (
    FolderHeldError,
    LocalServiceError,
    LocalServices,
    resolve_endpoints,
    running_services,
)
from wirewatch.local.kafka import Kafka
from wirewatch.local.process import is_open
from wirewatch.local.services import STATE_FILE
from wirewatch.settings import Settings, load_settings

HOLDER = """
import json, sys, time
from wirewatch.local import LocalServices
from wirewatch.settings import load_settings
with LocalServices(load_settings()) as services:
    print(json.dumps([services.kafka.process.pid, services.elasticsearch.process.pid]), flush=True)
    time.sleep(600)
"""


def within(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be reaped does not."""
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def produce(bootstrap_servers: str, topic: str, values: list[bytes], **topic_settings: str) -> None:
    from kafka import KafkaAdminClient, KafkaProducer
    from kafka.admin import NewTopic

    with closing(KafkaAdminClient(bootstrap_servers=bootstrap_servers)) as admin:
        admin.create_topics([NewTopic(topic, 1, 1, topic_configs=topic_settings)])
    with closing(
        KafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", max_request_size=32 * 1024 * 1024)
    ) as producer:
        for sent in [producer.send(topic, value) for value in values]:
            sent.get(30)


def consume(bootstrap_servers: str, topic: str) -> list[bytes]:
    from kafka import KafkaConsumer

    with closing(
        KafkaConsumer(
            topic,
            bootstrap_servers=bootstrap_servers,
            auto_offset_reset="earliest",
            consumer_timeout_ms=4000,
            max_partition_fetch_bytes=32 * 1024 * 1024,
        )
    ) as consumer:
        return [record.value for record in consumer]


def test_kafka_keeps_acknowledged_records_over_a_crash(services: LocalServices) -> None:
    assert services.kafka is not None
    assert services.kafka.process is not None
    topic, values = f"t-{uuid.uuid4().hex}", [f"№{n}".encode() for n in range(20)]
    produce(services.bootstrap_servers, topic, values)
    address, pid = services.bootstrap_servers, services.kafka.process.pid
    services.kafka.kill()
    assert not services.kafka.running
    services.kafka.start()
    assert services.bootstrap_servers == address
    assert services.kafka.process.pid != pid
    assert consume(address, topic) == values


def test_kafka_takes_a_record_of_ten_megabytes(services: LocalServices) -> None:
    topic, value = f"t-{uuid.uuid4().hex}", os.urandom(10 * 1024 * 1024)
    produce(services.bootstrap_servers, topic, [value], **{"max.message.bytes": str(11 * 1024 * 1024)})
    assert consume(services.bootstrap_servers, topic) == [value]


def test_elasticsearch_keeps_acknowledged_documents_over_a_crash(services: LocalServices) -> None:
    assert services.elasticsearch is not None
    document = f"{services.elasticsearch_url}/t-{uuid.uuid4().hex}/_doc/1"
    httpx.put(document, json={"title": "عقوبات جديدة"}, timeout=30).raise_for_status()
    services.elasticsearch.kill()
    services.elasticsearch.start()
    assert httpx.get(document).json()["_source"] == {"title": "عقوبات جديدة"}


def test_stop_is_orderly_and_restart_keeps_the_port(services: LocalServices) -> None:
    assert services.elasticsearch is not None
    port = services.elasticsearch.port
    services.elasticsearch.restart()
    assert services.elasticsearch.port == port
    log = (services.elasticsearch.logs / "elasticsearch.log").read_text(encoding="utf-8")
    assert "closed" in log


def test_what_runs_in_a_folder_is_found(services: LocalServices) -> None:
    running = running_services(services.settings.data_dir)
    assert running is not None
    assert running.pid == os.getpid()
    resolved = resolve_endpoints(load_settings(data_dir=services.settings.data_dir))
    assert resolved.kafka.bootstrap_servers == services.bootstrap_servers
    assert resolved.elasticsearch.url == services.elasticsearch_url


def test_a_second_holder_is_told_who_holds_the_folder(services: LocalServices) -> None:
    second = LocalServices(load_settings(data_dir=services.settings.data_dir))
    with pytest.raises(FolderHeldError) as caught, second:
        pass
    message = str(caught.value)
    assert f"process {os.getpid()} " in message
    assert services.bootstrap_servers in message
    assert services.elasticsearch_url in message
    assert running_services(services.settings.data_dir) is not None


def test_nothing_running_is_an_error_that_says_how_to_start(tmp_path: Path) -> None:
    assert running_services(tmp_path) is None
    with pytest.raises(LocalServiceError, match="wirewatch up"):
        resolve_endpoints(load_settings(data_dir=tmp_path))


def test_the_file_that_a_crash_leaves_counts_for_nothing(services: LocalServices, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_bytes((services.settings.data_dir / STATE_FILE).read_bytes())
    (tmp_path / "services.lock").touch()
    assert running_services(tmp_path) is None


def test_settings_that_name_clusters_start_nothing(settings: Settings) -> None:
    with LocalServices(settings) as local:
        assert local.kafka is None
        assert local.elasticsearch is None
        assert local.bootstrap_servers == settings.kafka.bootstrap_servers
        assert local.elasticsearch_url == settings.elasticsearch.url


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    impossible = settings.model_copy(update={"data_dir": tmp_path / "file" / "data"})
    with pytest.raises(LocalServiceError, match="--data-dir"), LocalServices(impossible):
        pass


def test_a_second_broker_never_opens_the_data_of_the_first(services: LocalServices) -> None:
    assert services.kafka is not None
    second = Kafka(services.kafka.folder, services.settings)
    second.launch()
    assert second.process is not None
    try:
        assert second.process.wait(60) == 3
        assert "another Java process" in second.output_path.read_text(encoding="utf-8")
    finally:
        second.kill()
    assert services.kafka.is_ready()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose name is no ASCII and has a space, as a user's home may."""
    return tmp_path / "مجلد é"


@pytest.fixture
def holder(services: LocalServices, folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Another Python that runs both services, with no Java on its PATH, and the ids of their processes."""
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={**environment, "PATH": "", "WIREWATCH_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        yield process, json.loads(process.stdout.readline())
        process.kill()
        process.wait()


def test_no_orphan_is_left_when_the_parent_is_killed(
    holder: tuple[subprocess.Popen[str], list[int]], folder: Path
) -> None:
    parent, children = holder
    running = running_services(folder)
    assert running is not None
    assert running.pid == parent.pid
    assert all(alive(pid) for pid in children)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert within(15, lambda: not any(alive(pid) for pid in children))
    assert running_services(folder) is None
    assert not is_open(int(running.bootstrap_servers.rpartition(":")[2]))
    with LocalServices(load_settings(data_dir=folder)) as again:
        assert again.kafka is not None
        assert again.kafka.is_ready()
