"""Runs the sinks of one process, each in a thread of its own, and stops them together."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import click
import msgspec
import structlog
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from schemas.dead_letter import Origin
from schemas.hops import Watch
from schemas.wire import encode
from sinks.alerts.channels import ConsoleChannel, WebhookChannel
from sinks.alerts.channels_file import load_channels
from sinks.alerts.channels_file import outlets as named_outlets
from sinks.alerts.delivery import Bury
from sinks.alerts.message import as_sent
from sinks.alerts.outlet import Outlet
from sinks.alerts.rules import Rule, load_rules, rule_files
from sinks.alerts.sink import GROUP as ALERTS_GROUP
from sinks.alerts.sink import AlertSink
from sinks.alerts.stored import store
from sinks.alerts.told import TopicNotes
from sinks.alerts.topic import TopicChannel
from sinks.consumer import GROUP_OPTIONS, POLL_SECONDS, Interrupted, Sink, SinkConsumer
from sinks.dead_letters import SetAside, dead_letter, kafka_set_aside
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import Change, apply
from sinks.elasticsearch.patience import insist
from sinks.elasticsearch.sink import GROUP as ELASTICSEARCH_GROUP
from sinks.elasticsearch.sink import ElasticsearchSink
from sinks.producer import Producer, RenewedProducer
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import AlertSettings, KafkaSettings, Settings
from wirewatch.stalls import (
    CHECK_SECONDS,
    LIMIT_SECONDS,
    Place,
    Position,
    StallClock,
    StallWatch,
    cpu_seconds,
    partitions_of,
    positions,
)
from wirewatch.terminal import printable
from wirewatch.watching import watching
from wirewatch.watching.health import Health

log = structlog.get_logger(__name__)

GROUPS = {"elasticsearch": ELASTICSEARCH_GROUP, "alerts": ALERTS_GROUP}

END_SECONDS = 10.0
"""How long a stalled sink may take to stop in order; what hangs ends with the process."""


class IndexConflictError(Exception):
    """An index can't be made what its template says, so writing to it would lose records."""


def run_sinks(settings: Settings, names: Sequence[str], stop: threading.Event) -> int:
    """Run the sinks named until `stop`. Exit code 0 if it was asked for, 1 if a sink fell by itself.

    Indices and rules are brought up to date first, however long Elasticsearch is away. Raises
    `sinks.alerts.rules.RuleError` and `IndexConflictError` for what waiting can't mend.
    """
    rules = load_rules(rule_files(settings.alerts.rules_dir))
    if "alerts" in names:
        named_outlets(load_channels(settings.alerts.rules_dir))
    fallen: list[str] = []
    with ExitStack() as opened:
        client = opened.enter_context(elasticsearch_client(settings.elasticsearch))
        producer = RenewedProducer(lambda: KafkaProducer(**producer_options(settings.kafka)))
        opened.callback(producer.close)
        try:
            names = prepare(client, settings, names, rules, stop)
        except Interrupted:
            return 0
        admin = KafkaAdminClient(**admin_options(settings.kafka))
        opened.callback(admin.close)
        seen = opened.enter_context(watching(settings))
        for name in names:
            seen.expect(GROUPS[name], (name,))
        consumers = {name: _consumer(name, client, producer, settings, stop, seen) for name in names}
        threads = [
            threading.Thread(target=_run, args=(name, consumer, stop, fallen), name=name, daemon=True)
            for name, consumer in consumers.items()
        ]
        for thread in threads:
            thread.start()
        if _until_stalled(consumers, admin, stop, seen.health, stalled_seconds(settings)):
            fallen.append("stalled")
        deadline = time.monotonic() + (END_SECONDS if "stalled" in fallen else math.inf)
        for thread, consumer in zip(threads, consumers.values(), strict=True):
            while thread.is_alive() and not consumer.joining and time.monotonic() < deadline:
                thread.join(POLL_SECONDS)
    return 1 if fallen else 0


def stalled_seconds(settings: Settings) -> float:
    """After how long a partition counts as stalled: longer than Elasticsearch may take for an answer."""
    return max(LIMIT_SECONDS, settings.elasticsearch.request_timeout_seconds + 2 * CHECK_SECONDS)


def group_options(settings: Settings) -> dict[str, Any]:
    """How a sink is in its group: no answer of Elasticsearch may take longer than a member may be silent, and
    for no member may the group wait until its partitions count as stalled.
    """
    silent_seconds = stalled_seconds(settings) - CHECK_SECONDS
    return GROUP_OPTIONS | {"max_poll_interval_ms": int(silent_seconds * 1000)}


def _until_stalled(
    consumers: Mapping[str, SinkConsumer],
    admin: KafkaAdminClient,
    stop: threading.Event,
    health: Health,
    limit_seconds: float = LIMIT_SECONDS,
) -> bool:
    """Wait until `stop`, or until records stand before a sink that does not work on any (then True).

    kafka-python can lose its place in a group and go on polling for ever with nothing to show. Whoever
    runs the sinks starts them again: they then go on from the committed offsets. A sink that has a batch in
    hand may hold for days, while Elasticsearch is away: what its thread computes meanwhile, as it polls and
    tries again, tells it from one that hangs. See `wirewatch.stalls`.
    """

    def look() -> dict[Place, Position]:
        return {
            (GROUPS[name], partition): replace(position, sign=_sign_of_life(name, consumer))
            for name, consumer in consumers.items()
            for partition, position in positions(admin, GROUPS[name], _readable(admin, consumer)).items()
        }

    def end(places: Sequence[Place]) -> None:
        for group, partition in places:
            log.error("partition_stalled", group=group, topic=partition.topic, partition=partition.partition)
        stalled.set()
        stop.set()

    stalled = threading.Event()
    watch = StallWatch(look, end, StallClock(limit_seconds), health.tell, CHECK_SECONDS)
    watch.start()
    stop.wait()
    watch.end()
    watch.join()
    return stalled.is_set()


def _sign_of_life(name: str, consumer: SinkConsumer) -> float:
    """What its thread has computed, where it has a batch in hand; polling for nothing is no sign."""
    thread = next((each for each in threading.enumerate() if each.name == name), None)
    return cpu_seconds(thread) if consumer.busy else 0.0


def _readable(admin: KafkaAdminClient, consumer: SinkConsumer) -> set[TopicPartition]:
    """The partitions that a consumer has; all of its topics where it has none, which may be the fault."""
    return set(consumer.assigned) or partitions_of(admin, consumer.topics)


def prepare(
    client: Elasticsearch,
    settings: Settings,
    names: Sequence[str],
    rules: Sequence[Rule],
    stop: threading.Event,
) -> list[str]:
    """Bring indices and rules up to date; the sinks that can run then: no alerts without a percolator."""
    from processors.names.meant import entities_meant

    def hold(seconds: float) -> None:
        if stop.wait(seconds):
            raise Interrupted

    prefix = settings.elasticsearch.index_prefix
    changes = {change.kind: change for change in insist(lambda: apply(client, prefix), hold, "apply indices")}
    refuse_conflicts(list(changes.values()))
    if changes["rules"].what == "unsupported":
        log.error("alerts_off", why=changes["rules"].detail)
        return [name for name in names if name != "alerts"]
    for stored in insist(lambda: store(client, prefix, rules, meant=entities_meant), hold, "store rules"):
        if stored.what == "refused":
            log.error("rule_refused", rule=stored.rule, why=stored.detail)
    return list(names)


def _reader(kafka: KafkaSettings) -> Callable[[], KafkaConsumer]:
    return lambda: KafkaConsumer(**consumer_options(kafka))


def refuse_conflicts(changes: Sequence[Change]) -> None:
    """Raise `IndexConflictError` naming every index that can't be made what its template says."""
    conflicts = [change for change in changes if change.what == "conflict"]
    if conflicts:
        raise IndexConflictError("\n".join(f"{change.index}: {change.detail}" for change in conflicts))


def channels(alerts: AlertSettings, kafka: KafkaSettings, producer: Producer) -> list[Outlet]:
    """Where alerts go, by the settings and by `channels.yaml` beside the rules; the alerts topic always.

    Raises `sinks.alerts.rules.RuleError` for faults of the file, or what the environment lacks.
    """
    topic = TopicChannel(producer, _reader(kafka))
    chosen = [Outlet(topic, always=True)]
    if alerts.console:
        chosen.append(Outlet(ConsoleChannel(lambda text: click.echo(printable(text)))))
    if alerts.webhook_url is not None:
        secret = alerts.webhook_secret.get_secret_value().encode() if alerts.webhook_secret else None
        chosen.append(Outlet(WebhookChannel(alerts.webhook_url, secret)))
    return chosen + named_outlets(load_channels(alerts.rules_dir))


def burial(set_aside: SetAside) -> Bury:
    """A dead letter for an alert that a channel refused; `wirewatch rules resend` sends it again."""

    def bury(alert: AlertDocument, channel: str, why: str) -> None:
        origin = Origin(topic=f"channel {channel}", key=alert.id)
        payload = encode(as_sent(alert))
        letter = dead_letter(
            stage="alerts", reason="channel_refused", detail=why, origin=origin, payload=payload
        )
        set_aside([msgspec.structs.replace(letter, article_id=alert.article_id)])

    return bury


def _consumer(  # noqa: PLR0913, PLR0917
    name: str,
    client: Elasticsearch,
    producer: Producer,
    settings: Settings,
    stop: threading.Event,
    watch: Watch,
) -> SinkConsumer:
    return SinkConsumer(
        _sink(name, client, producer, settings),
        KafkaConsumer(**(consumer_options(settings.kafka, GROUPS[name]) | group_options(settings))),
        kafka_set_aside(producer),
        stop,
        batch_records=settings.elasticsearch.bulk_actions,
        batch_seconds=settings.elasticsearch.bulk_seconds,
        watch=watch,
        group=GROUPS[name],
    )


def _run(name: str, consumer: SinkConsumer, stop: threading.Event, fallen: list[str]) -> None:
    """Run one sink; if it falls, the others stop too, since half a sink is not noticed."""
    try:
        consumer.run()
    except Exception:
        log.exception("sink_fell", sink=name)
        fallen.append(name)
        stop.set()


def _sink(name: str, client: Elasticsearch, producer: Producer, settings: Settings) -> Sink:
    prefix = settings.elasticsearch.index_prefix
    makers: dict[str, Callable[[], Sink]] = {
        "elasticsearch": lambda: ElasticsearchSink(client, prefix, settings.elasticsearch.bulk_actions),
        "alerts": lambda: AlertSink(
            client,
            prefix,
            channels(settings.alerts, settings.kafka, producer),
            bury=burial(kafka_set_aside(producer)),
            notes=TopicNotes(producer, _reader(settings.kafka)),
        ),
    }
    return makers[name]()


def changes_text(changes: Sequence[Change]) -> str:
    """What was done to the indices, one a line."""
    return "\n".join(
        f"{change.index}: {change.what}{f' ({change.detail})' if change.detail else ''}" for change in changes
    )
