"""What is worth asking for."""

from __future__ import annotations

from producers.sitemaps import Entry, News, choose
from producers.sitemaps.news import without_stamps

NOW = 1_000_000_000
HOUR = 3_600_000
SINCE = NOW - 48 * HOUR


def _chosen(*pages: Entry, seen: dict[str, int] | None = None, undated: bool = False) -> list[str]:
    found = choose(pages, lambda url: (seen or {}).get(url, 0), since_ms=SINCE, now_ms=NOW, undated=undated)
    return [page.url for page in found.pages]


def test_the_newest_come_first_and_the_old_are_left() -> None:
    pages = (
        Entry("old", SINCE - 1), Entry("a", NOW - 3 * HOUR), Entry("b", None, News(published_ms=NOW - HOUR)),
        Entry("c", SINCE), Entry("undated"),
    )  # fmt: skip
    assert _chosen(*pages) == ["b", "a", "c"]
    assert _chosen(*pages, undated=True) == ["b", "a", "c", "undated"]


def test_what_was_asked_for_comes_again_only_when_modified_since() -> None:
    pages = (
        Entry("a", NOW - 3 * HOUR),
        Entry("b", NOW - 3 * HOUR),
        Entry("c", None, News(published_ms=NOW)),
        Entry("d"),
    )
    seen = {"a": NOW - 2 * HOUR, "b": NOW - 4 * HOUR, "c": NOW - HOUR, "d": 1}
    assert _chosen(*pages, seen=seen, undated=True) == ["b"]
    counts = choose(pages, lambda url: seen.get(url, 0), since_ms=SINCE, now_ms=NOW)
    assert (counts.known, counts.old, counts.undated) == (3, 0, 0)


def test_a_time_that_all_pages_share_says_nothing() -> None:
    stamped = [Entry(f"{n}", NOW - HOUR) for n in range(30)]
    assert _chosen(*stamped) == []
    assert _chosen(*stamped, Entry("own", NOW - 2 * HOUR)) == ["own"]
    assert len(_chosen(*stamped[:10])) == 10


def test_a_time_in_the_future_says_nothing() -> None:
    assert without_stamps([Entry("a", NOW + 1), Entry("b", NOW)], NOW) == [Entry("a"), Entry("b", NOW)]
