"""The broker, its clock, and our topics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from schemas.topics import RAW
from wirewatch.doctor.clocks import clock
from wirewatch.doctor.disks import room
from wirewatch.doctor.finding import PATIENCE, PATIENCE_SECONDS, Finding, Verdict, endpoints
from wirewatch.doctor.groups import groups
from wirewatch.doctor.letters import dead_letters
from wirewatch.settings import PREFIX, Settings
from wirewatch.topics import Drift


def broker(settings: Settings) -> Iterator[Finding]:
    """The broker answers, and has our topics as they should be."""
    found = endpoints(settings)
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
            yield from clock("Kafka's clock", _moment(admin))
            yield from _disks(admin)
            topics = list(_topics(admin, found))
            yield from topics
            if not any(one.what.startswith("missing") for one in topics):
                yield from groups(admin)
                yield from dead_letters(found.kafka)
    except NotAdmittedError as error:
        yield Finding("Kafka", "fault", str(error))
    except KafkaError as error:
        mend = f"start it, or correct {PREFIX}KAFKA__BOOTSTRAP_SERVERS, its TLS and SASL settings"
        yield Finding("Kafka", "fault", f"{address} does not answer: {error}", mend)


def _brokers(admin: Any, address: str) -> Finding:
    brokers = admin.describe_cluster()["brokers"]
    version = ".".join(map(str, admin.get_broker_version_data(brokers[0]["broker_id"]).broker_version))
    return Finding("Kafka", "ok", f"{len(brokers)} broker(s) at {address}, protocol of {version} or newer")


def _disks(admin: Any) -> Iterator[Finding]:
    """The brokers' disks, where they tell (Kafka 3.3 and newer, to users who may describe the cluster)."""
    from kafka.errors import KafkaError

    try:
        brokers = admin.describe_log_dirs([RAW.name])
    except (KafkaError, ValueError):
        return
    for broker in brokers:
        for disk in broker["log_dirs"]:
            where = f"broker {broker['broker']}, {disk['log_dir']}"
            if disk["error_code"]:
                what = f"{where} is offline"
                yield Finding("Kafka's disk", "fault", what, "look at its disk and log, and start it again")
            yield from room("Kafka's disk", where, disk.get("usable_bytes", 0), disk.get("total_bytes", 0))


def _moment(admin: Any) -> float | None:
    """What time it is for the controller, which knows when its own log was last caught up with: now.

    `None` where the cluster has no such controller, or does not tell us.
    """
    from kafka.errors import KafkaError

    try:
        [topic] = admin.describe_metadata_quorum()["topics"]
    except (KafkaError, ValueError, KeyError, TypeError):
        return None
    [partition] = topic["partitions"]
    caught_up = {one["replica_id"]: one["last_caught_up_timestamp"] for one in partition["current_voters"]}
    moment_ms = caught_up.get(partition["leader_id"], -1)
    return moment_ms / 1000 if moment_ms > 0 else None


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
        yield Finding("topics", weight(drift), what, drift.mend)
    if not report.missing and not report.drifts:
        yield Finding("topics", "ok", f"all {len(report.states)} are there")


def weight(drift: Drift) -> Verdict:
    """More retention, room or partitions than the table says harm nobody; less loses or refuses records."""
    if drift.what == "cleanup.policy":
        return "fault"
    found, wanted = (_amount(text) for text in (drift.found, drift.wanted))
    return "note" if found > wanted else "fault"


def _amount(text: str) -> float:
    """A number of Kafka's; -1 stands for no bound."""
    try:
        return float("inf") if text == "-1" else float(text)
    except ValueError:
        return 0.0
