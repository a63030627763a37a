"""`wirewatch`, whose Faust loses what it has fetched: records that hold the word in `SKIPS`, in one life.

    python -m tests.recovery.skipping worker --groups intake

`SKIPPED_BY` says how: `losing` them without a trace, or as Faust itself does where a partition is paused
(`pausing`) or the flow is stopped, once they are fetched (`stopping`) or with the first one handed out
(`breaking_off`). The file `SKIPPED_ONCE` is made as the first is lost; once it is there nothing is lost.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP

from wirewatch.cli import main

MARK = os.environ["SKIPS"].encode()
ONCE = Path(os.environ["SKIPPED_ONCE"])
AWHILE_SECONDS = 1.0


def losing() -> None:
    """Every such record of this life, by whatever unknown way."""
    whole = Consumer.getmany

    async def getmany(self: Consumer, timeout: float) -> AsyncIterator[Any]:  # noqa: ASYNC109 - as Faust has it
        async for partition, message in whole(self, timeout):
            if MARK in (message.value or b""):
                ONCE.touch()  # noqa: ASYNC240
            else:
                yield partition, message

    setattr(Consumer, "getmany", getmany)  # noqa: B010 - mypy knows it as a method


def pausing() -> None:
    """Their partition is paused for a while once they have been fetched."""

    def strike(consumer: Consumer, fetched: Any) -> None:
        partitions = {TP(*partition) for partition in fetched}
        consumer.pause_partitions(partitions)
        consumer.loop.call_later(AWHILE_SECONDS, consumer.resume_partitions, partitions)

    _once_fetched(strike)


def stopping() -> None:
    """The flow is stopped for a while once they have been fetched."""

    def strike(consumer: Consumer, _: Any) -> None:
        consumer.stop_flow()
        consumer.loop.call_later(AWHILE_SECONDS, consumer.resume_flow)

    _once_fetched(strike)


def breaking_off() -> None:
    """The flow is stopped for a while as the first of those fetched is handed out."""

    def strike(consumer: Consumer, _: Any) -> None:
        consumer.loop.call_soon(consumer.stop_flow)
        consumer.loop.call_later(AWHILE_SECONDS, consumer.resume_flow)

    _once_fetched(strike)


def _once_fetched(strike: Callable[[Consumer, Any], None]) -> None:
    whole = Consumer._getmany

    async def fetch(self: Consumer, *args: Any, **options: Any) -> Any:
        fetched = await whole(self, *args, **options)
        values = [record.value or b"" for records in fetched.values() for record in records]
        if not ONCE.exists() and any(MARK in value for value in values):  # noqa: ASYNC240
            ONCE.touch()  # noqa: ASYNC240
            strike(self, fetched)
        return fetched

    setattr(Consumer, "_getmany", fetch)  # noqa: B010 - mypy knows it as a method


if __name__ == "__main__":
    if not ONCE.exists():
        {each.__name__: each for each in (losing, pausing, stopping, breaking_off)}[
            os.environ["SKIPPED_BY"]
        ]()
    main()
