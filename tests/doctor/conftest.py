"""A set-up that is well, so that each test can break one thing of it for real.

The broker is these tests' own, since they break its topics; the node is shared, under an index prefix of
each test's own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import apply
from wirewatch.doctor import Finding, examine
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options
from wirewatch.local.kafka import Kafka
from wirewatch.settings import KafkaSettings, NamesSettings, Settings, load_settings
from wirewatch.topics import apply_topics

Findings = dict[str, list[Finding]]


def found(settings: Settings) -> Findings:
    """What the doctor finds, by subject."""
    by_subject: Findings = {}
    for finding in examine(settings):
        by_subject.setdefault(finding.subject, []).append(finding)
    return by_subject


def wrong(settings: Settings) -> dict[str, Finding]:
    """What is a fault or worth a note, by subject; of several of a subject the last."""
    return {
        subject: finding
        for subject, findings in found(settings).items()
        for finding in findings
        if finding.verdict != "ok"
    }


@pytest.fixture(scope="session")
def own_broker(services: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    folder = tmp_path_factory.mktemp("doctor")
    broker = Kafka(folder, load_settings(data_dir=folder))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def admin(own_broker: Kafka) -> Iterator[KafkaAdminClient]:
    """The broker's, without any of our topics and groups."""
    client = KafkaAdminClient(**admin_options(KafkaSettings(bootstrap_servers=own_broker.bootstrap_servers)))
    yield client
    ours = [one["name"] for one in client.describe_topics() if not one["name"].startswith("__")]
    client.delete_topics(ours)
    client.close()


@pytest.fixture
def bare(settings: Settings, own_broker: Kafka) -> Settings:
    """The broker and the node, with nothing of ours on them."""
    kafka = KafkaSettings(bootstrap_servers=own_broker.bootstrap_servers)
    return settings.model_copy(update={"kafka": kafka, "names": NamesSettings(model="gazetteer")})


@pytest.fixture
def well(bare: Settings, admin: KafkaAdminClient) -> Iterator[Settings]:
    """Topics, indices and rules applied."""
    apply_topics(admin, bare.kafka)
    prefix = bare.elasticsearch.index_prefix
    with elasticsearch_client(bare.elasticsearch) as client:
        apply(client, prefix)
        store(client, prefix, load_rules(rule_files()))
        yield bare
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture
def nowhere(tmp_path: object) -> Callable[..., Settings]:
    """Settings of which nothing runs, so that only the machine is looked at."""

    def made(**given: Any) -> Settings:
        plain: dict[str, Any] = {"data_dir": tmp_path, "names": {"model": "gazetteer"}}
        return load_settings(**(plain | given))

    return made


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of so many megabytes; skips where only root may mount one."""
    folder.mkdir()
    options = ["-o", f"size={megabytes}m"]
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", 2) as folder:
        yield folder
