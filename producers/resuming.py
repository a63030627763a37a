"""A long input that was interrupted goes on where Kafka had acknowledged everything.

An input is known by its files: their names, sizes and times. Where any of them has changed, it is another
input and begins anew, so that nothing is passed over that was never sent. One that has come to its end is
forgotten: the same files given again are sent again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from producers.positions import Positions

EVERY_ITEMS = 500
"""So often the acknowledgements are waited for and noted."""


class Bookmark:
    """How many items of one input are safe in Kafka."""

    def __init__(self, positions: Positions, identity: bytes) -> None:
        self._positions = positions
        self._identity = identity

    @property
    def items(self) -> int:
        """So many need not be sent again."""
        return self._positions.offset(self._identity)

    def keep(self, items: int) -> None:
        """The first `items` are acknowledged."""
        self._positions.keep(self._identity, items)

    def forget(self) -> None:
        """All is acknowledged, or all is to be sent again."""
        self._positions.keep(self._identity, 0)


def input_identity(paths: Sequence[str], how: str) -> bytes:
    """What files are known by, read in one way (`how` names lane, source and format). Raises `OSError`."""
    digest = blake2b(how.encode(), digest_size=16)
    for path in (file for given in paths for file in _files(Path(given))):
        found = path.stat()
        digest.update(
            f"{os.fspath(path)}\0{found.st_size}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape")
        )
    return digest.digest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    else:
        yield path
