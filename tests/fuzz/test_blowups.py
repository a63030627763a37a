"""No regular expression of ours is slow on text that was made against it. All of it, on longer texts:
`python -m tests.fuzz.blowups`.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest

from tests.fuzz.blowups import BOUNDED, slowest, stop
from tests.fuzz.patterns import REPOSITORY, Found

CHARACTERS = 32_768


def test_no_pattern_of_ours_blows_up() -> None:
    """In a process of its own: patterns are found while our modules are imported."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz.blowups", "--characters", str(CHARACTERS)]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=280)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert int(ran.stdout.split(" patterns in ")[0].split()[-1]) > 400


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:a|aa)+$", r"\s+$", r"<[^>]*x", r"(\w*\s*)*:", r"(?:ab|a.)*c"]
)
def test_what_blows_up_is_found(pattern: str) -> None:
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        assert (
            slowest(Found(re.compile(pattern), "somewhere.py:1"), CHARACTERS, frozenset({"search"}))
            is not None
        )
    finally:
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("pattern", [r"\w+", r"(?<!\s)\s+$", r"<[^<>]*>", r"[a-z]{1,20}:"])
def test_what_is_linear_is_not(pattern: str) -> None:
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        assert (
            slowest(Found(re.compile(pattern), "somewhere.py:1"), CHARACTERS, frozenset({"search"})) is None
        )
    finally:
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("place", BOUNDED)
def test_what_is_bounded_is_still_there(place: str) -> None:
    assert (REPOSITORY / place).exists()
