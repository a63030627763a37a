"""An interrupted input goes on where it was, and nothing of another input is passed over."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.positions import Positions
from producers.push import push
from producers.resuming import EVERY_ITEMS, Bookmark, input_identity
from producers.unreadable import Unreadable
from producers.writer import NotAcknowledged, Writer, WriterError
from schemas.article import Article, Raw
from schemas.topics import RAW

COUNT = 3 * EVERY_ITEMS + 7


class _Writer(Writer):
    """Acknowledges everything, until it `stops_at` or `loses` a record."""

    def __init__(self, stops_at: int = -1, loses: int = -1) -> None:
        self.ids: list[str] = []
        self._stops_at, self._loses = stops_at, loses
        self.not_acknowledged = []
        self.acknowledged = Counter()

    def write(self, article: Article) -> None:
        number = int(article.id)
        if number == self._stops_at:
            raise WriterError("the broker is gone")
        if number == self._loses:
            self.not_acknowledged.append(NotAcknowledged(RAW.name, article.id, "lost"))
            return
        self.ids.append(article.id)
        self.acknowledged[RAW.name] += 1

    def flush(self) -> list[NotAcknowledged]:
        return list(self.not_acknowledged)


def _articles(count: int = COUNT) -> Iterator[Article | Unreadable]:
    for number in range(count):
        yield Article(id=str(number), source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content="x"))


@pytest.fixture
def bookmark(tmp_path: Path) -> Iterator[Bookmark]:
    with Positions(tmp_path / "positions.sqlite3") as positions:
        yield Bookmark(positions, b"an input")


def test_what_was_acknowledged_is_not_sent_again_and_the_rest_is(bookmark: Bookmark) -> None:
    first, second = _Writer(stops_at=2 * EVERY_ITEMS + 3), _Writer()
    assert push(_articles(), first, bookmark).stopped_because
    assert bookmark.items == 2 * EVERY_ITEMS
    pushed = push(_articles(), second, bookmark)
    assert (pushed.articles, pushed.complete) == (COUNT - 2 * EVERY_ITEMS, True)
    assert second.ids[0] == str(2 * EVERY_ITEMS)
    assert set(first.ids) | set(second.ids) == {str(number) for number in range(COUNT)}


def test_it_goes_no_further_than_to_what_failed(bookmark: Bookmark) -> None:
    push(_articles(), _Writer(loses=EVERY_ITEMS + 1), bookmark)
    assert bookmark.items == EVERY_ITEMS


def test_an_input_that_came_to_its_end_is_sent_again_when_it_is_given_again(bookmark: Bookmark) -> None:
    push(_articles(), _Writer(), bookmark)
    assert bookmark.items == 0
    assert push(_articles(), _Writer(), bookmark).acknowledged == COUNT


def test_without_a_bookmark_all_is_sent() -> None:
    assert push(_articles(), _Writer()).acknowledged == COUNT


def test_an_input_is_another_when_a_file_has_come_gone_or_changed(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "c.txt").write_text("c")
    given = [str(tmp_path)]
    seen = {input_identity(given, "live"), input_identity(given, "backfill")}
    assert input_identity(given, "live") in seen
    (tmp_path / "a.txt").write_text("a")
    seen.add(input_identity(given, "live"))
    os.utime(tmp_path / "c.txt", (1, 1))
    seen.add(input_identity(given, "live"))
    (tmp_path / "c.txt").unlink()
    seen.add(input_identity(given, "live"))
    assert len(seen) == 5
    with pytest.raises(OSError, match="missing"):
        input_identity([str(tmp_path / "missing")], "live")
