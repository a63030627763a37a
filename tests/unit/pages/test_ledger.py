"""What the ledger forgets, without Kafka: a writer that has everything acknowledged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from producers.pages import Delivered, Known, Ledger, ledger
from producers.pages.page import Page
from producers.writer import NotAcknowledged, Writer
from schemas.article import Article, Raw

DAY_MS = ledger.DAY_MS


class Acknowledging:
    """Takes every article."""

    not_acknowledged: tuple[NotAcknowledged, ...] = ()

    def write(self, article: Article) -> None:
        """Nothing can go wrong."""

    def flush(self) -> list[NotAcknowledged]:
        return []


WRITER = cast(Writer, Acknowledging())


class Clock:
    now_ms = 1000 * DAY_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ledger, "_now_ms", clock)
    return clock


def page(name: str) -> Page:
    article = Article(
        id=f"{name}-id",
        source="test",
        fetched_at="2014-06-05T00:00:00.000Z",
        raw=Raw(content=name),
        revision=7,
    )
    return Page(article, digest=name.encode(), asked_url=f"https://example.com/{name}")


def test_pages_that_come_again_stay_known_and_others_are_forgotten(tmp_path: Path, clock: Clock) -> None:
    """However long ago the articles themselves are from."""
    with Ledger(tmp_path / "ledger.sqlite3", known_days=10) as pages:
        assert pages.deliver([page("a"), page("b")], WRITER) == Delivered(new=2)
        clock.now_ms += 6 * DAY_MS
        assert pages.deliver([page("a")], WRITER) == Delivered(unchanged=1)
        clock.now_ms += 6 * DAY_MS
        assert pages.deliver([], WRITER) == Delivered()
        assert pages.known("https://example.com/b") == Known()
        assert pages.known("https://example.com/a").seen_ms == 7
        assert pages.deliver([page("a"), page("b")], WRITER) == Delivered(new=1, unchanged=1)


def test_an_address_that_gave_no_page_is_forgotten_as_well(tmp_path: Path, clock: Clock) -> None:
    with Ledger(tmp_path / "ledger.sqlite3", known_days=10) as pages:
        pages.note("https://example.com/gone", Known(5, failure="gone"))
        assert pages.forget_old(clock.now_ms + 10 * DAY_MS) == 0
        assert pages.forget_old(clock.now_ms + 10 * DAY_MS + 1) == 1


def test_a_ledger_without_bound_keeps_everything(tmp_path: Path, clock: Clock) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as archive:
        archive.deliver([page("a")], WRITER)
        clock.now_ms += 10_000 * DAY_MS
        assert archive.deliver([page("a")], WRITER) == Delivered(unchanged=1)


def test_a_file_from_before_days_were_kept_starts_from_today(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE articles (id TEXT PRIMARY KEY, digest BLOB NOT NULL, revision_ms INTEGER NOT NULL)"
            " WITHOUT ROWID;"
            "CREATE TABLE addresses (url TEXT PRIMARY KEY, seen_ms INTEGER NOT NULL, etag TEXT,"
            " last_modified TEXT, failure TEXT) WITHOUT ROWID;"
            "INSERT INTO articles VALUES ('a-id', x'61', 7);"
            "INSERT INTO addresses VALUES ('https://example.com/a', 7, NULL, NULL, NULL);"
        )
    for _ in range(2):
        with Ledger(path, known_days=10) as pages:
            assert pages.deliver([page("a")], WRITER) == Delivered(unchanged=1)
            assert pages.forget_old(clock.now_ms) == 0
    with Ledger(path, known_days=10) as pages:
        assert pages.forget_old(clock.now_ms + 11 * DAY_MS) == 2
