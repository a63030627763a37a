"""When each domain was visited, how often today, and until when it wants to be left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

BUSY_SECONDS = 10.0
DAY_SECONDS = 86_400
AHEAD_MAX = 16
"""Visits that other processes may have booked ahead of us; a time further off comes from a clock set back."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS domains (
  name TEXT PRIMARY KEY, last_start REAL NOT NULL DEFAULT 0, paused_until REAL NOT NULL DEFAULT 0,
  day INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID
"""


class Turns:
    """A small SQLite file, so that processes on one machine share their manners and a restart forgets
    none; in memory without `path`. All times are epoch seconds.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None)
        self._database.execute("PRAGMA synchronous=OFF")  # what a power cut loses is a pause
        self._database.execute(SCHEMA)

    def book(self, name: str, interval_seconds: float, now: float) -> float:
        """When the next visit may start: `interval_seconds` after the last that was booked, or now."""
        (start,) = self._database.execute(
            "INSERT INTO domains (name, last_start) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET"
            " last_start = min(max(?2, last_start + ?3), ?2 + ?4 * ?3) RETURNING last_start",
            (name, now, interval_seconds, AHEAD_MAX),
        ).fetchone()
        return float(start)

    def spend(self, name: str, limit: int, now: float) -> bool:
        """Count one request of today (UTC); false where `limit` are spent."""
        (requests,) = self._database.execute(
            "INSERT INTO domains (name, day, requests) VALUES (?1, ?2, 1) ON CONFLICT (name) DO UPDATE SET"
            " requests = iif(day = ?2, requests + 1, 1), day = ?2 RETURNING requests",
            (name, int(now // DAY_SECONDS)),
        ).fetchone()
        return int(requests) <= limit

    def pause(self, name: str, until: float) -> None:
        """Leave a domain alone until then, or longer where it is paused for longer already."""
        self._database.execute(
            "INSERT INTO domains (name, paused_until) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET"
            " paused_until = max(paused_until, ?2)",
            (name, until),
        )

    def paused_until(self, name: str) -> float:
        """0 for a domain that was never paused."""
        row = self._database.execute("SELECT paused_until FROM domains WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else 0.0

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
