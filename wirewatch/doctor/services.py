"""What a local run needs: Java, jars, memory, a folder of its own, and the ports that are listened on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx

from wirewatch.doctor.finding import Finding
from wirewatch.doctor.machine import memory
from wirewatch.local import running_services
from wirewatch.local.elasticsearch import Elasticsearch
from wirewatch.local.jars import COMPILER, ELASTICSEARCH7, KAFKA, JarSet, faulty
from wirewatch.local.java import find_java
from wirewatch.local.kafka import Kafka
from wirewatch.local.services import is_held
from wirewatch.settings import PREFIX, Settings

WORKERS_BYTES = 1_500_000_000
"""Of all workers, sinks and the desk together, as measured, with room."""
ANSWER_SECONDS = 2.0


def local_services(settings: Settings) -> Iterator[Finding]:
    """What is needed to start Kafka and Elasticsearch here, unless both are elsewhere."""
    here = [
        (service, jar_set)
        for service, jar_set, elsewhere in (
            (Kafka, KAFKA, settings.kafka.bootstrap_servers),
            (Elasticsearch, ELASTICSEARCH7, settings.elasticsearch.url),
        )
        if not elsewhere
    ]
    if not here:
        yield Finding("local services", "ok", "not needed: the settings name clusters")
        return
    yield from memory(sum(service.heap_mb for service, _ in here) * 2**20 + WORKERS_BYTES)
    java = find_java()
    yield Finding("Java", "ok", f"{java.major}, from {java.origin}: {java.executable}")
    for jar_set in (*(jar_set for _, jar_set in here), COMPILER):
        yield _jars(jar_set, settings.cache_dir / "jars")
    yield _who_holds(settings.data_dir)


def _jars(jar_set: JarSet, folder: Path) -> Finding:
    jars = jar_set.jars()
    wrong = faulty(jars, folder)
    if not wrong:
        return Finding(
            jar_set.title, "ok", f"{len(jars)} jar{'s' * (len(jars) > 1)}, as the lock file names them"
        )
    broken = [jar.file for jar in wrong if (folder / jar.path).exists()]
    megabytes = sum(jar.size for jar in wrong) / 1e6
    mend = f"`wirewatch up` fetches them ({megabytes:.0f} MB); behind a proxy set {PREFIX}MAVEN_MIRROR"
    if broken:
        what = f"{len(broken)} of {len(jars)} jars are not what the lock file names, as {broken[0]}"
        return Finding(jar_set.title, "fault", f"{what}, in {folder}", mend)
    return Finding(jar_set.title, "note", f"{len(wrong)} of {len(jars)} jars are missing in {folder}", mend)


def _who_holds(data_dir: Path) -> Finding:
    running = running_services(data_dir)
    if running is not None:
        since = f"{running.started_at:%Y-%m-%d %H:%M} UTC"
        what = f"process {running.pid}, since {since}, in {data_dir}; a second `up` needs another folder"
        return Finding("who runs", "ok", what)
    if is_held(data_dir):
        mend = "wait a minute; if it stays so, find the process that holds services.lock, or use --data-dir"
        return Finding("who runs", "note", f"another process is starting or stopping in {data_dir}", mend)
    return Finding("who runs", "note", f"nothing runs in {data_dir}", "`wirewatch up` starts everything")


def ports(settings: Settings) -> Iterator[Finding]:
    """Nobody else listens where our servers would."""
    for name, host, port, variable in (
        ("desk", settings.desk.host, settings.desk.port, "DESK__PORT"),
        ("push endpoint", settings.push.host, settings.push.port, "PUSH__PORT"),
    ):
        if port and _is_taken(host, port) and not _is_ours(host, port):
            what = f"{port}, where the {name} would listen, is taken by another program"
            yield Finding("ports", "note", what, f"stop that, or set {PREFIX}{variable}")


def _is_taken(host: str, port: int) -> bool:
    try:
        socket.create_connection((_near(host), port), timeout=ANSWER_SECONDS).close()
    except OSError:
        return False
    return True


def _is_ours(host: str, port: int) -> bool:
    """Whether what listens answers as ours do: `/health` in JSON, or a refusal in it."""
    try:
        answer = httpx.get(f"http://{_near(host)}:{port}/health", timeout=ANSWER_SECONDS, trust_env=False)
        return isinstance(answer.json(), dict)
    except (httpx.HTTPError, ValueError):
        return False


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "localhost", "::1": "localhost"}.get(host, host)  # noqa: S104
