"""Faults come from the seed alone, and seeds in a row strike every kind."""

from __future__ import annotations

from tests.faults.driver import STRIKES
from tests.faults.schedule import KINDS, schedule

STEPS = 6
SEEDS_IN_CI = 3


def test_a_seed_gives_the_same_faults_and_another_seed_others() -> None:
    assert schedule(3, 30) == schedule(3, 30)
    assert schedule(3, 30) != schedule(4, 30)


def test_three_seeds_strike_every_kind() -> None:
    struck = {step.faults[0].kind for seed in range(SEEDS_IN_CI) for step in schedule(seed, STEPS)}
    assert struck == set(KINDS)


def test_every_kind_can_be_struck() -> None:
    assert set(STRIKES) == set(KINDS)


def test_faults_that_strike_together_are_of_two_kinds() -> None:
    steps = [step for seed in range(20) for step in schedule(seed, STEPS)]
    assert [step for step in steps if len(step.faults) == 2]
    assert all(len({fault.kind for fault in step.faults}) == len(step.faults) for step in steps)
