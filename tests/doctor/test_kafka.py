"""Faults of the broker, its topics and groups, each prepared on a real broker."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from schemas.dead_letter import DeadLetter, Origin
from schemas.topics import CLEAN, DAY_MS, DEAD_LETTERS, RAW
from schemas.wire import encode
from tests.doctor.conftest import found, small_disk, wrong
from wirewatch.doctor import clocks, groups
from wirewatch.kafka import consumer_options, producer_options
from wirewatch.local.kafka import Kafka
from wirewatch.settings import NamesSettings, Settings, load_settings
from wirewatch.topics import apply_topics


def configure(admin: KafkaAdminClient, topic: str, **config: str) -> None:
    named = {name.replace("_", "."): value for name, value in config.items()}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=named)])


def produce(settings: Settings, topic: str, *values: bytes) -> None:
    producer = KafkaProducer(**producer_options(settings.kafka))
    for value in values:
        producer.send(topic, value=value)
    producer.flush()
    producer.close()


def letter(reason: str, kind: str = "dead") -> bytes:
    made = DeadLetter(
        id=f"{reason}-{time.monotonic_ns()}", reason=reason, detail="a test", stage="names", kind=kind,  # type: ignore[arg-type]
        origin=Origin(topic=RAW.name), failed_at=datetime.now(UTC).isoformat(),
    )  # fmt: skip
    return encode(made)


def test_topics_that_are_missing(bare: Settings, admin: KafkaAdminClient) -> None:
    fault = wrong(bare)["topics"]
    assert (fault.verdict, "articles.raw" in fault.what, fault.mend) == (
        "fault",
        True,
        "`wirewatch topics apply`",
    )


def test_a_set_up_that_is_well_has_no_fault(well: Settings) -> None:
    seen = found(well.model_copy(update={"names": NamesSettings()}))
    assert [one for findings in seen.values() for one in findings if one.verdict == "fault"] == []
    assert [one.verdict for one in seen["Kafka's clock"]] == ["ok"]


@pytest.mark.parametrize(
    ("config", "verdict"),
    [
        ({"retention_ms": "3600000"}, "fault"),
        ({"retention_ms": str(30 * DAY_MS)}, "note"),
        ({"retention_ms": "-1"}, "note"),
        ({"cleanup_policy": "compact"}, "fault"),
        ({"max_message_bytes": "1000000"}, "fault"),
    ],
    ids=str,
)
def test_a_topic_that_is_configured_otherwise(
    well: Settings, admin: KafkaAdminClient, config: dict[str, str], verdict: str
) -> None:
    configure(admin, RAW.name, **config)
    seen = wrong(well)["topics"]
    [(name, value)] = config.items()
    assert (seen.verdict, seen.what.partition(",")[0]) == (
        verdict,
        f"{RAW.name}: {name.replace('_', '.')} is {value}",
    )
    assert seen.mend.startswith("kafka-configs.sh --alter --topic articles.raw --add-config")


def test_fewer_partitions_than_set(bare: Settings, admin: KafkaAdminClient) -> None:
    apply_topics(admin, bare.kafka.model_copy(update={"partitions": 2}))
    fault = wrong(bare)["topics"]
    assert (fault.verdict, "partitions is 2, not 4" in fault.what) == ("fault", True)


def test_a_memory_with_other_partitions_than_its_topic(well: Settings, admin: KafkaAdminClient) -> None:
    changelog = "wirewatch-stories-stories-memory-changelog"
    admin.create_topics({changelog: {"num_partitions": 3, "replication_factor": 1}})
    admin.wait_for_topics([changelog])
    fault = wrong(well)["partitions"]
    assert fault.what == f"{changelog} has 3 partitions, {CLEAN.name} 4: group stories can't run"
    assert f"--delete --topic {changelog}" in fault.mend


@pytest.mark.parametrize("shift_seconds", [-90, 90])
def test_a_clock_that_goes_wrong(well: Settings, monkeypatch: pytest.MonkeyPatch, shift_seconds: int) -> None:
    """Ours is shifted, as the doctor reads it; the broker's and the node's are real."""
    monkeypatch.setattr(clocks, "time", SimpleNamespace(time=lambda: time.time() + shift_seconds))
    seen = wrong(well)
    for subject in ("Kafka's clock", "Elasticsearch's clock"):
        assert seen[subject].verdict == "fault"
        assert ("behind" if shift_seconds > 0 else "ahead of") in seen[subject].what
        assert "time server" in seen[subject].mend


def test_a_broker_whose_disk_is_nearly_full(
    tmp_path: Path, services: object, nowhere: Callable[..., Settings]
) -> None:
    """The broker is real, and so is its disk; what fills it is not its own."""
    with small_disk(tmp_path / "disk", 60) as disk:
        broker = Kafka(disk, load_settings(data_dir=disk))
        broker.start()
        try:
            free_bytes = shutil.disk_usage(disk).free
            (disk / "else").write_bytes(bytes(free_bytes - 1_000_000))
            fault = wrong(nowhere(kafka={"bootstrap_servers": broker.bootstrap_servers}))["Kafka's disk"]
            (disk / "else").unlink()
        finally:
            broker.stop()
    assert (fault.verdict, "broker 1" in fault.what) == ("fault", True)
    assert "make room" in fault.mend


def test_a_group_that_nobody_reads_as(well: Settings) -> None:
    note = wrong(well)["groups"]
    assert (note.verdict, "nobody reads as wirewatch-intake" in note.what) == ("note", True)
    produce(well, RAW.name, b"{}", b"{}")
    faults = [one for one in found(well)["groups"] if one.verdict == "fault"]
    assert [one.what for one in faults] == ["nobody reads as wirewatch-intake: 2 records wait"]
    assert faults[0].mend == "start it: `wirewatch worker --groups intake`"


def test_a_group_that_stands_still_and_one_that_moves(
    well: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "STILL_SECONDS", 3.0)
    produce(well, RAW.name, b"{}")
    member = KafkaConsumer(**consumer_options(well.kafka, "wirewatch-intake"))
    member.subscribe([RAW.name])
    while not member.poll(timeout_ms=5000):
        pass
    [fault] = [one for one in found(well)["groups"] if one.verdict == "fault"]
    assert fault.what.startswith("wirewatch-intake has records in articles.raw/")
    assert "stood still for 3 s" in fault.what
    member.commit()
    assert [one for one in found(well)["groups"] if one.verdict == "fault"] == []
    member.close()


def test_dead_letters_that_are_ours_to_mend_and_some_that_only_tell(well: Settings) -> None:
    produce(well, DEAD_LETTERS.name, letter("empty", "dropped"))
    assert "dead letters" not in wrong(well)
    produce(well, DEAD_LETTERS.name, letter("not_json"), letter("not_json"))
    note = wrong(well)["dead letters"]
    assert (note.verdict, note.what) == ("note", "in the last hour 2 not_json in names")
    produce(well, DEAD_LETTERS.name, letter("stage_failed"))
    fault = wrong(well)["dead letters"]
    assert (fault.verdict, "1 stage_failed in names" in fault.what) == ("fault", True)
    assert "dlq replay" in fault.mend
