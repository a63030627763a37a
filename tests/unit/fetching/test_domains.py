"""Turns, pauses and budgets of a domain."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from producers.fetching import FetchError, FetchingOptions
from producers.fetching.domains import Domain, registered_domain

SPACING = 0.05


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
        domain = Domain("example.com", options)
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
    assert min(later - earlier for earlier, later in pairwise(starts)) >= SPACING
    assert most == 2


def test_a_crawl_delay_widens_the_spacing_up_to_its_bound() -> None:
    options = FetchingOptions(spacing_seconds=SPACING, spacing_seconds_max=3 * SPACING)
    starts, _ = _starts(options, 3, widened=60)
    apart = [later - earlier for earlier, later in pairwise(starts)]
    assert min(apart) >= 3 * SPACING
    assert max(apart) < 20


def test_a_crawl_delay_never_narrows_it() -> None:
    starts, _ = _starts(FetchingOptions(spacing_seconds=SPACING), 3, widened=SPACING / 10)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= SPACING


def test_a_budget_lasts_a_day() -> None:
    now = 86_400.0 * 100 + 86_000
    domain = Domain("example.com", FetchingOptions(requests_per_day=2), lambda: now)
    domain.spend()
    domain.spend()
    with pytest.raises(FetchError) as caught:
        domain.spend()
    assert (caught.value.reason, caught.value.retry_after_seconds) == ("budget_spent", 400)
    now += 400
    domain.spend()


@pytest.mark.parametrize(("asked", "left"), [(30.0, 30), (None, 60), (10**9, 86_400)])
def test_a_pause_holds_those_who_wait_too(asked: float | None, left: float) -> None:
    async def run() -> list[object]:
        domain = Domain("example.com", FetchingOptions(spacing_seconds=SPACING))

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
