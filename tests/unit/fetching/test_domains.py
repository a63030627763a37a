"""Turns, pauses and budgets of a domain."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from producers.fetching import FetchError, FetchingOptions
from producers.fetching.domains import Domain, registered_domain
from producers.fetching.turns import Turns

SPACING = 0.1
LEAST = 0.06
"""A visit may begin late, and the next in time."""


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example.co.uk", "example.co.uk"), ("example.com", "example.com"), ("EXAMPLE.com.", "example.com"),
        ("a.b.blogspot.com", "blogspot.com"), ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1"),
        ("xn--mgbh0fb.xn--kgbechtv", "xn--mgbh0fb.xn--kgbechtv"), ("www.مثال.السعودية", "مثال.السعودية"), ("co.uk", "co.uk"),
    ],
)  # fmt: skip
def test_registered_domain(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


def _starts(
    options: FetchingOptions, count: int, work_seconds: float = 0.0, widened: float = 0.0
) -> tuple[list[float], int]:
    """When each of `count` visits began, and how many there were at most at once."""

    async def run() -> tuple[list[float], int]:
        domain = Domain("example.com", options, Turns())
        starts: list[float] = []
        running = most = 0

        async def visit() -> None:
            nonlocal running, most
            async with domain.visit():
                starts.append(asyncio.get_running_loop().time())
                domain.widen("https://example.com", widened)
                running += 1
                most = max(most, running)
                await asyncio.sleep(work_seconds)
                running -= 1

        await asyncio.gather(*(visit() for _ in range(count)))
        return starts, most

    return asyncio.run(run())


def test_visits_are_spaced_and_few_at_once() -> None:
    starts, most = _starts(FetchingOptions(spacing_seconds=SPACING), 5, work_seconds=3 * SPACING)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= LEAST
    assert most == 2


def test_a_crawl_delay_widens_the_spacing_up_to_its_bound() -> None:
    options = FetchingOptions(spacing_seconds=SPACING, spacing_seconds_max=3 * SPACING)
    starts, _ = _starts(options, 3, widened=60)
    apart = [later - earlier for earlier, later in pairwise(starts)]
    assert min(apart) >= 3 * LEAST
    assert max(apart) < 20


def test_a_crawl_delay_never_narrows_it() -> None:
    starts, _ = _starts(FetchingOptions(spacing_seconds=SPACING), 3, widened=SPACING / 10)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= LEAST


def test_a_budget_lasts_a_day() -> None:
    turns = Turns()
    day = 86_400.0 * 100
    assert [turns.spend("example.com", 2, day + second) for second in (0, 1, 2, 86_399, 86_400)] == [
        True, True, False, False, True,
    ]  # fmt: skip
    assert turns.spend("example.org", 2, day)


def test_a_spent_budget_says_when_the_next_day_begins() -> None:
    domain = Domain("example.com", FetchingOptions(requests_per_day=0), Turns())
    with pytest.raises(FetchError) as caught:
        domain.spend()
    assert caught.value.reason == "budget_spent"
    assert 0 < (caught.value.retry_after_seconds or 0) <= 86_400


def test_processes_share_their_turns_and_a_restart_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "fetching" / "turns.sqlite3"
    one, other = Turns(path), Turns(path)
    booked = [
        turns.book("example.com", 5, now)
        for turns, now in ((one, 100), (other, 101), (one, 101), (other, 130))
    ]
    assert booked == [100, 105, 110, 130]
    one.pause("example.com", 200)
    one.pause("example.com", 150)
    one.spend("example.com", 1, 100)
    one.close()
    other.close()
    again = Turns(path)
    assert (again.paused_until("example.com"), again.paused_until("example.org")) == (200, 0)
    assert not again.spend("example.com", 1, 100)


def test_a_clock_set_back_does_not_stop_a_domain_for_ever() -> None:
    turns = Turns()
    turns.book("example.com", 5, 1_000_000)
    assert turns.book("example.com", 5, 100) == 100 + 16 * 5


@pytest.mark.parametrize(("asked", "left"), [(30.0, 30), (None, 60), (10**9, 86_400)])
def test_a_pause_holds_those_who_wait_too(asked: float | None, left: float) -> None:
    async def run() -> list[object]:
        domain = Domain("example.com", FetchingOptions(spacing_seconds=SPACING), Turns())

        async def visit() -> None:
            async with domain.visit():
                domain.pause(asked)

        return await asyncio.gather(visit(), visit(), visit(), return_exceptions=True)

    first, *others = asyncio.run(run())
    assert first is None
    for error in others:
        assert isinstance(error, FetchError)
        assert error.reason == "asked_to_wait"
        assert error.retry_after_seconds == pytest.approx(left, abs=5)
