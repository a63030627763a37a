"""What could not be read, and the dead letter that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.dead_letter import DeadLetter, Origin
from schemas.identity import dead_letter_id
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES

STAGE = "produce"


@dataclass(frozen=True)
class Unreadable:
    """A file, or a line of a JSON Lines file, that is no article, and why.

    `line` counts from 1; 0 stands for the whole file. `reason` is a constant word: `missing`,
    `no_permission`, `not_readable`, `unknown_format`, `broken_gzip`, `not_utf8`, `not_json`,
    `wrong_type`, `no_text`, `too_large`. `payload` is what was read of it, at most
    `DEAD_LETTER_PAYLOAD_BYTES`, of `payload_bytes` in all where that is known.
    """

    path: str
    line: int
    reason: str
    detail: str
    payload: bytes = b""
    payload_bytes: int = 0

    @property
    def place(self) -> str:
        """Where it is, as compilers write it: `path:line`."""
        return f"{self.path}:{self.line}" if self.line else self.path


class ReadError(Exception):
    """Bytes that hold no article. `reason` is one of `Unreadable`'s words."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def unreadable(path: str, line: int, error: ReadError, data: bytes = b"", size_bytes: int = 0) -> Unreadable:
    """The report on `data`, of which only the beginning is kept."""
    return Unreadable(
        path=path,
        line=line,
        reason=error.reason,
        detail=str(error),
        payload=data[:DEAD_LETTER_PAYLOAD_BYTES],
        payload_bytes=max(size_bytes, len(data)),
    )


def dead_letter(item: Unreadable) -> DeadLetter:
    """The dead letter of something unreadable. Its id is that of the file, line and bytes: read again
    without having been mended, it is the same letter.
    """
    return DeadLetter(
        id=dead_letter_id(item.path, -1, item.line, item.payload),
        reason=item.reason,
        detail=f"{item.place}: {item.detail}",
        stage=STAGE,
        origin=Origin(topic=item.path, offset=item.line),
        failed_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        payload=item.payload,
        payload_bytes=item.payload_bytes,
        truncated=item.payload_bytes > len(item.payload),
    )
