"""Gaps between the offsets that Faust hands out: nothing was there, or something was skipped.

Faust 0.15 takes a gap for records that a topic no longer has, and commits past it. It also loses what it
has fetched: 22 records were committed past, around a rebalance, that no stage had seen. What it does not
hand out is put back by now (`processors.handing_out`), but should anything be lost in another way, the two
look alike from within. So whoever meets a gap asks the broker what is in it. Where something is, the worker
ends before it commits past that, and is started again.

A transaction's marker takes an offset too. Behind the last record it would for ever be one that waits, and
the group be ended as stalled; so where nothing else is left, it is committed past.
"""

from __future__ import annotations

from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP
from mode import Service

from processors.handing_out import HandingOutConsumer
from processors.pulse import end_outright

log = structlog.get_logger(__name__)

REST_SECONDS = 5.0
"""For how long a partition rests before what is behind its last record is looked at."""


async def holds_records(reader: AIOKafkaConsumer, tp: TP, first: int, behind: int) -> bool:
    """Whether the topic has a record at or after `first` and before `behind`.

    Retention leaves nothing there; a transaction its marker, which is no record. Raises
    `aiokafka.errors.KafkaError`.
    """
    partition = TopicPartition(tp.topic, tp.partition)
    reader.assign([partition])
    reader.seek(partition, first)
    while await reader.position(partition) < behind:
        for records in (await reader.getmany(partition, timeout_ms=1000)).values():
            if records:
                return bool(records[0].offset < behind)
    return False


class UnskippingConsumer(HandingOutConsumer):
    """Faust's consumer, that ends the worker rather than commit past what it has skipped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sought: dict[TP, int] = {}

    async def perform_seek(self) -> None:
        """Seek to what is committed, and know the record before it as the last one read.

        Faust notes the one to come as read, and of a group that has committed nothing none at all: so it
        would not miss the first.
        """
        await super().perform_seek()
        fresh = [tp for tp in self._stream_partitions() if not self._read_offset[tp]]
        next_offsets = {**self._committed_offset, **(await self.earliest_offsets(*fresh) if fresh else {})}
        sought = {tp: offset for tp, offset in next_offsets.items() if offset is not None}
        for tp, offset in sought.items():
            if self._read_offset[tp] in {None, offset}:
                self._read_offset[tp] = offset - 1
        self._sought.update(sought)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Commit nothing of these any more until it has been sought to what is committed.

        Faust would commit an offset whatever is missing before it.
        """
        for tp in revoked:
            self._sought.pop(tp, None)
        await super().on_partitions_revoked(revoked)

    def _stream_partitions(self) -> set[TP]:
        return {tp for tp in self.assignment() if self.app.topics.acks_enabled_for(tp.topic)}

    def _new_offset(self, tp: TP) -> int | None:
        """What may be committed: `None` while the next record to be committed is neither handled nor a gap.

        Faust lets one be missing, and of a group that has committed nothing any number.
        """
        acked = self._acked[tp]
        if tp not in self._sought or not acked:
            return None
        first = min([*acked, *(gap.begin for gap in self._gap[tp])])
        if first > (self._committed_offset[tp] or self._sought[tp]):
            return None
        return super()._new_offset(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """From the first that is missing to the one that was handed out behind it."""
        if await self._may_hold_records(tp, offset_from, offset_to):
            end_outright(
                "records_skipped", topic=tp.topic, partition=tp.partition, after=offset_from - 1, to=offset_to
            )
        self._gap[tp].addi(offset_from, offset_to)
        self._gap[tp].merge_overlaps()

    @Service.task
    async def _pass_marks(self) -> None:
        before: dict[TP, tuple[int, int]] = {}
        async for _ in self.itertimer(REST_SECONDS, name="marks"):
            resting = self._resting()
            for tp, (committed, end) in resting.items():
                if before.get(tp) == (committed, end) and not await self._may_hold_records(
                    tp, committed, end
                ):
                    await self._pass(tp, committed, end)
            before = resting

    def _resting(self) -> dict[TP, tuple[int, int]]:
        """Where all that was handed out is committed, and the topic goes on: from which offset to which."""
        found = {}
        for tp in self._stream_partitions().intersection(self._sought):
            committed, end = self._committed_offset[tp], self._end(tp)
            if committed and end and committed < end and self._read_offset[tp] == committed - 1:
                found[tp] = committed, end
        return found

    def _end(self, tp: TP) -> int | None:
        """As the last fetch told it; `None` before the first, and where the thread has just given it up."""
        try:
            return self.highwater(tp)
        except AssertionError:
            return None

    async def _pass(self, tp: TP, committed: int, end: int) -> None:
        """Commit `end`, unless a record has come meanwhile."""
        if self._resting().get(tp) == (committed, end):
            self._read_offset[tp] = end - 1
            await self._commit_offsets({tp: end})

    async def _may_hold_records(self, tp: TP, first: int, behind: int) -> bool:
        """Whether something is there to be read; so too where the broker does not tell."""
        transport: Any = self.transport
        reader = self._thread._create_client_consumer(transport)  # noqa: SLF001 - as Faust connects
        try:
            await reader.start()
            return await holds_records(reader, tp, first, behind)
        except KafkaError as error:
            log.warning("gap_unknown", topic=tp.topic, partition=tp.partition, error=str(error))
            return True
        finally:
            await reader.stop()


UnskippingConsumer.logger = Consumer.logger  # mode gives each module's classes a chatty one of their own
