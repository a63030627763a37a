"""The local site, and a fetcher that may go there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from producers.fetching import Fetcher, FetchingOptions, Request, Response
from tests.site.site import Site

QUICK = FetchingOptions(
    spacing_seconds=0, connect_seconds=2, read_seconds=0.5, total_seconds=1.5, allow_private_addresses=True
)
Get = Callable[..., Response]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def get() -> Get:
    """Fetches one address with a fetcher of its own."""

    def get(url: str, options: FetchingOptions = QUICK, **asked: object) -> Response:
        async def run() -> Response:
            async with Fetcher(options) as fetcher:
                return await fetcher.get(Request(url, **asked))  # type: ignore[arg-type]

        return asyncio.run(run())

    return get
