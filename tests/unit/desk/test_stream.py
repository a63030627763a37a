"""The live stream's bookkeeping: who was cut off goes on where it was, or is told to load anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from wirewatch.desk import stream
from wirewatch.desk.stream import Event, Live


async def heard(follower: AsyncIterator[str], count: int) -> list[str]:
    return [await asyncio.wait_for(anext(follower), 5) for _ in range(count)]


def last_id(message: str) -> str:
    return message.partition("id: ")[2].partition("\n")[0]


def quiet() -> Live:
    return Live(poll=list, begin=lambda: None)


def test_who_comes_back_hears_what_was_missed_and_no_more() -> None:
    async def go() -> None:
        live = quiet()
        first = live.follow(None)
        _, here = await heard(first, 2)
        live.publish([Event("story", {"id": 1}), Event("alert", {"id": 2})])
        one, two = await heard(first, 2)
        assert ("event: story" in one, "event: alert" in two) == (True, True)
        again = live.follow(last_id(one))
        assert (await heard(again, 2))[1] == two
        begun = live.follow(last_id(here))
        assert (await heard(begun, 3))[1:] == [one, two]
        assert live.readers == 3
        for follower in (first, again, begun):
            await follower.aclose()  # type: ignore[attr-defined]
        assert live.readers == 0

    asyncio.run(go())


@pytest.mark.parametrize("forged", ["other:1", "x", "1", ":", "😀:٣", "abc:99999999999999999999"])
def test_who_missed_too_much_or_was_elsewhere_loads_anew(forged: str) -> None:
    async def go() -> None:
        live = quiet()
        assert "event: reset" in (await heard(live.follow(forged), 2))[1]
        first = live.follow(None)
        _, here = await heard(first, 2)
        live.publish([Event("story", number) for number in range(stream.KEPT + 1)])
        assert "event: reset" in (await heard(live.follow(last_id(here)), 2))[1]

    asyncio.run(go())


def test_a_poll_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(stream, "POLL_SECONDS", 0.01)
    polls: list[int] = []

    def poll() -> list[Event]:
        polls.append(1)
        if len(polls) < 3:
            raise ConnectionError
        return [Event("story", {})]

    async def go() -> None:
        follower = Live(poll, lambda: None).follow(None)
        assert "event: story" in (await heard(follower, 3))[2]

    asyncio.run(go())


def test_silence_is_filled_so_that_the_line_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.01)

    async def go() -> None:
        assert (await heard(quiet().follow(None), 3))[2].startswith(":")

    asyncio.run(go())


def test_nothing_in_a_story_can_break_out_of_its_message() -> None:
    async def go() -> None:
        live = quiet()
        follower = live.follow(None)
        await heard(follower, 2)
        live.publish([Event("story", {"title": "a\n\nevent: alert\r\ndata: x\u2028"})])
        [message] = await heard(follower, 1)
        assert message.count("\n") == 4
        assert "\r" not in message

    asyncio.run(go())
