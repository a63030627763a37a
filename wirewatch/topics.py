"""Makes the cluster's topics what `schemas.topics` says: creates the missing, reports the differing.

Nothing is ever deleted or altered: more partitions would send an article's key elsewhere than its state,
and less retention destroys. A person does that, told how.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import (
    InvalidReplicationFactorError,
    KafkaError,
    NoError,
    TopicAlreadyExistsError,
    for_code,
)

from schemas.topics import Topic, topic_names
from wirewatch.settings import KafkaSettings

RETRY_SECONDS = 0.5
PATIENCE_SECONDS = 20.0

Asked = TypeVar("Asked")


class TopicsError(Exception):
    """The topics could not be read or created. The message says which, and what the cluster answered."""


@dataclass(frozen=True)
class TopicState:
    """A topic as the cluster has it. `config` holds values as the text Kafka gives."""

    partitions: int
    replication_factor: int
    config: Mapping[str, str]


@dataclass(frozen=True)
class Drift:
    """One thing in which a topic differs from the table, and the command that mends it."""

    topic: str
    what: str
    wanted: str
    found: str
    mend: str


@dataclass(frozen=True)
class TopicReport:
    """What was found and done. `missing` are those not there when looked at, `created` those made since."""

    states: Mapping[str, TopicState]
    missing: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    drifts: tuple[Drift, ...] = ()


def apply_topics(admin: KafkaAdminClient, kafka: KafkaSettings) -> TopicReport:
    """Create the topics that are missing, wait until they have leaders, and report what differs.

    Doing it again, or from two processes at once, changes nothing. Raises `TopicsError` where a topic
    can't be created within `PATIENCE_SECONDS`, as on a cluster with fewer brokers than
    `replication_factor`.
    """
    before = inspect_topics(admin, kafka)
    if not before.missing:
        return before
    _create(admin, {name: _creation(topic_names()[name], kafka) for name in before.missing})
    after = inspect_topics(admin, kafka)
    return TopicReport(after.states, before.missing, before.missing, after.drifts)


def inspect_topics(admin: KafkaAdminClient, kafka: KafkaSettings) -> TopicReport:
    """What the cluster has of our topics, and how it differs from the table. Changes nothing."""
    states = _patiently(lambda: _states(admin))
    drifts = [
        drift
        for name, topic in topic_names().items()
        if name in states
        for drift in topic_drifts(name, topic, states[name], kafka)
    ]
    missing = tuple(name for name in topic_names() if name not in states)
    return TopicReport(states, missing, (), tuple(drifts))


def wanted_partitions(topic: Topic, kafka: KafkaSettings) -> int:
    """How many partitions a topic is created with: the table's number, else the settings'."""
    return topic.partitions or kafka.partitions


def topic_drifts(name: str, topic: Topic, state: TopicState, kafka: KafkaSettings) -> list[Drift]:
    """In what a topic differs from the table. More replicas than asked for are no drift."""
    drifts = []
    partitions = wanted_partitions(topic, kafka)
    if state.partitions < partitions:
        mend = f"kafka-topics.sh --alter --topic {name} --partitions {partitions}  # with the workers stopped"
        drifts.append(Drift(name, "partitions", str(partitions), str(state.partitions), mend))
    elif state.partitions > partitions:
        mend = f"Kafka can't take partitions away: set WIREWATCH_KAFKA__PARTITIONS={state.partitions}"
        drifts.append(Drift(name, "partitions", str(partitions), str(state.partitions), mend))
    if state.replication_factor < kafka.replication_factor:
        found, wanted = str(state.replication_factor), str(kafka.replication_factor)
        mend = f"kafka-reassign-partitions.sh, giving each partition of {name} {wanted} replicas"
        drifts.append(Drift(name, "replication factor", wanted, found, mend))
    for key, value in topic.config().items():
        if state.config.get(key) != value:
            mend = f"kafka-configs.sh --alter --topic {name} --add-config {key}={value}"
            drifts.append(Drift(name, key, value, state.config.get(key, "not set"), mend))
    return drifts


def _creation(topic: Topic, kafka: KafkaSettings) -> dict[str, Any]:
    return {
        "num_partitions": wanted_partitions(topic, kafka),
        "replication_factor": kafka.replication_factor,
        "configs": topic.config(),
    }


def _create(admin: KafkaAdminClient, wanted: dict[str, dict[str, Any]]) -> None:
    def attempt() -> None:
        answer = admin.create_topics(wanted, raise_errors=False)
        for topic in answer["topics"]:
            error = for_code(topic["error_code"])
            if error not in (NoError, TopicAlreadyExistsError):
                raise error(f"{topic['name']}: {topic.get('error_message') or 'refused'}")
        admin.wait_for_topics(list(wanted))

    _patiently(attempt)


def _states(admin: KafkaAdminClient) -> dict[str, TopicState]:
    described = {
        topic["name"]: topic["partitions"]
        for topic in admin.describe_topics()
        if topic["name"] in topic_names() and topic["error_code"] == NoError.errno
    }
    if not described:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in described]
    configs = admin.describe_configs(resources, config_filter="all")["topic"]
    return {
        name: TopicState(
            partitions=len(partitions),
            replication_factor=min((len(each["replica_nodes"]) for each in partitions), default=0),
            config={key: str(entry["value"]) for key, entry in configs[name].items()},
        )
        for name, partitions in described.items()
    }


def _patiently(ask: Callable[[], Asked]) -> Asked:
    """The answer, asked for again while the cluster is too fresh to give it.

    A broker that has only just started knows of no brokers: it says so as a wrong replication factor.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except KafkaError as error:
            fresh = error.retriable or isinstance(error, InvalidReplicationFactorError)
            if not fresh or time.monotonic() > deadline:
                raise TopicsError(str(error)) from error
            time.sleep(RETRY_SECONDS)
