"""What several events became goes together, and none is acknowledged before all of it is safe."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from processors.delivery import Behind, Handled, Together
from processors.forward import Message
from schemas.hops import UNWATCHED
from schemas.topics import CLEAN


class Stage:
    """An app whose producer and memory wait until they are let through, in the order of `log`."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.sent, self.kept = asyncio.Event(), asyncio.Event()
        self.given_up: set[str] = set()
        app: Any = SimpleNamespace(producer=self, conf=SimpleNamespace(id="app"))
        self.together = Together(app, "live", self)  # type: ignore[arg-type]

    async def send_and_wait(self, _topic: str, key: bytes, *_: object) -> None:
        self.log.append(f"sent {key.decode()}")
        await self.sent.wait()

    async def settled(self) -> None:
        await self.kept.wait()

    def held(self, events: Sequence[str]) -> list[str]:
        return [event for event in events if event not in self.given_up]

    async def ack(self, event: str) -> None:
        self.log.append(f"acknowledged {event}")

    def add(self, name: str) -> None:
        hop = UNWATCHED.hop("group", ["stage"], [])
        made = [[Message(CLEAN, name.encode(), b"{}")]]
        self.together.add(Handled(self, [name], hop, made, {}))

    async def delivering(self, *names: str) -> asyncio.Task[None]:
        """These events' delivery, under way."""
        for name in names:
            self.add(name)
        task = asyncio.create_task(self.together.deliver())
        await _a_while()
        return task


async def _a_while() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_events_are_acknowledged_in_order_once_both_are_safe() -> None:
    async def run() -> None:
        stage = Stage()
        delivering = await stage.delivering("a", "b")
        assert stage.log == ["sent a", "sent b"]
        stage.sent.set()
        await _a_while()
        assert stage.log == ["sent a", "sent b"]
        stage.kept.set()
        await delivering
        assert stage.log[2:] == ["acknowledged a", "acknowledged b"]
        assert len(stage.together) == 0

    asyncio.run(run())


def test_what_comes_meanwhile_goes_after_and_nothing_goes_twice() -> None:
    async def run() -> None:
        stage = Stage()
        first = await stage.delivering("a")
        second = await stage.delivering("b")
        assert stage.log == ["sent a"]
        stage.sent.set()
        stage.kept.set()
        await asyncio.gather(first, second, stage.together.deliver())
        assert stage.log == ["sent a", "acknowledged a", "sent b", "acknowledged b"]

    asyncio.run(run())


def test_what_a_stream_left_is_read_again_and_not_sent() -> None:
    async def run() -> None:
        stage = Stage()
        stage.add("a")
        stage.together.begin()
        await stage.together.deliver()
        assert stage.log == []

    asyncio.run(run())


def test_what_was_given_up_before_it_was_sent_is_read_again() -> None:
    async def run() -> None:
        stage = Stage()
        stage.sent.set()
        stage.kept.set()
        stage.add("a")
        stage.given_up.add("a")
        stage.add("b")
        await stage.together.deliver()
        assert stage.log == ["sent b", "acknowledged b"]
        stage.given_up.clear()
        stage.add("a")
        await stage.together.deliver()
        assert stage.log[2:] == ["sent a", "acknowledged a"]

    asyncio.run(run())


def test_what_was_given_up_while_it_was_sent_is_not_acknowledged() -> None:
    async def run() -> None:
        stage = Stage()
        delivering = await stage.delivering("a", "b")
        stage.given_up.add("a")  # a rebalance
        stage.sent.set()
        stage.kept.set()
        await delivering
        assert stage.log == ["sent a", "sent b", "acknowledged b"]

    asyncio.run(run())


def test_one_batch_is_delivered_while_the_next_is_worked_on_and_no_more() -> None:
    async def run() -> None:
        behind, log, arrived = Behind(), list[str](), asyncio.Event()

        async def delivery(name: str) -> None:
            log.append(f"sent {name}")
            await arrived.wait()
            log.append(f"acknowledged {name}")

        await behind.done()
        behind.begin(delivery("a"))
        await _a_while()
        log.append("b worked on")
        waiting = asyncio.create_task(behind.done())
        await _a_while()
        assert (log, waiting.done()) == (["sent a", "b worked on"], False)
        arrived.set()
        await waiting
        assert log[2:] == ["acknowledged a"]

    asyncio.run(run())


def test_a_delivery_that_fell_is_told_once() -> None:
    async def run() -> None:
        behind = Behind()

        async def falls() -> None:
            raise OSError("disk")

        behind.begin(falls())
        with pytest.raises(OSError, match="disk"):
            await behind.done()
        await behind.done()

    asyncio.run(run())
