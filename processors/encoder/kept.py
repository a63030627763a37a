"""The last lines' readings, packed small, so that a line that comes again is not read again.

News come again: copies of an agency's article, revisions, the same background paragraph. A reading depends
on its line alone, so what was read once is right for ever; how much is kept is a matter of memory alone. A
line of forty words takes about 1.4 KB, so 64 MB hold some 45,000 of them, the last 4,000 articles.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from processors.encoder.decoding import Guess
from processors.encoder.telling import SentenceReading

KEPT_BYTES = 64 * 1024 * 1024
KEY_BYTES = 16
ENTRY_BYTES = 250
"""What a line takes beside its packed reading: its key, and its places in the dictionary."""
Floats = npt.NDArray[np.float32]


class LineReading(NamedTuple):
    """What the encoder found in a line: mentions, what its sentences tell, its place in meaning.

    `embedding` is the sum over its `pieces`, as exact as float16 is: read anew or kept, it is the same.
    """

    guesses: tuple[Guess, ...]
    embedding: Floats
    pieces: int
    sentences: tuple[SentenceReading, ...] = ()


class _Packed(NamedTuple):
    guesses: tuple[Guess, ...]
    embedding: bytes
    pieces: int
    sentences: tuple[SentenceReading, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)


def exact(embedding: Floats) -> Floats:
    """The embedding as it is kept. A sum over 20,000 pieces of unit length is within float16's range."""
    return embedding.astype("<f2").astype(np.float32)


class Kept:
    """Readings by line, those asked for longest ago let go first; `bytes_max` bounds the memory they take."""

    def __init__(self, bytes_max: int = KEPT_BYTES) -> None:
        self._bytes_max = bytes_max
        self._packed: OrderedDict[bytes, bytes] = OrderedDict()
        self.bytes_in_use = 0

    def __len__(self) -> int:
        return len(self._packed)

    def get(self, line: str) -> LineReading | None:
        """What was read in the line, if it is still known."""
        key = _key(line)
        packed = self._packed.get(key)
        if packed is None:
            return None
        self._packed.move_to_end(key)
        found = _decoder.decode(packed)
        return LineReading(
            found.guesses,
            np.frombuffer(found.embedding, "<f2").astype(np.float32),
            found.pieces,
            found.sentences,
        )

    def add(self, line: str, reading: LineReading) -> None:
        """Keep a reading, and let go of as many old ones as there is no room for."""
        key = _key(line)
        packed = _encoder.encode(
            _Packed(
                reading.guesses, reading.embedding.astype("<f2").tobytes(), reading.pieces, reading.sentences
            )
        )
        self._let_go(key)
        self._packed[key] = packed
        self.bytes_in_use += len(packed) + ENTRY_BYTES
        while self.bytes_in_use > self._bytes_max:
            self._let_go(next(iter(self._packed)))

    def clear(self) -> None:
        """Keep none."""
        self._packed.clear()
        self.bytes_in_use = 0

    def _let_go(self, key: bytes) -> None:
        packed = self._packed.pop(key, None)
        if packed is not None:
            self.bytes_in_use -= len(packed) + ENTRY_BYTES


def _key(line: str) -> bytes:
    return blake2b(line.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
