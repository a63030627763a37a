"""Latin names as rows of arrays: letters, where words end, what leaving a word out weighs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from processors.names.identity.sounds import sounds

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Bytes = npt.NDArray[np.uint8]
NEVER = np.float32(-999)
LETTERS_MAX = 60
Word = tuple[Sequence[int], float]
_NO_END = 255
_STEP = 10


@dataclass(frozen=True)
class Names:
    """Latin names as arrays, padded to the longest: `letters` and `pairs` [names, longest], `length` [names].

    `word_start[n, j]` is where the word that ends before letter j begins, with `skip[n, j]` for leaving it
    out (NEVER where no word ends); `tail[n, j]` is for leaving out all from j on, `head[n, j]` all before.
    """

    letters: Ints
    pairs: Ints
    word_start: Ints
    skip: Floats
    head: Floats
    tail: Floats


class Rows:
    """Names kept small: a byte a letter, three for its place; more can be added at the end."""

    def __init__(self, names: Iterable[Sequence[Word]] = ()) -> None:
        self._letters: list[bytes] = []
        self._starts: list[bytes] = []
        self._skips: list[bytes] = []
        for name in names:
            self.add(name)

    def __len__(self) -> int:
        return len(self._letters)

    def add(self, name: Sequence[Word]) -> None:
        """One more name; words past LETTERS_MAX letters are dropped."""
        letters, starts, skips = bytearray(), bytearray([_NO_END]), bytearray([0])
        for word, weight in name:
            if not word or len(letters) + len(word) > LETTERS_MAX:
                continue
            start = len(letters)
            letters += bytes(word)
            starts += bytes([_NO_END]) * (len(word) - 1) + bytes([start])
            skips += bytes(len(word) - 1) + bytes([round(-weight * _STEP)])
        self._letters.append(bytes(letters))
        self._starts.append(bytes(starts))
        self._skips.append(bytes(skips))

    def keep(self, which: Iterable[int]) -> None:
        """Forget all names but these."""
        chosen = list(which)
        self._letters = [self._letters[i] for i in chosen]
        self._starts = [self._starts[i] for i in chosen]
        self._skips = [self._skips[i] for i in chosen]

    def take(self, which: Iterable[int]) -> Names:
        """The arrays of some names."""
        chosen = list(which)
        length = max((len(self._letters[i]) for i in chosen), default=0)
        letters = _padded([self._letters[i] for i in chosen], length).astype(np.intp)
        start = _padded([self._starts[i] for i in chosen], length + 1, _NO_END)
        lost = _padded([self._skips[i] for i in chosen], length + 1).astype(np.float32) / -_STEP
        ends = start != _NO_END
        dropped = np.cumsum(lost, axis=1)
        never = ~ends
        never[:, 0] = False
        head = np.where(never, NEVER, dropped)
        tail = np.where(never, NEVER, dropped[:, -1:] - dropped)
        table = sounds()
        pairs = np.full(letters.shape, table.two.shape[1] - 1, np.intp)
        if length:
            pairs[:, 1:] = table.pair[letters[:, :-1] * len(table.latin) + letters[:, 1:]]
        return Names(
            letters, pairs, np.where(ends, start, 0).astype(np.intp), np.where(ends, lost, NEVER), head, tail
        )  # fmt: skip


def _padded(texts: list[bytes], length: int, filler: int = 0) -> Bytes:
    joined = b"".join(text.ljust(length, bytes([filler])) for text in texts)
    return np.frombuffer(joined, np.uint8).reshape(len(texts), length)
