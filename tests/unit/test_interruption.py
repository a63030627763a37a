"""Ctrl-C ends `up` also where a library lets go of what is raised in it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from wirewatch.commands.up import _interruption
from wirewatch.up import Up


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_raised_and_known_afterwards(number: int) -> None:
    interrupted = _interruption()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert interrupted.is_set()


def test_what_kafkas_loop_lets_go_of_ends_the_watching_all_the_same() -> None:
    turns: list[int] = []
    interrupted = _interruption()

    def behind() -> int:
        with suppress(BaseException):  # as `kafka.net.selector` does
            os.kill(os.getpid(), signal.SIGINT)
        return 7

    up: Any = SimpleNamespace(
        _follow_feeds=lambda: None, _restart_fallen=lambda: None, _end_absent=lambda: None, records_behind=behind
    )  # fmt: skip
    Up.run(up, turns.append, until_idle=False, stop=interrupted)
    assert turns == [7]
