"""The consumer groups: who reads, who stands still, and whether a group's topics agree in partitions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processors.agents import app_id
from processors.pipeline import PIPELINE
from schemas.article import Lane
from schemas.topics import LANES
from wirewatch.doctor.finding import Finding, listed

STILL_SECONDS = 20.0
LOOK_SECONDS = 1.0
SINKS = {"wirewatch-sink-elasticsearch": "elasticsearch", "wirewatch-sink-alerts": "alerts"}

_Positions = Mapping[Any, Any]


@dataclass(frozen=True)
class _Group:
    """A consumer group: its topics, its lane, and the command that runs it."""

    name: str
    topics: tuple[str, ...]
    lane: Lane
    command: str


def groups(admin: Any) -> Iterator[Finding]:
    """Every group has members, moves where records wait, and its memory's partitions are its topic's."""
    yield from _memories(admin)
    known = _groups()
    members = {
        name: len(described["members"])
        for name, described in admin.describe_groups([one.name for one in known]).items()
    }
    waiting = {one.name: _waiting(admin, one) for one in known}
    absent = [one for one in known if not members[one.name]]
    for one in absent:
        if waiting[one.name]:
            yield _unread(one, sum(waiting[one.name].values()))
    idle = [one.name for one in absent if one.lane == "live" and not waiting[one.name]]
    if idle:
        yield Finding("groups", "note", f"nobody reads as {listed(idle)}", "start workers and sinks")
    still = _still(admin, [one for one in known if members[one.name]], waiting)
    for one, partitions in still:
        what = f"{one.name} has records in {listed(partitions)} and stood still for {STILL_SECONDS:.0f} s"
        yield Finding("groups", "fault", what, "read its log; start it again: nothing is lost by that")
    if not still and not idle and all(members[one.name] for one in known if one.lane == "live"):
        yield Finding("groups", "ok", "all of the live lane are read, and none stands still")


def _groups() -> list[_Group]:
    from wirewatch.lag import readers

    commands = {
        app_id(group, "wirewatch", lane): f"`wirewatch worker --groups {group.name}"
        + (" --lane backfill`" if lane == "backfill" and group.source.per_lane else "`")
        for group in PIPELINE
        for lane in LANES
    } | {group: f"`wirewatch sink --only {name}`" for group, name in SINKS.items()}
    topics: dict[str, list[str]] = {}
    lanes: dict[str, Lane] = {}
    for lane in LANES:
        for reader in readers(lane):
            topics.setdefault(reader.group, []).append(reader.topic)
            lanes.setdefault(reader.group, lane)
    return [
        _Group(name, tuple(dict.fromkeys(read)), lanes[name], commands[name]) for name, read in topics.items()
    ]


def _unread(group: _Group, records: int) -> Finding:
    what = f"nobody reads as {group.name}: {records} records wait"
    return Finding("groups", "fault" if group.lane == "live" else "note", what, f"start it: {group.command}")


def _waiting(admin: Any, group: _Group) -> dict[Any, int]:
    """The partitions with records before the group, and how many."""
    waiting = {at: one.end - one.committed for at, one in _positions(admin, group).items()}
    return {at: records for at, records in waiting.items() if records > 0}


def _positions(admin: Any, group: _Group) -> _Positions:
    from kafka import TopicPartition

    from wirewatch.stalls import positions

    partitions = {
        TopicPartition(topic["name"], partition["partition_index"])
        for topic in admin.describe_topics(list(group.topics))
        for partition in topic["partitions"]
    }
    return positions(admin, group.name, partitions)


def _still(
    admin: Any, read: Sequence[_Group], waiting: Mapping[str, Mapping[Any, int]]
) -> list[tuple[_Group, list[str]]]:
    """Groups with partitions that have not moved in `STILL_SECONDS`; asks no longer than it must."""
    first = {one: dict(_positions(admin, one)) for one in read if waiting[one.name]}
    still = {one: set(waiting[one.name]) & set(first[one]) for one in first}
    deadline = time.monotonic() + STILL_SECONDS
    while any(still.values()) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        for one, partitions in still.items():
            now = _positions(admin, one)
            partitions -= {at for at in partitions if now[at].committed != first[one][at].committed}
    return [
        (one, [f"{at.topic}/{at.partition}" for at in sorted(partitions)])
        for one, partitions in still.items()
        if partitions
    ]


def _memories(admin: Any) -> Iterator[Finding]:
    """A memory's changelog has a partition for each of its topic's, or its worker will not start."""
    counts = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    for group in PIPELINE:
        for lane in LANES:
            source = group.source.for_lane(lane)
            changelog = f"{app_id(group, 'wirewatch', lane)}-{group.name}-memory-changelog"
            found, wanted = counts.get(changelog), counts.get(source)
            if found is not None and wanted is not None and found != wanted:
                what = f"{changelog} has {found} partitions, {source} {wanted}: group {group.name} can't run"
                mend = (
                    f"stop its workers, `kafka-topics.sh --delete --topic {changelog}`, delete its folder in "
                    "state/: what it remembers is lost, and gathers again"
                )
                yield Finding("partitions", "fault", what, mend)
