"""A few hundred inputs for every parser of outside bytes. The long run: `python -m tests.fuzz`."""

from __future__ import annotations

import pytest

from tests.fuzz.shorten import shortened
from tests.fuzz.targets import TARGETS, load
from tests.fuzz.watch import fuzz

CASES = 300
SEED = 1


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_parser(name: str) -> None:
    report = fuzz(name, CASES // load(name).cost, SEED)
    told = "\n".join(f"{fault.where}: {fault.data[:500]!r}\n{fault.what}" for fault in report.faults)
    assert not report.faults, told
    assert report.cases >= CASES // load(name).cost


def test_what_breaks_hangs_or_eats_memory_is_found() -> None:
    """The fuzzer itself, on a parser that does all three."""
    report = fuzz("broken-parser", 60, SEED)
    assert {fault.where.partition(" ")[0] for fault in report.faults} >= {"ValueError", "MemoryError", "hang"}
    raised = next(fault for fault in report.faults if fault.where.startswith("ValueError"))
    assert raised.data == b"!"
    assert report.cases >= 60


def test_a_failing_input_is_made_short() -> None:
    assert shortened(b"a" * 500 + b"!?" + b"b" * 500, lambda data: b"!" in data and b"b" in data) == b"!b"
