"""Gaps between the offsets that Faust hands out: nothing was there, or something was skipped.

Faust 0.15 takes a gap for records that a topic no longer has, and commits past it. It also loses what it
has fetched, in a rebalance while the broker goes away: 22 records were committed past that no stage had
seen. The two look alike from within, so a worker that meets a gap ends before it is committed and is
started again. What had been skipped is there then; where nothing was, since retention took it, the same gap
is met again, and passed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog
from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP

from processors.pulse import end_outright

log = structlog.get_logger(__name__)

MET_MAX = 8
"""So many gaps of a partition are remembered: a life meets those before it anew until one has committed."""


class Met(msgspec.Struct):
    """The gaps of a partition, by the offset behind each: met once, and met again, so that they are empty."""

    once: list[int] = []
    empty: list[int] = []


class Gaps:
    """What was met in the lives before, in a note at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._met = _read(path)

    def is_empty(self, partition: str, next_offset: int) -> bool:
        """Whether the gap before `next_offset` was met before, so that nothing can be in it.

        Where not it is noted, for the next life to know. What can't be noted is believed: a worker whose
        disk takes nothing would end for ever.
        """
        met = self._met.setdefault(partition, Met())
        if next_offset in met.empty:
            return True
        is_again = next_offset in met.once
        if is_again:
            met.once.remove(next_offset)
            met.empty = [*met.empty, next_offset][-MET_MAX:]
        else:
            met.once = [*met.once, next_offset][-MET_MAX:]
        return not self._is_written() or is_again

    def _is_written(self) -> bool:
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            fresh.write_bytes(msgspec.json.encode(self._met))
            fresh.replace(self._path)
        except OSError as error:
            log.warning("not_noted", error=str(error))
            return False
        return True


def _read(path: Path) -> dict[str, Met]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Met])
    except (OSError, msgspec.DecodeError):
        return {}


class UnskippingConsumer(Consumer):
    """Faust's consumer, that ends the worker rather than commit past what it may have skipped."""

    logger = Consumer.logger
    end: Callable[..., None] = staticmethod(end_outright)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state_dir = Path(self.app.conf.datadir)
        self._gaps = Gaps(state_dir.with_name(f"{state_dir.name}.gaps"))
        self._sought: set[TP] = set()

    async def perform_seek(self) -> None:
        """Seek to what is committed, and know the record before it as the last one read.

        Faust notes the one to come as read, and of a group that has committed nothing none at all: so it
        would not miss the first.
        """
        await super().perform_seek()
        fresh = [tp for tp in self._stream_partitions() if not self._read_offset[tp]]
        next_offsets = {**self._committed_offset, **(await self.earliest_offsets(*fresh) if fresh else {})}
        for tp, offset in next_offsets.items():
            if offset is not None and self._read_offset[tp] in {None, offset}:
                self._read_offset[tp] = offset - 1
        self._sought.update(next_offsets)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit nothing of these any more until it has been sought to what is committed.

        Faust would commit an offset whatever is missing before it.
        """
        self._sought.difference_update(revoked)
        await super().on_partitions_revoked(revoked)

    def _stream_partitions(self) -> set[TP]:
        return {tp for tp in self.assignment() if self.app.topics.acks_enabled_for(tp.topic)}

    def _new_offset(self, tp: TP) -> int | None:
        return super()._new_offset(tp) if tp in self._sought else None

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """From the first that is missing to the one that was handed out behind it."""
        if not self._gaps.is_empty(f"{tp.topic}-{tp.partition}", offset_to):
            self.end(
                "records_skipped", topic=tp.topic, partition=tp.partition, after=offset_from - 1, to=offset_to
            )
        await super()._add_gap(tp, offset_from, offset_to - 1)
