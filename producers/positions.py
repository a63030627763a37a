"""How far each archive, or other input, has been loaded."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

IDENTITY_BYTES = 64 * 1024
BUSY_SECONDS = 60.0


class Positions:
    """Offsets by archive, in a SQLite file. An archive is known by its first bytes (a WARC file begins
    with a record that has an id of its own), so a file that was moved or renamed is still known.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS positions (archive BLOB PRIMARY KEY, offset INTEGER NOT NULL)"
        )

    def offset(self, archive: bytes) -> int:
        """Where the next record to load begins; 0 for an archive that is not known."""
        found = self._database.execute(
            "SELECT offset FROM positions WHERE archive = ?", (archive,)
        ).fetchone()
        return int(found[0]) if found else 0

    def keep(self, archive: bytes, offset: int) -> None:
        """All before `offset` is in Kafka."""
        self._database.execute("INSERT OR REPLACE INTO positions VALUES (?, ?)", (archive, offset))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._database.close()


def archive_identity(path: Path) -> bytes:
    """What an archive is known by. Raises `OSError`."""
    with path.open("rb") as stream:
        return blake2b(stream.read(IDENTITY_BYTES), digest_size=16).digest()
