"""Runs the Faust apps of some groups of stages in one process and one event loop."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import faust
import structlog
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from processors.agents import AgentOptions, build_app
from processors.pipeline import PIPELINE, Group
from schemas.article import Lane
from wirewatch.enrichment import stage_options
from wirewatch.kafka import faust_options
from wirewatch.settings import Settings
from wirewatch.stalls import CHECK_SECONDS, StallClock, positions
from wirewatch.watching import Watching

log = structlog.get_logger(__name__)


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


def chosen_groups(names: Sequence[str]) -> list[Group]:
    """The groups of these names, all of them for none. Raises `ValueError` naming the unknown."""
    known = {group.name: group for group in PIPELINE}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"no group is called {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(PIPELINE)


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
        for app in apps:
            await app.start()
            log.info("group_started", app=app.conf.id)
        return await _until_stopped(apps, stop, admin)
    finally:
        for app in reversed(apps):
            await app.stop()
            log.info("group_stopped", app=app.conf.id)


async def _until_stopped(apps: Sequence[faust.App], stop: asyncio.Event, admin: KafkaAdminClient) -> int:
    asked = asyncio.create_task(stop.wait())
    fell: list[asyncio.Task[Any]] = [
        asyncio.create_task(app.wait_until_stopped(), name=app.conf.id) for app in apps
    ]
    fell.append(asyncio.create_task(_until_stalled(apps, admin), name="stalled"))
    done, waiting = await asyncio.wait([asked, *fell], return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    for task in done - {asked}:
        log.error("group_fell", why=task.get_name())
    return 0 if asked in done else 1


async def _until_stalled(apps: Sequence[faust.App], admin: KafkaAdminClient) -> None:
    """Return when a partition of ours has stood still for too long; see `wirewatch.stalls`."""
    clocks = {app.conf.id: StallClock() for app in apps}
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        for app in apps:
            sources = {topic for agent in app.agents.values() for topic in agent.channel.topics}
            ours = {
                TopicPartition(tp.topic, tp.partition)
                for tp in app.consumer.assignment()
                if tp.topic in sources
            }
            try:
                found = await asyncio.to_thread(positions, admin, app.conf.id, ours)
            except KafkaError as error:
                log.warning("positions_unknown", app=app.conf.id, error=str(error))
                continue
            stalled = clocks[app.conf.id].observe(time.monotonic(), found)
            if stalled:
                log.error("partition_stalled", app=app.conf.id, partitions=[str(one) for one in stalled])
                return
