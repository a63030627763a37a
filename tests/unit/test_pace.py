"""A bound on time holds on any machine, and breaks where it is far from kept."""

import time

import pytest

from tests import pace
from tests.pace import PIECE_SECONDS, within


def _work(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_what_takes_far_longer_than_it_may_fails() -> None:
    with pytest.raises(AssertionError, match="CPU seconds"), within(0.01):
        _work(1.0)


def test_a_machine_half_as_fast_has_twice_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_piece_seconds", lambda: 2 * PIECE_SECONDS)
    with within(0.2):
        _work(0.3)
    with pytest.raises(AssertionError), within(0.2):
        _work(0.5)
