"""`wirewatch topics`: the cluster's topics beside the table of topics."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wirewatch.settings import KafkaSettings, Settings

if TYPE_CHECKING:
    from wirewatch.topics import TopicReport


@click.group()
def command() -> None:
    """Show, create and compare the Kafka topics.

    Exit code 1 where a topic is missing or differs from what it should be.
    """


@command.command()
@click.pass_obj
def show(settings: Settings) -> None:
    """Show the topics, and how they differ from what they should be. Changes nothing."""
    from wirewatch.topics import inspect_topics

    with _admin(settings) as (admin, kafka):
        report = inspect_topics(admin, kafka)
    _print_table(report, kafka)
    if report.missing:
        hidden = "" if kafka.security_protocol == "PLAINTEXT" else ", or this user may not see them"
        click.echo(f"{len(report.missing)} missing{hidden}. To create them: wirewatch topics apply", err=True)
    _end(report, healthy=not report.missing)


@command.command()
@click.pass_obj
def apply(settings: Settings) -> None:
    """Create the topics that are missing. Deletes and alters nothing."""
    from wirewatch.topics import apply_topics

    with _admin(settings) as (admin, kafka):
        report = apply_topics(admin, kafka)
    for name in report.created:
        click.echo(f"{name}: created")
    click.echo(f"{len(report.created)} created, {len(report.states) - len(report.created)} were there")
    _end(report)


@contextmanager
def _admin(settings: Settings) -> Iterator[tuple[object, KafkaSettings]]:
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    from wirewatch.kafka import admin_options, reachable_kafka
    from wirewatch.logs import mute_kafka
    from wirewatch.topics import TopicsError

    mute_kafka()
    kafka = reachable_kafka(settings)
    try:
        admin = KafkaAdminClient(**admin_options(kafka))
    except KafkaError as error:
        raise click.ClickException(f"no Kafka broker answers at {kafka.bootstrap_servers}: {error}") from None
    try:
        yield admin, kafka
    except TopicsError as error:
        raise click.ClickException(f"the topics can't be read or created: {error}") from None
    finally:
        admin.close()


def _end(report: TopicReport, *, healthy: bool = True) -> None:
    for drift in report.drifts:
        click.echo(
            f"{drift.topic}: {drift.what} is {drift.found}, not {drift.wanted}\n  {drift.mend}", err=True
        )
    sys.exit(0 if healthy and not report.drifts else 1)


def _print_table(report: TopicReport, kafka: KafkaSettings) -> None:
    from rich.console import Console
    from rich.table import Table

    from schemas.topics import DAY_MS, topic_names
    from wirewatch.topics import wanted_partitions

    drifting = {drift.topic for drift in report.drifts}
    table = Table("topic", "record", "parts", "copies", "kept", "state", box=None)
    for name, topic in topic_names().items():
        state = report.states.get(name)
        table.add_row(
            name,
            topic.record.__name__,
            str(state.partitions if state else wanted_partitions(topic, kafka)),
            str(state.replication_factor if state else kafka.replication_factor),
            "for ever" if topic.compacted else f"{topic.retention_ms // DAY_MS} days",
            "missing" if state is None else "differs" if name in drifting else "ok",
        )
    Console().print(table)
