"""Runs the Faust apps of some groups of stages in one process and one event loop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence

import faust
import structlog

from processors.agents import AgentOptions, build_app
from processors.pipeline import PIPELINE, Group
from schemas.article import Lane
from wirewatch.kafka import faust_options
from wirewatch.settings import Settings

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
        story_window_days=settings.worker.story_window_days,
        designation_window_days=settings.worker.designation_window_days,
        names_model=settings.names.model,
    )


def chosen_groups(names: Sequence[str]) -> list[Group]:
    """The groups of these names, all of them for none. Raises `ValueError` naming the unknown."""
    known = {group.name: group for group in PIPELINE}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"no group is called {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(PIPELINE)


async def run_groups(groups: Sequence[Group], options: AgentOptions) -> int:
    """Run until SIGTERM or SIGINT (exit code 0), or until an app stops by itself (1)."""
    apps = [build_app(group, options) for group in groups]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        for app in apps:
            await app.start()
            log.info("group_started", app=app.conf.id)
        return await _until_stopped(apps, stop)
    finally:
        for app in reversed(apps):
            await app.stop()
            log.info("group_stopped", app=app.conf.id)


async def _until_stopped(apps: Sequence[faust.App], stop: asyncio.Event) -> int:
    asked = asyncio.ensure_future(stop.wait())
    ended = {asyncio.ensure_future(app.wait_until_stopped()): app for app in apps}
    await asyncio.wait([asked, *ended], return_when=asyncio.FIRST_COMPLETED)
    fallen = [app.conf.id for future, app in ended.items() if future.done()]
    for future in (asked, *ended):
        future.cancel()
    if fallen:
        log.error("group_fell", apps=fallen)
    return 1 if fallen else 0
