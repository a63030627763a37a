"""A stream of bytes that knows where it is, and in which one can look ahead and, in a file, go back."""

from __future__ import annotations

from contextlib import suppress
from typing import IO

PIECE_BYTES = 64 * 1024


class Source:
    """Reads `stream` from `offset` on. `offset` is where the next byte lies."""

    def __init__(self, stream: IO[bytes], offset: int = 0) -> None:
        self._stream = stream
        self._ahead = b""
        self.offset = offset
        if offset:
            stream.seek(offset)

    def take(self, size_bytes: int = PIECE_BYTES) -> bytes:
        """The next bytes, at most so many; none at the end."""
        taken = self._ahead[:size_bytes] if self._ahead else self._stream.read(size_bytes)
        self._ahead = self._ahead[size_bytes:]
        self.offset += len(taken)
        return taken

    def give_back(self, data: bytes) -> None:
        """Put back what was taken last."""
        self._ahead = data + self._ahead
        self.offset -= len(data)

    def look(self, size_bytes: int) -> bytes:
        """The next bytes, so many unless it ends, without taking them."""
        parts, missing = [self._ahead], size_bytes - len(self._ahead)
        while missing > 0 and (part := self._stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        self._ahead = b"".join(parts)
        return self._ahead[:size_bytes]

    def skip(self, size_bytes: int) -> int:
        """Pass over so many bytes; how many there were."""
        skipped = 0
        while skipped < size_bytes and (part := self.take(min(PIECE_BYTES, size_bytes - skipped))):
            skipped += len(part)
        return skipped

    def back_to(self, offset: int) -> None:
        """Go back, where that can be done; else stay."""
        with suppress(OSError):
            self._stream.seek(offset)
            self._ahead, self.offset = b"", offset
