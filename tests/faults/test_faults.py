"""Three seeds of the fault harness, each kind of fault among them; `python -m tests.faults` runs more."""

from __future__ import annotations

import pytest

from tests.faults.run import Plan, Report, all_runs
from tests.faults.test_schedule import SEEDS_IN_CI, STEPS
from wirewatch.local import LocalServices

PLAN = Plan(records=360, steps=STEPS, longest_seconds=3.0)
SEEDS = range(SEEDS_IN_CI)

Found = tuple[list[Report], dict[int, str]]


@pytest.fixture(scope="module")
def found(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """`services` is asked for first: where it can't start, these tests are skipped with the reason."""
    return all_runs(tmp_path_factory.mktemp("faults"), SEEDS, PLAN, "gazetteer", print)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_repeated_whatever_strikes(found: Found, seed: int) -> None:
    report = found[0][seed]
    assert report.is_clean, "\n".join([*map(str, report.struck), *report.lines()])


def test_no_process_is_left(found: Found) -> None:
    assert found[1] == {}
