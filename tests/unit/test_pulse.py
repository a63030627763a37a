"""Who has slept for long ends; who works for long goes on."""

from __future__ import annotations

import asyncio

import pytest

from processors.pulse import Pulse

LIMIT_SECONDS = 10.0


class Clocks:
    def __init__(self) -> None:
        self.now = 100.0
        self.worked = 5.0
        self.ended = 0

    def end(self, why: str, seconds: float) -> None:
        assert (why, seconds > LIMIT_SECONDS) == ("slept", True)
        self.ended += 1


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def pulse(clocks: Clocks) -> Pulse:
    return Pulse(LIMIT_SECONDS, clocks.end, lambda: clocks.now, lambda: clocks.worked)


def test_whoever_slept_ends_before_it_writes(pulse: Pulse, clocks: Clocks) -> None:
    pulse.note()
    clocks.now += 9
    pulse.check()
    assert clocks.ended == 0
    clocks.now += 2
    pulse.check()
    assert clocks.ended == 1


def test_the_beat_itself_notices(pulse: Pulse, clocks: Clocks) -> None:
    pulse.note()
    clocks.now += 11
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(asyncio.wait_for(pulse.beat(), 0.01))
    assert clocks.ended == 1
    pulse.check()
    assert clocks.ended == 1, "it beats again"


def test_whoever_works_for_long_goes_on(pulse: Pulse, clocks: Clocks) -> None:
    pulse.note()
    clocks.now += 60
    clocks.worked += 55
    pulse.check()
    assert clocks.ended == 0


def test_a_start_may_take_long(pulse: Pulse, clocks: Clocks) -> None:
    clocks.now += 60
    pulse.check()
    assert clocks.ended == 0
