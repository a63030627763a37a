"""What Faust has fetched and does not hand out is put back, so that it is fetched again.

Faust 0.15 lets go of records that its fetcher brings at a wrong moment: while the flow is stopped, of a
partition that has just been paused, the rest of a batch in which either happens. It counts on a seek to
what is committed, which comes with each rebalance. That seeks no partition of which nothing is committed
yet, and a fetch that began before it may end after it. What was let go would be missed until the next life,
or, by Faust alone, never be read at all (see `processors.gaps`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP, Message

log = structlog.get_logger(__name__)


def put_back(reader: AIOKafkaConsumer, firsts: Mapping[TP, int]) -> dict[TP, int]:
    """Seek partitions back to those offsets that they are behind; which ones, and how many offsets.

    To be called where the reader lives: nothing else moves it between the look and the seek. A partition that
    has gone, or has been sought to an earlier offset since, is left alone.
    """
    subscription = reader._subscription.subscription  # noqa: SLF001 - as Faust asks for its state
    assignment = subscription.assignment if subscription is not None else None
    found = {}
    for tp, first in firsts.items():
        partition = TopicPartition(tp.topic, tp.partition)
        state = assignment.state_value(partition) if assignment is not None else None
        if state is not None and state.has_valid_position and state.position > first:
            found[tp] = state.position - first
            reader.seek(partition, first)
    return found


class HandingOutConsumer(Consumer):
    """Faust's consumer, that hands out everything it fetches, sooner or later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetched: dict[TP, list[Any]] = {}

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109
        fetched = await super()._getmany(active_partitions, timeout)
        self._fetched = {TP(tp.topic, tp.partition): records for tp, records in fetched.items()}
        return fetched

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        """One fetch, as Faust hands it out; what is left of it is put back."""
        self._fetched = {}
        last: dict[TP, int] = {}
        async for tp, message in super().getmany(timeout):
            last[tp] = message.offset
            yield tp, message
        if left := self._left(last):
            found = await self._thread.call_thread(self._put_back, left)
            if found:
                log.info(
                    "records_put_back", offsets={f"{tp.topic}/{tp.partition}": n for tp, n in found.items()}
                )

    def _left(self, last: Mapping[TP, int]) -> dict[TP, int]:
        """From which offset on each partition is to be read again.

        The last one handed out is among them where more was behind it, or the flow was stopped: it may not
        have got as far as its stream.
        """
        return {
            tp: last.get(tp, records[0].offset)
            for tp, records in self._fetched.items()
            if records and (last.get(tp) != records[-1].offset or not self.flow_active)
        }

    async def _put_back(self, left: Mapping[TP, int]) -> dict[TP, int]:
        return put_back(self._thread._ensure_consumer(), left)  # noqa: SLF001 - as Faust's own seeks do


HandingOutConsumer.logger = Consumer.logger  # mode gives each module's classes a chatty one of their own
