"""What of a site's pages is worth asking for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from producers.sitemaps.read import Entry

STAMPED_PAGES_MIN = 20
STAMPED_SHARE = 0.5


@dataclass(frozen=True)
class Chosen:
    """`pages` to ask for, newest first; how many others are `known` as they are, `old`, or `undated`."""

    pages: tuple[Entry, ...]
    known: int
    old: int
    undated: int


def choose(
    pages: Iterable[Entry],
    seen_ms: Callable[[str], int],
    *,
    since_ms: int,
    now_ms: int,
    undated: bool = False,
) -> Chosen:
    """Those published or modified since `since_ms`, and since they were last asked for (`seen_ms`, 0 for
    never). Times are epoch milliseconds. Pages without a date only where `undated` asks for them: on most
    sites they are the archive.
    """
    counts: Counter[str] = Counter()
    taken: list[tuple[int, Entry]] = []
    for page in without_stamps(list(pages), now_ms):
        told_ms = max(page.modified_ms or 0, (page.news and page.news.published_ms) or 0)
        seen = seen_ms(page.url)
        if seen and seen >= (page.modified_ms or 0):
            counts["known"] += 1
        elif not told_ms and not undated:
            counts["undated"] += 1
        elif told_ms and told_ms < since_ms:
            counts["old"] += 1
        else:
            taken.append((told_ms, page))
    taken.sort(key=lambda each: each[0], reverse=True)
    newest_first = tuple(page for _, page in taken)
    return Chosen(newest_first, counts["known"], counts["old"], counts["undated"])


def without_stamps(pages: list[Entry], now_ms: int) -> list[Entry]:
    """The same pages, without times that say nothing: in the future, or the same for most of a site's
    pages, which is when the sitemap was written.
    """
    times = Counter(page.modified_ms for page in pages if page.modified_ms is not None)
    stamped = {
        time
        for time, count in times.items()
        if time > now_ms or (count >= STAMPED_PAGES_MIN and count > STAMPED_SHARE * len(pages))
    }
    return [replace(page, modified_ms=None) if page.modified_ms in stamped else page for page in pages]
