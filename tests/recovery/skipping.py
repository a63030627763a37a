"""`wirewatch`, whose Faust loses what it has fetched: records that hold the word in `SKIPS`, in one life.

    python -m tests.recovery.skipping worker --groups intake

The file `SKIPPED_ONCE` is made as the first is lost; a life that finds it there loses nothing.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from faust.transport.drivers.aiokafka import Consumer

from wirewatch.cli import main

MARK = os.environ["SKIPS"].encode()
ONCE = Path(os.environ["SKIPPED_ONCE"])


def install() -> None:
    """Put a consumer in its place that loses records, unless they were lost before."""
    if ONCE.exists():
        return
    whole = Consumer.getmany

    async def getmany(self: Consumer, timeout: float) -> AsyncIterator[Any]:  # noqa: ASYNC109 - as Faust has it
        async for partition, message in whole(self, timeout):
            if MARK in (message.value or b""):
                ONCE.touch()  # noqa: ASYNC240
            else:
                yield partition, message

    setattr(Consumer, "getmany", getmany)  # noqa: B010 - mypy knows it as a method


if __name__ == "__main__":
    install()
    main()
