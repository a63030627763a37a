"""What a table changes is safe before the event that changed it is acknowledged."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from processors import tables
from processors.tables import Changes


class Table:
    """Sends changes as a Faust table does; `answers` says what Kafka makes of each."""

    def __init__(self, *answers: Exception | None) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.futures: list[asyncio.Future[None]] = []
        self._answers = list(answers)

    def send_changelog(self, *given: Any) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sent.append(given)
        self.futures.append(future)
        return future

    def answer(self) -> None:
        """Kafka answers for all that has been sent."""
        for future in self.futures:
            if not future.done():
                why = self._answers.pop(0) if self._answers else None
                if why is None:
                    future.set_result(None)
                else:
                    future.set_exception(why)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "RESEND_SECONDS", 0.0)


async def _settled(table: Table, changes: Changes) -> None:
    waiting = asyncio.create_task(changes.settled())
    while not waiting.done():
        await asyncio.sleep(0)
        table.answer()
    await waiting


def test_waits_for_every_change() -> None:
    async def run() -> None:
        table = Table()
        changes = Changes(table)
        table.send_changelog(0, b"a", b"1")
        table.send_changelog(1, b"b", b"2")
        waiting = asyncio.create_task(changes.settled())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        table.answer()
        await asyncio.wait_for(waiting, 1)
        await changes.settled()  # nothing is left to wait for
        assert len(table.sent) == 2

    asyncio.run(run())


def test_a_change_that_failed_is_sent_again_until_it_is_safe() -> None:
    async def run() -> None:
        table = Table(None, ConnectionError("away"), ConnectionError("still away"))
        changes = Changes(table)
        table.send_changelog(0, b"a", b"1")
        table.send_changelog(1, b"b", b"2")
        await asyncio.wait_for(_settled(table, changes), 1)
        assert table.sent == [(0, b"a", b"1"), *[(1, b"b", b"2")] * 3]

    asyncio.run(run())


def test_giving_up_waiting_cancels_no_change() -> None:
    async def run() -> None:
        table = Table()
        changes = Changes(table)
        table.send_changelog(0, b"a", b"1")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(changes.settled(), 0.01)
        assert not table.futures[0].cancelled()

    asyncio.run(run())
