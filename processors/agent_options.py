"""What agents are told: how they reach Kafka, where they keep state, how much they take at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from processors.pipeline import StageOptions
from schemas.article import Lane
from schemas.hops import UNWATCHED, Watch

Turn = Callable[[int], Awaitable[None]]


async def at_once(_: int) -> None:
    """Take one's turn without waiting, as live news does."""


@dataclass(frozen=True)
class AgentOptions:
    """How agents reach Kafka, where they keep state, and how much they take at once.

    `client` holds Faust settings for the cluster (`broker`, `broker_credentials`); `extra` any others.
    A worker with an `instance` name keeps its place in the consumer group when it is restarted (static
    membership, KIP-345): it goes on at once, where a nameless one waits out the session of the one that
    was killed. Each running worker of a group needs a name of its own. `turn` is awaited before as many
    records are handled: a backfill waits there for live news.
    """

    client: dict[str, Any]
    data_dir: Path
    lane: Lane = "live"
    partitions: int = 4
    replication_factor: int = 1
    commit_seconds: float = 1.0
    batch_articles: int = 16
    batch_seconds: float = 0.05
    designation_window_days: int = 30
    stages: StageOptions = field(default_factory=StageOptions)
    app_prefix: str = "wirewatch"
    instance: str = ""
    watch: Watch = UNWATCHED
    turn: Turn = at_once
    extra: dict[str, Any] = field(default_factory=dict)
