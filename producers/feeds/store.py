"""What must survive: feeds, items on their way, and whose turn a domain is. One SQLite file for all.

Items go in with the feed's new state in one transaction, before anything else happens to them, and come
out when Kafka has acknowledged their articles. So a producer killed in between loses none, though the feed
itself will answer 304 by then.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from filelock import FileLock
from msgspec import structs

from producers.feeds.feed import Item
from producers.feeds.presence import Presence
from producers.feeds.state import FeedState
from producers.feeds.waiting import Incoming, Waiting, domain_of, item_key, words_digest
from producers.feeds.websub import HubSubscription

STORE_FILE = "feeds.sqlite3"
BUSY_SECONDS = 30.0
DAY_SECONDS = 86_400.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (
  url TEXT PRIMARY KEY, domain TEXT NOT NULL, next_at REAL, state BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS feeds_due ON feeds (domain, next_at);
CREATE TABLE IF NOT EXISTS items (
  key TEXT PRIMARY KEY, feed TEXT NOT NULL, digest BLOB NOT NULL, first_at REAL NOT NULL,
  seen_at REAL NOT NULL, domain TEXT, is_whole INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
  retry_at REAL, item BLOB, fate TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_waiting ON items (domain, is_whole, retry_at) WHERE item IS NOT NULL;
CREATE INDEX IF NOT EXISTS items_of_feeds ON items (feed);
CREATE TABLE IF NOT EXISTS turns (domain TEXT PRIMARY KEY, owner TEXT, free_at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS turns_free ON turns (owner, free_at);
CREATE TABLE IF NOT EXISTS subscriptions (
  feed TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, subscription BLOB NOT NULL
) WITHOUT ROWID;
"""
DUE = """
SELECT domain FROM turns t WHERE owner IS NULL AND free_at <= :free_by AND (
  EXISTS (SELECT 1 FROM feeds f WHERE f.domain = t.domain AND f.next_at <= :now)
  OR EXISTS (
    SELECT 1 FROM items i
    WHERE i.domain = t.domain AND i.item IS NOT NULL AND i.is_whole IN (0, 1) AND i.retry_at <= :now
  )
) ORDER BY free_at LIMIT 1
"""
IDLE_TURNS = """
DELETE FROM turns WHERE owner IS NULL AND free_at < ?
  AND domain NOT IN (SELECT domain FROM feeds)
  AND domain NOT IN (SELECT domain FROM items WHERE domain IS NOT NULL)
"""


class Store:
    """A context manager, for one thread. Any number of processes share the file."""

    def __init__(self, folder: Path) -> None:
        self._presence = Presence(folder / "producers")
        with FileLock(folder / "opening.lock"):  # the change to write-ahead suffers no one beside it
            self._database = sqlite3.connect(
                folder / STORE_FILE, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")  # a power cut takes back whole steps only
            self._database.executescript(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.give_back_all()
        self._database.close()
        self._presence.close()

    def feeds(self) -> list[FeedState]:
        """Every feed, by address."""
        rows = self._database.execute("SELECT state FROM feeds ORDER BY url")
        return [msgspec.json.decode(state, type=FeedState) for (state,) in rows]

    def feed(self, url: str) -> FeedState | None:
        """One feed."""
        row = self._database.execute("SELECT state FROM feeds WHERE url = ?", (url,)).fetchone()
        return msgspec.json.decode(row[0], type=FeedState) if row else None

    def add(self, state: FeedState) -> bool:
        """Follow a feed; false where it is followed already."""
        with self._transaction():
            if self.feed(state.url) is not None:
                return False
            self._save(state)
        return True

    def edit(self, state: FeedState) -> None:
        """Keep another state of a feed that is followed; nothing where it no longer is."""
        with self._transaction():
            self._update(state)

    def wish(self, url: str, **wishes: Any) -> None:
        """Set what people say of a feed, which readings leave alone: its categories and bounds."""
        with self._transaction():
            state = self.feed(url)
            if state is not None:
                self._save(structs.replace(state, **wishes))

    def remove(self, url: str) -> bool:
        """Follow a feed no longer. What it brought stays known, should it come back."""
        with self._transaction():
            found = self._database.execute("DELETE FROM feeds WHERE url = ?", (url,)).rowcount
            self._database.execute("DELETE FROM items WHERE feed = ? AND item IS NOT NULL", (url,))
        return found > 0

    def move(self, state: FeedState, url: str) -> FeedState:
        """Take over the new address of a feed that has moved; where that is followed already, the old one
        is kept as gone.
        """
        with self._transaction():
            if self.feed(url) is not None:
                merged = structs.replace(
                    state, status="gone", reason="moved", detail=f"to {url}, which is followed"
                )
                self._save(merged)
                return merged
            moved = structs.replace(state, url=url, moved_to=None, moved_sightings=0)
            self._database.execute("DELETE FROM feeds WHERE url = ?", (state.url,))
            self._database.execute("UPDATE items SET feed = ? WHERE feed = ?", (url, state.url))
            self._save(moved)
        return moved

    def unknown(self, feed: str, items: Sequence[Item], settled_by: float = inf) -> list[Item]:
        """Those of a feed's items that are new, or say something else than they did, unless they were done
        with later than `settled_by`: some change with every reading.
        """
        return [item for item in items if self._is_news(feed, item, settled_by)]

    def keep(
        self, state: FeedState, incoming: Iterable[Incoming], now: float, seen: Iterable[Item] = ()
    ) -> None:
        """The new state of a feed, and the items that came with it, in one step. `seen` are all that the
        feed still shows: they are remembered longer.
        """
        with self._transaction():
            if not self._update(state):
                return
            self._database.executemany(
                "UPDATE items SET seen_at = ? WHERE key = ?",
                ((now, item_key(state.url, item)) for item in seen),
            )
            for one in incoming:
                self._put(state.url, one, now)

    def due_domain(self, now: float, free_by: float) -> str | None:
        """A domain where something is due, nobody is at work, and somebody may be by `free_by`."""
        row = self._database.execute(DUE, {"now": now, "free_by": free_by}).fetchone()
        return str(row[0]) if row else None

    def take_turn(self, now: float) -> str | None:
        """A domain where something is due and nobody is at work; it is ours until `end_turn`."""
        self._free_dead()
        if self.due_domain(now, now) is None:
            return None
        with self._transaction():
            domain = self.due_domain(now, now)
            if domain is not None:
                self._hold(domain, self._presence.name, now)
        return domain

    def wait_turn(self, domain: str, now: float) -> bool:
        """Take the turn of one domain, if nobody has it and it is not too soon."""
        self._free_dead()
        with self._transaction():
            row = self._database.execute(
                "SELECT owner, free_at FROM turns WHERE domain = ?", (domain,)
            ).fetchone()
            if row and (row[0] is not None or row[1] > now):
                return False
            self._hold(domain, self._presence.name, now)
        return True

    def end_turn(self, domain: str, free_at: float) -> None:
        """Let others at a domain again, from `free_at` on."""
        with self._transaction():
            self._hold(domain, None, free_at)

    def give_back_all(self) -> None:
        """End every turn of ours."""
        with self._transaction():
            self._database.execute("UPDATE turns SET owner = NULL WHERE owner = ?", (self._presence.name,))

    def due_feed(self, domain: str, now: float) -> FeedState | None:
        """The feed of a domain that has been due for longest."""
        row = self._database.execute(
            "SELECT state FROM feeds WHERE domain = ? AND next_at <= ? ORDER BY next_at LIMIT 1",
            (domain, now),
        ).fetchone()
        return msgspec.json.decode(row[0], type=FeedState) if row else None

    def waiting(self, domain: str, now: float, *, whole: bool, count: int) -> list[Waiting]:
        """Items of a domain that are to be delivered now, the oldest first."""
        rows = self._database.execute(
            "SELECT key, feed, item, is_whole, attempts FROM items WHERE domain = ? AND is_whole = ?"
            " AND item IS NOT NULL AND retry_at <= ? ORDER BY first_at, key LIMIT ?",
            (domain, whole, now, count),
        )
        return [
            Waiting(key, feed, msgspec.json.decode(item, type=Item), bool(is_whole), attempts)
            for key, feed, item, is_whole, attempts in rows
        ]

    def done(self, waiting: Iterable[Waiting], fate: str) -> None:
        """Items that need nothing more: `delivered`, or why they can't be."""
        now = time.time()
        with self._transaction():
            self._database.executemany(
                "UPDATE items SET item = NULL, retry_at = ?, fate = ? WHERE key = ?",
                ((now, fate, one.key) for one in waiting),
            )

    def later(self, one: Waiting, retry_at: float, attempts: int, *, whole: bool = False) -> None:
        """Try an item again; as `whole`, with no more than its feed says of it."""
        with self._transaction():
            self._database.execute(
                "UPDATE items SET retry_at = ?, attempts = ?, is_whole = ? WHERE key = ?",
                (retry_at, attempts, whole or one.is_whole, one.key),
            )

    def postpone_domain(self, domain: str, until: float) -> None:
        """Leave a whole domain alone that asked for it."""
        with self._transaction():
            self._database.execute(
                "INSERT INTO turns VALUES (?, NULL, ?) ON CONFLICT (domain)"
                " DO UPDATE SET free_at = max(free_at, excluded.free_at)",
                (domain, until),
            )

    def waiting_count(self) -> int:
        """How many items have not been delivered."""
        return int(self._database.execute("SELECT count(*) FROM items WHERE item IS NOT NULL").fetchone()[0])

    def forget_old(self, before: float) -> int:
        """Drop what no feed has shown since `before`, and the turns of domains where nothing is left. How
        many items that were.
        """
        with self._transaction():
            items = self._database.execute("DELETE FROM items WHERE item IS NULL AND seen_at < ?", (before,))
            self._database.execute(IDLE_TURNS, (before,))
        return items.rowcount

    def subscriptions(self) -> list[HubSubscription]:
        """Every subscription at a hub, also of feeds that are followed no longer."""
        rows = self._database.execute("SELECT subscription FROM subscriptions")
        return [msgspec.json.decode(found, type=HubSubscription) for (found,) in rows]

    def subscription(self, *, feed: str = "", token: str = "") -> HubSubscription | None:
        """The one of a feed, or the one whose callback has this token."""
        row = self._database.execute(
            "SELECT subscription FROM subscriptions WHERE feed = ? OR token = ?", (feed, token)
        ).fetchone()
        return msgspec.json.decode(row[0], type=HubSubscription) if row else None

    def keep_subscription(self, one: HubSubscription) -> None:
        """Keep a subscription, in the place of the feed's last."""
        with self._transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?)",
                (one.feed, one.token, msgspec.json.encode(one)),
            )

    def drop_subscription(self, feed: str) -> None:
        """Forget a feed's subscription."""
        with self._transaction():
            self._database.execute("DELETE FROM subscriptions WHERE feed = ?", (feed,))

    def _save(self, state: FeedState) -> None:
        self._know(domain_of(state.url))
        self._database.execute(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)",
            (
                state.url,
                domain_of(state.url),
                None if state.status == "gone" else state.next_at,
                msgspec.json.encode(state),
            ),
        )

    def _is_news(self, feed: str, item: Item, settled_by: float = inf) -> bool:
        """What another feed brought is known, whatever this one says; so is what was too old at first."""
        row = self._database.execute(
            "SELECT feed, digest, fate, retry_at FROM items WHERE key = ?", (item_key(feed, item),)
        ).fetchone()
        if row is None:
            return True
        brought_by, digest, fate, done_at = row
        if brought_by != feed or fate == "left" or digest == words_digest(item):
            return False
        return fate is None or done_at <= settled_by

    def _put(self, feed: str, one: Incoming, now: float) -> None:
        if not self._is_news(feed, one.item):  # another producer was quicker
            return
        domain = domain_of(feed if one.is_whole or one.item.url is None else one.item.url)
        if one.is_taken:
            self._know(domain)
        waits = (
            (domain, one.is_whole, now, msgspec.json.encode(one.item))
            if one.is_taken
            else (None, None, None, None)
        )
        self._database.execute(
            "INSERT INTO items (key, feed, digest, first_at, seen_at, domain, is_whole, retry_at, item, fate)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET digest = excluded.digest,"
            " domain = excluded.domain, is_whole = excluded.is_whole, retry_at = excluded.retry_at,"
            " item = excluded.item, attempts = 0, fate = excluded.fate",
            (
                item_key(feed, one.item),
                feed,
                words_digest(one.item),
                now,
                now,
                *waits,
                None if one.is_taken else "left",
            ),
        )

    def _update(self, state: FeedState) -> bool:
        """Keep a state but for what people said meanwhile; false where the feed is followed no longer."""
        stored = self.feed(state.url)
        if stored is not None:
            said = {name: getattr(stored, name) for name in ("categories", "min_seconds", "max_seconds")}
            self._save(structs.replace(state, **said))
        return stored is not None

    def _know(self, domain: str) -> None:
        """Every domain where anything may become due has a row among the turns."""
        self._database.execute("INSERT OR IGNORE INTO turns VALUES (?, NULL, 0)", (domain,))

    def _hold(self, domain: str, owner: str | None, free_at: float) -> None:
        self._database.execute(
            "INSERT INTO turns VALUES (?, ?, ?) ON CONFLICT (domain)"
            " DO UPDATE SET owner = excluded.owner, free_at = max(free_at, excluded.free_at)",
            (domain, owner, free_at),
        )

    def _free_dead(self) -> None:
        owners = self._database.execute("SELECT DISTINCT owner FROM turns WHERE owner IS NOT NULL").fetchall()
        for (owner,) in owners:
            if not self._presence.is_alive(owner):
                self._database.execute("UPDATE turns SET owner = NULL WHERE owner = ?", (owner,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
