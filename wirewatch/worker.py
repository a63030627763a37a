"""Runs the Faust apps of some groups of stages in one process and one event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import faust
import structlog
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from processors.agent_options import AgentOptions
from processors.agents import build_app
from processors.pipeline import PIPELINE, Group
from schemas.article import Lane
from wirewatch.enrichment import stage_options
from wirewatch.kafka import faust_options
from wirewatch.settings import Settings
from wirewatch.stalls import (
    WORKING_SECONDS,
    Place,
    Position,
    StallClock,
    StallWatch,
    all_positions,
    cpu_seconds,
    partitions_of,
)
from wirewatch.watching import Watching
from wirewatch.watching.health import Health

log = structlog.get_logger(__name__)

END_SECONDS = 10.0
"""How long a stalled worker may take to stop in order."""


def agent_options(settings: Settings, lane: Lane, instance: str = "") -> AgentOptions:
    """What the agents need of the settings; `instance` as the command line names it."""
    return AgentOptions(
        client=faust_options(settings.kafka),
        data_dir=settings.data_dir / "state",
        lane=lane,
        instance=instance,
        partitions=settings.kafka.partitions,
        replication_factor=settings.kafka.replication_factor,
        commit_seconds=settings.worker.commit_seconds,
        batch_articles=settings.worker.batch_articles,
        batch_seconds=settings.worker.batch_seconds,
        designation_window_days=settings.worker.designation_window_days,
        stages=stage_options(settings),
    )


def chosen_groups(names: Sequence[str], lane: Lane = "live") -> list[Group]:
    """The groups of these names; for none all of them, in the backfill lane those that are its own.

    Raises `ValueError` naming the unknown.
    """
    known = {group.name: group for group in PIPELINE}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"no group is called {', '.join(unknown)}; there are {', '.join(known)}")
    if names:
        return [known[name] for name in names]
    return [group for group in PIPELINE if lane == "live" or group.source.per_lane]


async def run_groups(
    groups: Sequence[Group], options: AgentOptions, admin: KafkaAdminClient, watching: Watching
) -> int:
    """Run until SIGTERM or SIGINT (exit code 0), or until an app stops by itself or stalls (1).

    Whoever runs the worker starts it again: it then goes on from the committed offsets.
    """
    apps = [build_app(group, replace(options, watch=watching)) for group in groups]
    for group, app in zip(groups, apps, strict=True):
        watching.expect(app.conf.id, group.stages or (group.name,))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        for app in reversed(apps):  # what is remembered downstream is read before anything flows
            await app.start()
            log.info("group_started", app=app.conf.id)
        return await _until_stopped(apps, stop, admin, watching.health)
    finally:
        for app in apps:
            await app.stop()
            log.info("group_stopped", app=app.conf.id)


async def _until_stopped(
    apps: Sequence[faust.App], stop: asyncio.Event, admin: KafkaAdminClient, health: Health
) -> int:
    asked = asyncio.create_task(stop.wait())
    stalled = asyncio.Event()
    fell: list[asyncio.Task[Any]] = [
        asyncio.create_task(app.wait_until_stopped(), name=app.conf.id) for app in apps
    ]
    fell.append(asyncio.create_task(stalled.wait(), name="stalled"))
    watch = _watch(apps, admin, stalled, health)
    try:
        done, waiting = await asyncio.wait([asked, *fell], return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.end()
    for task in waiting:
        task.cancel()
    for task in done - {asked}:
        log.error("group_fell", why=task.get_name())
    return 0 if asked in done else 1


def _watch(
    apps: Sequence[faust.App], admin: KafkaAdminClient, stalled: asyncio.Event, health: Health
) -> StallWatch:
    """Watches the partitions of all apps, and ends the process whose partition is stalled.

    It is asked to stop in order first. What hangs may hang in that too, in the event loop or in a thread
    that the interpreter would wait for, so soon after it is ended outright; nothing is lost by that.
    """
    loop = asyncio.get_running_loop()

    def end(places: list[Place]) -> None:
        for group, partition in places:
            log.error("partition_stalled", group=group, topic=partition.topic, partition=partition.partition)
        loop.call_soon_threadsafe(stalled.set)
        time.sleep(END_SECONDS)
        log.error("ended_outright", why="stalled")
        os._exit(1)

    clock: StallClock[Place] = StallClock(working_seconds=WORKING_SECONDS)
    watch = StallWatch(lambda: _places(apps, admin), end, clock, health.tell)
    watch.start()
    return watch


def _places(apps: Sequence[faust.App], admin: KafkaAdminClient) -> dict[Place, Position]:
    """Where the apps are in their partitions, each with its signs of life. Raises `KafkaError`."""
    signs = {app.conf.id: _sign_of_life(app) for app in apps}
    found = all_positions(admin, {app.conf.id: _partitions(app, admin) for app in apps})
    return {place: replace(position, sign=signs[place[0]]) for place, position in found.items()}


def _partitions(app: faust.App, admin: KafkaAdminClient) -> set[TopicPartition]:
    """An app's own partitions; all of its topics where it has none, since that may be the fault."""
    sources = {topic for agent in app.agents.values() for topic in agent.channel.topics}
    ours = {TopicPartition(tp.topic, tp.partition) for tp in app.consumer.assignment() if tp.topic in sources}
    return ours or partitions_of(admin, sources)


def _sign_of_life(app: faust.App) -> float:
    """What its stages' thread has computed, and what of its tables has been recovered."""
    names = tuple(f"{name}_" for name in app.agents)
    computed = sum(cpu_seconds(thread) for thread in threading.enumerate() if thread.name.startswith(names))
    tables: Any = app.tables  # Faust's type leaves the recovery out
    return float(computed + sum(tables.recovery.active_offsets.values()))
