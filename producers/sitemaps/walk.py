"""From a site to what its sitemaps hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from producers.fetching import Fetcher, FetchError, Request
from producers.fetching.domains import registered_domain
from producers.sitemaps.read import FILE_BYTES_MAX, Entry, Sitemap, SitemapError, read_sitemap

USUAL_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml")
"""Where sitemaps are on sites whose robots.txt names none; the first that is there is taken."""
DEPTH_MAX = 3
FILES_MAX = 100
PAGES_MAX = 50_000
ACCEPT = "application/xml,text/xml,text/plain;q=0.8,*/*;q=0.5"


@dataclass
class Walk:
    """What was found: pages by address, how many `files` were read, and the addresses that gave no sitemap,
    with the reason. `cut` where a bound left something out.
    """

    pages: dict[str, Entry] = field(default_factory=dict)
    files: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False


async def walk(
    site: str, fetcher: Fetcher, since_ms: int = 0, tell: Callable[[str], None] = lambda _: None
) -> Walk:
    """Read the sitemaps of the site at `site`, or the one sitemap there, if the address has a path.

    Those with news in their names come first; those that an index calls older than `since_ms` are left.
    At most `FILES_MAX` files, `DEPTH_MAX` deep, and `PAGES_MAX` pages; pages of another registered domain
    don't count. `tell` hears of each file before it is fetched. Raises `producers.fetching.FetchError`
    where robots.txt can't be asked.
    """
    found = Walk()
    if urlsplit(site).path.strip("/"):
        await _read_all([site], site, fetcher, since_ms, found, tell)
    elif named := [urljoin(site, place) for place in await fetcher.sitemaps(site)]:
        await _read_all(named, site, fetcher, since_ms, found, tell)
    else:
        await _read_usual(site, fetcher, since_ms, found, tell)
    return found


async def _read_usual(
    site: str, fetcher: Fetcher, since_ms: int, found: Walk, tell: Callable[[str], None]
) -> None:
    for place in USUAL_PLACES:
        await _read_all([urljoin(site, place)], site, fetcher, since_ms, found, tell)
        if found.files:
            found.failures.clear()
            return
    found.failures[:] = [(site, "no_sitemap: robots.txt names none, and none is in the usual places")]


async def _read_all(  # noqa: PLR0913, PLR0917 - what a walk goes by
    places: list[str],
    site: str,
    fetcher: Fetcher,
    since_ms: int,
    found: Walk,
    tell: Callable[[str], None],
) -> None:
    waiting = [(place, 1) for place in places]
    been: set[str] = set()
    while waiting:
        if found.files >= FILES_MAX or len(found.pages) >= PAGES_MAX:
            found.cut = True
            return
        waiting.sort(key=lambda each: "news" not in each[0].lower())
        url, depth = waiting.pop(0)
        if url in been:
            continue
        been.add(url)
        tell(url)
        try:
            sitemap = await _read(url, fetcher)
        except (FetchError, SitemapError) as error:
            found.failures.append((url, str(error)))
            continue
        found.files += 1
        found.cut |= sitemap.cut
        _take_pages(sitemap, site, found)
        inner = [each.url for each in sitemap.sitemaps if _may_be_newer(each, since_ms)]
        if depth < DEPTH_MAX:
            waiting += [(each, depth + 1) for each in inner]


async def _read(url: str, fetcher: Fetcher) -> Sitemap:
    response = await fetcher.get(Request(url, accept=ACCEPT, max_bytes=FILE_BYTES_MAX))
    if response.status != HTTPStatus.OK:
        raise SitemapError("not_a_sitemap", f"it answered {response.status}")
    return await asyncio.to_thread(read_sitemap, response.body, response.url)


def _may_be_newer(sitemap: Entry, since_ms: int) -> bool:
    return sitemap.modified_ms is None or sitemap.modified_ms >= since_ms


def _take_pages(sitemap: Sitemap, site: str, found: Walk) -> None:
    for page in sitemap.pages:
        for each in _with_alternates(page):
            if len(found.pages) >= PAGES_MAX:
                found.cut = True
                return
            if _domain(each.url) == _domain(site):
                found.pages.setdefault(each.url, each)


def _with_alternates(page: Entry) -> Iterator[Entry]:
    """The page and the same in other languages, which are articles of their own."""
    yield page
    for language, url in page.alternates:
        if url != page.url:
            news = replace(page.news, language=language, title=None, published=None) if page.news else None
            yield Entry(url, page.modified_ms, news)


def _domain(url: str) -> str:
    return registered_domain(urlsplit(url).hostname or "")
