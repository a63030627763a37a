"""Topics against a real broker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from schemas.topics import DEAD_LETTERS, DESIGNATIONS, topic_names
from wirewatch.kafka import admin_options
from wirewatch.settings import KafkaSettings
from wirewatch.topics import TopicsError, apply_topics, inspect_topics


@pytest.fixture
def cluster(kafka: str) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=kafka)


@pytest.fixture
def admin(cluster: KafkaSettings) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(**admin_options(cluster))
    yield client
    client.close()


def test_applied_twice_the_second_time_changes_nothing(
    admin: KafkaAdminClient, cluster: KafkaSettings
) -> None:
    first = apply_topics(admin, cluster)
    assert set(first.states) == set(topic_names())
    assert first.created == first.missing
    second = apply_topics(admin, cluster)
    assert second.created == ()
    assert second.states == first.states
    assert second.drifts == ()


def test_topics_are_as_the_table_says(admin: KafkaAdminClient, cluster: KafkaSettings) -> None:
    states = apply_topics(admin, cluster).states
    assert {state.partitions for state in states.values()} == {cluster.partitions, 1}
    assert states[DESIGNATIONS.name].config["cleanup.policy"] == "compact"
    for name, topic in topic_names().items():
        assert topic.config().items() <= states[name].config.items()


def test_a_topic_that_is_missing_is_made_anew(admin: KafkaAdminClient, cluster: KafkaSettings) -> None:
    apply_topics(admin, cluster)
    admin.delete_topics(["backfill.articles.enriched"])
    assert apply_topics(admin, cluster).created == ("backfill.articles.enriched",)


def test_fewer_and_more_partitions_are_reported_and_left(
    admin: KafkaAdminClient, cluster: KafkaSettings
) -> None:
    apply_topics(admin, cluster)
    more = inspect_topics(admin, cluster.model_copy(update={"partitions": cluster.partitions + 1}))
    assert {(drift.what, drift.found) for drift in more.drifts} == {("partitions", str(cluster.partitions))}
    assert len(more.drifts) == sum(topic.partitions is None for topic in topic_names().values())
    assert "--partitions 5" in more.drifts[0].mend
    fewer = apply_topics(admin, cluster.model_copy(update={"partitions": cluster.partitions - 1}))
    assert "WIREWATCH_KAFKA__PARTITIONS=4" in fewer.drifts[0].mend
    assert fewer.states == more.states


def test_another_retention_is_reported_and_left(admin: KafkaAdminClient, cluster: KafkaSettings) -> None:
    apply_topics(admin, cluster)

    def set_retention(value: str) -> None:
        resource = ConfigResource(
            ConfigResourceType.TOPIC, DEAD_LETTERS.name, configs={"retention.ms": value}
        )
        admin.alter_configs([resource])

    set_retention("123456789")
    try:
        (drift,) = apply_topics(admin, cluster).drifts
        assert (drift.topic, drift.what, drift.found) == (DEAD_LETTERS.name, "retention.ms", "123456789")
        assert f"retention.ms={DEAD_LETTERS.retention_ms}" in drift.mend
    finally:
        set_retention(str(DEAD_LETTERS.retention_ms))
    assert apply_topics(admin, cluster).drifts == ()


def test_more_replicas_than_brokers_is_said(
    admin: KafkaAdminClient, cluster: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_topics(admin, cluster)
    admin.delete_topics(["alerts"])
    monkeypatch.setattr("wirewatch.topics.PATIENCE_SECONDS", 0.0)
    with pytest.raises(TopicsError, match=r"alerts.*[Rr]eplication factor"):
        apply_topics(admin, cluster.model_copy(update={"replication_factor": 3}))
    assert "alerts" in apply_topics(admin, cluster).created
