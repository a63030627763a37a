"""What happens to records at a hop, as it is told to whoever watches: to be counted, logged and traced.

A hop is one reader of a topic (a group of stages, a sink) with the records it has in hand. Kafka's record
headers carry what must reach the next hop. Who watches lies beyond: here is only what is told, and how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from schemas.dead_letter import DeadLetter

Headers = list[tuple[str, bytes]]


class Arrival(Protocol):
    """A record as a Kafka client hands it out: where it lay, and its headers."""

    @property
    def topic(self) -> str:
        """Its topic."""
        ...

    @property
    def partition(self) -> int:
        """Its partition."""
        ...

    @property
    def offset(self) -> int:
        """Its offset there."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """What the hop before wrote beside it."""
        ...


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one record. `stage`, `reason` and `detail` are those of its dead letter."""

    article_id: str | None = None
    verdict: Literal["passed", "dropped", "dead"] = "passed"
    stage: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took over all records in hand: since when (Unix time), by the clock, and of a core."""

    started_at: float
    seconds: float
    cpu_seconds: float


class Hop(Protocol):
    """Some records in hand."""

    def headers(self, record: int) -> Headers | None:
        """What goes out beside everything that this record, by its place, becomes."""
        ...

    def end(self, fates: Sequence[Fate], times: Mapping[str, StageTime]) -> None:
        """All is safe: what became of each record, in order, and how long each stage took. Never raises."""
        ...


class Watch(Protocol):
    """Whoever watches."""

    def hop(self, group: str, stages: Sequence[str], records: Sequence[Arrival]) -> Hop:
        """A consumer group has some records in hand and takes them through its stages. Never raises."""
        ...


class _Unwatched:
    def hop(self, group: str, stages: Sequence[str], records: Sequence[Arrival]) -> _Unwatched:  # noqa: ARG002
        return self

    def headers(self, record: int) -> None:
        """None."""

    def end(self, fates: Sequence[Fate], times: Mapping[str, StageTime]) -> None:
        """Nobody hears."""


UNWATCHED: Watch = _Unwatched()


def fate_of(letter: DeadLetter) -> Fate:
    """The fate of a record that became a dead letter."""
    return Fate(letter.article_id, letter.kind, letter.stage, letter.reason, letter.detail)


class _Ids(msgspec.Struct, frozen=True):
    id: str | None = None
    article_id: str | None = None


_ids = msgspec.json.Decoder(_Ids)


def article_id_in(payload: bytes) -> str | None:
    """The article's id in a record that may be broken otherwise; None where it can't be read."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = _ids.decode(payload)
        return found.article_id or found.id
    return None
