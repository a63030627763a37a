"""What of the web is known already, so that an unchanged page costs nothing downstream."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from schemas.identity import canonical_url

if TYPE_CHECKING:
    from producers.pages.page import Page
    from producers.writer import Writer

BUSY_SECONDS = 300.0
"""Longer than Kafka's delivery may take, since another process may be waiting for it."""
DAY_MS = 24 * 60 * 60 * 1000
SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
  id TEXT PRIMARY KEY, digest BLOB NOT NULL, revision_ms INTEGER NOT NULL, noted_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS addresses (
  url TEXT PRIMARY KEY, seen_ms INTEGER NOT NULL, etag TEXT, last_modified TEXT, failure TEXT,
  noted_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""
TABLES = ("articles", "addresses")


@dataclass(frozen=True)
class Known:
    """What is known of an address: its validators, when it was last asked (epoch ms; 0 for never), and
    why it gave no article then.
    """

    seen_ms: int = 0
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Delivered:
    """What became of pages: `new` and `changed` are acknowledged by Kafka, `unchanged` needed nothing,
    `failed` are the addresses that must be asked again, with the reason.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.failed + other.failed,
        )

    def counts(self) -> dict[str, int]:
        """How many pages each became of: what a producer that runs for ever adds up."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "failed": len(self.failed),
        }


class Ledger:
    """A small SQLite file, shared by any number of processes. A context manager.

    `deliver` looks a page up, writes it to Kafka, waits for the acknowledgement and notes it, all in one
    transaction of the file. Another process with the same page waits for it and then finds it known; one
    that is killed in between leaves nothing noted, and the page comes again.

    What has not been noted again for `known_days`, by this machine's clock, is forgotten, at the first
    delivery and about once a day. `None` keeps everything.
    """

    def __init__(self, path: Path, known_days: float | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._known_days = known_days
        self._database, self._reading = (_connected(path) for _ in range(2))
        self._database.executescript(SCHEMA)
        self._add_noted_ms()
        self._forgot_ms = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._database.close()
        self._reading.close()

    def known(self, url: str) -> Known:
        """What is known of an address. From any thread, while another delivers."""
        row = self._reading.execute(
            "SELECT seen_ms, etag, last_modified, failure FROM addresses WHERE url = ?", (_key(url),)
        ).fetchone()
        return Known(*row) if row else Known()

    def note(self, url: str, known: Known) -> None:
        """Note what became of an address that gave no page: unchanged, or why not."""
        self._note(url, known)

    def deliver(self, pages: Sequence[Page], writer: Writer) -> Delivered:
        """Write what is new or changed to Kafka, in the order of `pages`, and note what it acknowledged.

        Raises `producers.writer.WriterError` where writing can't go on; nothing of `pages` is noted then.
        """
        self._forget_daily()
        with self._transaction():
            known = {page.article.id: self._digest(page.article.id) for page in pages}
            news = _news(pages, dict(known))
            refused_before = len(writer.not_acknowledged)
            for page in news:
                writer.write(page.article)
            refused = {each.article_id: each.why for each in writer.flush()[refused_before:]} if news else {}
            for page in pages:
                if page.article.id not in refused:
                    self._keep(page)
        taken = [page.article.id for page in news if page.article.id not in refused]
        first = {name for name in taken if known[name] is None}
        return Delivered(
            new=len(first),
            changed=len(taken) - len(first),
            unchanged=len(pages) - len(news),
            failed=tuple(
                (page.asked_url, refused[page.article.id]) for page in pages if page.article.id in refused
            ),
        )

    def forget_old(self, now_ms: int) -> int:
        """Drop what was last noted more than `known_days` before. How many rows that were."""
        if self._known_days is None:
            return 0
        before_ms = now_ms - int(self._known_days * DAY_MS)
        with self._transaction():
            return sum(
                self._database.execute(f"DELETE FROM {table} WHERE noted_ms < ?", (before_ms,)).rowcount  # noqa: S608 - a constant
                for table in TABLES
            )

    def _forget_daily(self) -> None:
        now_ms = _now_ms()
        if now_ms - self._forgot_ms >= DAY_MS:
            self._forgot_ms = now_ms
            self.forget_old(now_ms)

    def _add_noted_ms(self) -> None:
        """In a file from before it was kept when a row was noted: today, for all it knows."""
        if all(self._has_noted_ms(table) for table in TABLES):
            return
        with self._transaction():
            for table in TABLES:
                if not self._has_noted_ms(table):  # another process may have been quicker
                    column = f"noted_ms INTEGER NOT NULL DEFAULT {_now_ms()}"
                    self._database.execute(f"ALTER TABLE {table} ADD COLUMN {column}")

    def _has_noted_ms(self, table: str) -> bool:
        return any(
            name == "noted_ms" for _, name, *_ in self._database.execute(f"PRAGMA table_info({table})")
        )

    def _digest(self, article_id: str) -> bytes | None:
        row = self._database.execute("SELECT digest FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row[0] if row else None

    def _keep(self, page: Page) -> None:
        """Of an article that is as it was, the time of its text stays."""
        self._database.execute(
            "INSERT INTO articles (id, digest, revision_ms, noted_ms) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (id) DO UPDATE SET noted_ms = ?4, digest = ?2,"
            " revision_ms = CASE digest WHEN ?2 THEN revision_ms ELSE ?3 END",
            (page.article.id, page.digest, page.article.revision, _now_ms()),
        )
        self._note(page.asked_url, Known(page.article.revision, page.etag, page.last_modified))

    def _note(self, url: str, known: Known) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO addresses (url, seen_ms, etag, last_modified, failure, noted_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (_key(url), known.seen_ms, known.etag, known.last_modified, known.failure, _now_ms()),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _news(pages: Sequence[Page], digests: dict[str, bytes | None]) -> list[Page]:
    """The pages whose text isn't that of the one before; `digests` are those of what is known."""
    news = []
    for page in pages:
        if digests[page.article.id] != page.digest:
            digests[page.article.id] = page.digest
            news.append(page)
    return news


def _connected(path: Path) -> sqlite3.Connection:
    """With SQLite's usual journal: a reader doesn't wait for one who waits for Kafka, and unlike the
    write-ahead log it can be opened by many at once for the first time.
    """
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _key(url: str) -> str:
    return canonical_url(url) or url


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
