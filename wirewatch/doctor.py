"""What may be wrong with a set-up, looked at one thing at a time, each fault with how to mend it.

A check is a function from settings to findings. It changes nothing, starts nothing, and raises nothing
that a set-up can cause: a fault in one check leaves the others to be made.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from wirewatch.local import LocalServiceError, resolve_endpoints, running_services
from wirewatch.local.jars import COMPILER, ELASTICSEARCH7, KAFKA, JarSet, faulty
from wirewatch.local.java import find_java
from wirewatch.settings import PREFIX, ConfigurationError, Settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

OLDEST_PYTHON = (3, 11)
LITTLE_DISK_BYTES = 5 * 10**9
NO_DISK_BYTES = 10**9
PATIENCE = {"bootstrap_timeout_ms": 5000}
PATIENCE_SECONDS = 2.0

Verdict = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Finding:
    """What one check saw. A `note` is no fault but worth knowing; `mend` says what to do about it."""

    subject: str
    verdict: Verdict
    what: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, in the order in which things depend on each other."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except (LocalServiceError, ConfigurationError, OSError) as error:
            yield Finding(check.__name__.replace("_", " "), "fault", str(error))


def python(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """The interpreter is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield Finding("Python", "ok", version)
    else:
        yield Finding("Python", "fault", version, "install Python 3.11 or newer, then `make run`")


def local_services(settings: Settings) -> Iterator[Finding]:
    """What is needed to start Kafka and Elasticsearch here, unless both are elsewhere."""
    sets = [
        jar_set
        for jar_set, elsewhere in (
            (KAFKA, settings.kafka.bootstrap_servers),
            (ELASTICSEARCH7, settings.elasticsearch.url),
        )
        if not elsewhere
    ]
    if not sets:
        yield Finding("local services", "ok", "not needed: the settings name clusters")
        return
    java = find_java()
    yield Finding("Java", "ok", f"{java.major}, from {java.origin}: {java.executable}")
    for jar_set in (*sets, COMPILER):
        yield _jars(jar_set, settings.cache_dir / "jars")
    yield _who_holds(settings.data_dir)


def _jars(jar_set: JarSet, folder: Path) -> Finding:
    jars = jar_set.jars()
    wrong = faulty(jars, folder)
    if not wrong:
        return Finding(
            jar_set.title, "ok", f"{len(jars)} jar{'s' * (len(jars) > 1)}, as the lock file names them"
        )
    megabytes = sum(jar.size for jar in wrong) / 1e6
    return Finding(
        jar_set.title,
        "note",
        f"{len(wrong)} of {len(jars)} jars are missing or broken in {folder}",
        f"`wirewatch up` fetches them ({megabytes:.0f} MB); behind a proxy set {PREFIX}MAVEN_MIRROR",
    )


def _who_holds(data_dir: Path) -> Finding:
    running = running_services(data_dir)
    if running is None:
        return Finding("who runs", "note", f"nothing runs in {data_dir}", "`wirewatch up` starts everything")
    since = f"{running.started_at:%Y-%m-%d %H:%M} UTC"
    return Finding("who runs", "ok", f"process {running.pid}, since {since}, in {data_dir}")


def disk(settings: Settings) -> Iterator[Finding]:
    """The folders can be written, and there is room."""
    for subject, folder, variable in (
        ("data folder", settings.data_dir, "DATA_DIR"),
        ("cache folder", settings.cache_dir, "CACHE_DIR"),
    ):
        elsewhere = f"use another folder with {PREFIX}{variable}"
        existing = _nearest_existing(folder)
        free_bytes = shutil.disk_usage(existing).free
        room = f"{folder}: {free_bytes / 1e9:.1f} GB free"
        if not (existing.is_dir() and os.access(existing, os.W_OK)):
            yield Finding(subject, "fault", f"{folder} can't be written", elsewhere)
        elif free_bytes < NO_DISK_BYTES:
            yield Finding(subject, "fault", room, f"make room, or {elsewhere}")
        elif free_bytes < LITTLE_DISK_BYTES:
            yield Finding(subject, "note", room, f"soon make room, or {elsewhere}")
        else:
            yield Finding(subject, "ok", room)


def _nearest_existing(folder: Path) -> Path:
    return next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())


def kafka(settings: Settings) -> Iterator[Finding]:
    """The broker answers, and has our topics as they should be."""
    found = _endpoints(settings)
    if found.kafka.bootstrap_servers is None:
        return
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    from wirewatch.admission import NotAdmittedError, ensure_admitted
    from wirewatch.kafka import admin_options

    address = found.kafka.bootstrap_servers
    try:
        ensure_admitted(found.kafka, PATIENCE_SECONDS)
        with closing(KafkaAdminClient(**admin_options(found.kafka) | PATIENCE)) as admin:
            yield _brokers(admin, address)
            yield from _topics(admin, found)
    except NotAdmittedError as error:
        yield Finding("Kafka", "fault", str(error))
    except KafkaError as error:
        mend = f"start it, or correct {PREFIX}KAFKA__BOOTSTRAP_SERVERS, its TLS and SASL settings"
        yield Finding("Kafka", "fault", f"{address} does not answer: {error}", mend)


def _brokers(admin: Any, address: str) -> Finding:
    brokers = admin.describe_cluster()["brokers"]
    version = ".".join(map(str, admin.get_broker_version_data(brokers[0]["broker_id"]).broker_version))
    return Finding("Kafka", "ok", f"{len(brokers)} broker(s) at {address}, protocol of {version} or newer")


def _topics(admin: Any, settings: Settings) -> Iterator[Finding]:
    from wirewatch.topics import TopicsError, inspect_topics

    try:
        report = inspect_topics(admin, settings.kafka)
    except TopicsError as error:
        yield Finding("topics", "fault", str(error), "`wirewatch topics apply`")
        return
    if report.missing:
        yield Finding("topics", "fault", f"missing: {', '.join(report.missing)}", "`wirewatch topics apply`")
    for drift in report.drifts:
        what = f"{drift.topic}: {drift.what} is {drift.found}, not {drift.wanted}"
        yield Finding("topics", "note", what, drift.mend)
    if not report.missing and not report.drifts:
        yield Finding("topics", "ok", f"all {len(report.states)} are there")


def elasticsearch(settings: Settings) -> Iterator[Finding]:
    """The cluster answers, is healthy, and has our index templates and indices."""
    found = _endpoints(settings)
    if found.elasticsearch.url is None:
        return
    from elasticsearch import ApiError, TransportError

    from sinks.elasticsearch.patience import reason_of
    from wirewatch.elastic import elasticsearch_client, muted, why_unreachable

    address = found.elasticsearch.url
    try:
        with muted(), elasticsearch_client(found.elasticsearch) as client:
            yield _health(client, address)
            yield _indices(client, found.elasticsearch.index_prefix)
    except TransportError as error:
        what, _, mend = why_unreachable(error, found.elasticsearch).partition("\n")
        yield Finding("Elasticsearch", "fault", what, mend)
    except ApiError as error:
        mend = f"correct {PREFIX}ELASTICSEARCH__API_KEY, or USERNAME and PASSWORD, and what they may do"
        yield Finding(
            "Elasticsearch",
            "fault",
            f"{address} refuses ({error.status_code}): {reason_of(error.body)}",
            mend,
        )


def _health(client: Elasticsearch, address: str) -> Finding:
    health = client.cluster.health()
    what = f"{health['status']}, {health['number_of_nodes']} node(s) at {address}"
    if health["status"] == "red":
        return Finding("Elasticsearch", "fault", what, "ask it why: GET _cluster/allocation/explain")
    return Finding("Elasticsearch", "ok", what)


def _indices(client: Elasticsearch, prefix: str) -> Finding:
    from sinks.elasticsearch.indices import alias
    from sinks.elasticsearch.templates import KINDS

    missing = [
        name
        for name in (alias(prefix, kind) for kind in KINDS)
        if not (client.indices.exists_index_template(name=name) and client.indices.exists_alias(name=name))
    ]
    if missing:
        return Finding("indices", "fault", f"missing: {', '.join(missing)}", "`wirewatch index apply`")
    return Finding("indices", "ok", f"templates and aliases of {', '.join(KINDS)} are there")


def _endpoints(settings: Settings) -> Settings:
    """The settings with what runs here filled in; as they are where nothing does."""
    try:
        return resolve_endpoints(settings)
    except LocalServiceError:
        return settings


def names_model(settings: Settings) -> Iterator[Finding]:
    """The model that finds names can be had here; one of a hub is looked for in its folder only."""
    from processors.encoder.packed import EncoderMissingError, packed_model

    model = settings.names.model
    if model == "builtin":
        try:
            packed_model()
        except EncoderMissingError as error:
            yield Finding("names model", "fault", str(error), f"or set {PREFIX}NAMES__MODEL=gazetteer")
            return
    elif model.startswith((".", "/", "~")) and not Path(model).expanduser().is_dir():
        yield Finding("names model", "fault", f"no folder {model}", f"set {PREFIX}NAMES__MODEL")
        return
    yield Finding("names model", "ok", model)


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    python,
    disk,
    local_services,
    kafka,
    elasticsearch,
    names_model,
)
