"""What Faust has fetched and does not hand out is put back, so that it is fetched again.

Faust 0.15 lets go of records that its fetcher brings at a wrong moment: while the flow is stopped, of a
partition that has just been paused, the rest of a batch in which either happens. It counts on a seek to
what is committed, which comes with each rebalance. That seeks no partition of which nothing is committed
yet, and a fetch that began before it may end after it. What was let go would be missed until the next life,
or, by Faust alone, never be read at all (see `processors.gaps`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer
from faust.types import TP, Message

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Left:
    """Where records of a partition begin that were not handed out, and where their fetch left the reader."""

    first: int
    behind: int


def positions(reader: AIOKafkaConsumer, partitions: Iterable[TP]) -> dict[TP, int]:
    """From where the reader goes on in those of the partitions that it has. To be called where it lives."""
    subscription = reader._subscription.subscription  # noqa: SLF001 - as Faust asks for its state
    assignment = subscription.assignment if subscription is not None else None
    if assignment is None:
        return {}
    found = {}
    for tp in partitions:
        state = assignment.state_value(TopicPartition(tp.topic, tp.partition))
        if state is not None and state.has_valid_position:
            found[tp] = state.position
    return found


class NotingThread(AIOKafkaConsumerThread):
    """Faust's thread for a reader, that notes where each fetch has left it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fetched: Mapping[TP, Sequence[Any]] = {}
        self.behind: Mapping[TP, int] = {}

    async def _fetch_records(self, consumer: AIOKafkaConsumer, *args: Any, **kwargs: Any) -> Any:
        fetched = await super()._fetch_records(consumer, *args, **kwargs)
        self.fetched = {TP(tp.topic, tp.partition): records for tp, records in fetched.items()}
        self.behind = positions(consumer, self.fetched)
        return fetched

    async def put_back(self, left: Mapping[TP, Left]) -> dict[TP, int]:
        """Seek back where the reader still is as the fetch left it. How many offsets."""
        return cast("dict[TP, int]", await self.call_thread(self._put_back, left))

    async def _put_back(self, left: Mapping[TP, Left]) -> dict[TP, int]:
        reader = self._ensure_consumer()
        now = positions(reader, left)
        still = {tp: one for tp, one in left.items() if now.get(tp) == one.behind}
        for tp, one in still.items():
            reader.seek(TopicPartition(tp.topic, tp.partition), one.first)
        return {tp: one.behind - one.first for tp, one in still.items()}


class HandingOutConsumer(Consumer):
    """Faust's consumer, that hands out everything it fetches, sooner or later."""

    _thread: NotingThread

    def _new_consumer_thread(self) -> NotingThread:
        return NotingThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109
        """One fetch, as Faust hands it out; what is left of it is put back."""
        self._thread.fetched = {}
        last: dict[TP, int] = {}
        async for tp, message in super().getmany(timeout):
            last[tp] = message.offset
            yield tp, message
        left = {} if self.should_stop else self._left(last)
        if left and (found := await self._thread.put_back(left)):
            told = {f"{tp.topic}/{tp.partition}": offsets for tp, offsets in found.items()}
            log.info("records_put_back", app=self.app.conf.id, offsets=told)

    def _left(self, last: Mapping[TP, int]) -> dict[TP, Left]:
        """What of the last fetch is to be read again.

        The last record handed out is among that where more was behind it, or the flow was stopped: it may
        not have got as far as its stream.
        """
        behind = self._thread.behind
        return {
            tp: Left(last.get(tp, records[0].offset), behind[tp])
            for tp, records in self._thread.fetched.items()
            if tp in behind and (last.get(tp) != records[-1].offset or not self.flow_active)
        }


HandingOutConsumer.logger = Consumer.logger  # mode gives each module's classes chatty ones of their own
NotingThread.logger = AIOKafkaConsumerThread.logger
