"""Runs the sinks of one process, each in a thread of its own, and stops them together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

import click
import msgspec
import structlog
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.dead_letter import Origin
from schemas.hops import Watch
from schemas.wire import encode
from sinks.alerts.channels import ConsoleChannel, TopicChannel, WebhookChannel
from sinks.alerts.channels_file import load_channels
from sinks.alerts.channels_file import outlets as named_outlets
from sinks.alerts.delivery import Bury
from sinks.alerts.message import as_sent
from sinks.alerts.outlet import Outlet
from sinks.alerts.rules import Rule, load_rules, rule_files
from sinks.alerts.sink import GROUP as ALERTS_GROUP
from sinks.alerts.sink import AlertSink
from sinks.alerts.stored import store
from sinks.consumer import GROUP_OPTIONS, Interrupted, Sink, SinkConsumer
from sinks.dead_letters import SetAside, dead_letter, kafka_set_aside
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import Change, apply
from sinks.elasticsearch.patience import insist
from sinks.elasticsearch.sink import GROUP as ELASTICSEARCH_GROUP
from sinks.elasticsearch.sink import ElasticsearchSink
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import AlertSettings, Settings
from wirewatch.stalls import CHECK_SECONDS, StallClock, positions
from wirewatch.terminal import printable
from wirewatch.watching import watching

log = structlog.get_logger(__name__)

GROUPS = {"elasticsearch": ELASTICSEARCH_GROUP, "alerts": ALERTS_GROUP}


STALL_SECONDS = 45.0


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
        producer = KafkaProducer(**producer_options(settings.kafka))
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
            threading.Thread(target=_run, args=(name, consumer, stop, fallen), name=name)
            for name, consumer in consumers.items()
        ]
        for thread in threads:
            thread.start()
        if _until_stalled(consumers, admin, stop):
            fallen.append("stalled")
            stop.set()
        for thread in threads:
            thread.join()
    return 1 if fallen else 0


def _until_stalled(
    consumers: Mapping[str, SinkConsumer], admin: KafkaAdminClient, stop: threading.Event
) -> bool:
    """Wait until `stop`, or until records stand before a sink that has nothing in hand (then True).

    kafka-python can lose its place in a group and go on polling for ever with nothing to show. Whoever
    runs the sinks starts them again: they then go on from the committed offsets. See `wirewatch.stalls`.
    """
    clocks = {name: StallClock(STALL_SECONDS) for name in consumers}
    while not stop.wait(CHECK_SECONDS):
        for name, consumer in consumers.items():
            try:
                found = positions(admin, GROUPS[name], _readable(admin, consumer))
            except KafkaError as error:
                log.warning("positions_unknown", sink=name, error=str(error))
                continue
            stalled = clocks[name].observe(time.monotonic(), {} if consumer.busy else found)
            if stalled:
                log.error("partition_stalled", sink=name, partitions=[str(one) for one in stalled])
                return True
    return False


def _readable(admin: KafkaAdminClient, consumer: SinkConsumer) -> set[TopicPartition]:
    """The partitions that a consumer has; all of its topics where it has none, which may be the fault."""
    if consumer.assigned:
        return set(consumer.assigned)
    return {
        TopicPartition(topic["name"], partition["partition_index"])
        for topic in admin.describe_topics(list(consumer.topics))
        for partition in topic["partitions"]
    }


def prepare(
    client: Elasticsearch,
    settings: Settings,
    names: Sequence[str],
    rules: Sequence[Rule],
    stop: threading.Event,
) -> list[str]:
    """Bring indices and rules up to date; the sinks that can run then: no alerts without a percolator."""

    def hold(seconds: float) -> None:
        if stop.wait(seconds):
            raise Interrupted

    prefix = settings.elasticsearch.index_prefix
    changes = {change.kind: change for change in insist(lambda: apply(client, prefix), hold, "apply indices")}
    refuse_conflicts(list(changes.values()))
    if changes["rules"].what == "unsupported":
        log.error("alerts_off", why=changes["rules"].detail)
        return [name for name in names if name != "alerts"]
    for stored in insist(lambda: store(client, prefix, rules), hold, "store rules"):
        if stored.what == "refused":
            log.error("rule_refused", rule=stored.rule, why=stored.detail)
    return list(names)


def refuse_conflicts(changes: Sequence[Change]) -> None:
    """Raise `IndexConflictError` naming every index that can't be made what its template says."""
    conflicts = [change for change in changes if change.what == "conflict"]
    if conflicts:
        raise IndexConflictError("\n".join(f"{change.index}: {change.detail}" for change in conflicts))


def channels(alerts: AlertSettings, producer: KafkaProducer) -> list[Outlet]:
    """Where alerts go, by the settings and by `channels.yaml` beside the rules; the alerts topic always.

    Raises `sinks.alerts.rules.RuleError` for faults of the file, or what the environment lacks.
    """
    chosen = [Outlet(TopicChannel(producer), always=True)]
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
    producer: KafkaProducer,
    settings: Settings,
    stop: threading.Event,
    watch: Watch,
) -> SinkConsumer:
    return SinkConsumer(
        _sink(name, client, producer, settings),
        KafkaConsumer(**(consumer_options(settings.kafka, GROUPS[name]) | GROUP_OPTIONS)),
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


def _sink(name: str, client: Elasticsearch, producer: KafkaProducer, settings: Settings) -> Sink:
    prefix = settings.elasticsearch.index_prefix
    makers: dict[str, Callable[[], Sink]] = {
        "elasticsearch": lambda: ElasticsearchSink(client, prefix, settings.elasticsearch.bulk_actions),
        "alerts": lambda: AlertSink(
            client,
            prefix,
            channels(settings.alerts, producer),
            bury=burial(kafka_set_aside(producer)),
        ),
    }
    return makers[name]()


def changes_text(changes: Sequence[Change]) -> str:
    """What was done to the indices, one a line."""
    return "\n".join(
        f"{change.index}: {change.what}{f' ({change.detail})' if change.detail else ''}" for change in changes
    )
