"""The built-in recogniser: the encoder over the lines of each text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from processors.encoder.article import LINE_END
from processors.encoder.decoding import Guess
from processors.encoder.kept import LineReading
from processors.encoder.packed import WIDTH
from processors.encoder.reading import Encoder
from processors.names.recogniser import TextReading

TEXT_PIECES_MAX = 40_000
PORTION_LETTERS = 8_000


class Builtin:
    """Names and an embedding by multilingual-e5-small, tuned; see `processors/encoder/model/`.

    Of a text the first 40,000 pieces are read, some 30,000 words of English: no article holds a worker for
    more than about ten seconds. Known names are found beyond them all the same.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __call__(self, texts: Sequence[str]) -> list[TextReading]:
        """A reading a text; a line's mentions depend on that line alone, and none goes on in the next."""
        split = [LINE_END.split(text) for text in texts]
        return [_joined(lines, read) for lines, read in zip(split, self._read(split), strict=True)]

    def _read(self, texts: Sequence[Sequence[str]]) -> list[list[LineReading]]:
        """The readings of each text's lines, read portion by portion until the text has had its share."""
        found: list[list[LineReading]] = [[] for _ in texts]
        waiting = dict(enumerate(map(_portions, texts)))
        while waiting:
            portions = {i: portion for i, rest in waiting.items() if (portion := next(rest, None))}
            lines = iter(self._encoder.read([line for portion in portions.values() for line in portion]))
            for i, portion in portions.items():
                found[i] += [next(lines) for _ in portion]
            waiting = {i: waiting[i] for i in portions if _pieces(found[i]) < TEXT_PIECES_MAX}
        return found


def _portions(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines in order, some thousand letters of them at a time."""
    first = letters = 0
    for i, line in enumerate(lines):
        letters += len(line)
        if letters >= PORTION_LETTERS:
            yield lines[first : i + 1]
            first, letters = i + 1, 0
    if first < len(lines):
        yield lines[first:]


def _pieces(readings: Iterable[LineReading]) -> int:
    return sum(reading.pieces for reading in readings)


def _joined(lines: Sequence[str], readings: Sequence[LineReading]) -> TextReading:
    """What was found in the lines, at offsets of the whole text; `readings` may end before the lines do."""
    guesses: list[Guess] = []
    total, start = np.zeros(WIDTH, np.float32), 0
    for line, reading in zip(lines, readings, strict=False):
        guesses += [one._replace(start=start + one.start, end=start + one.end) for one in reading.guesses]
        total += reading.embedding
        start += len(line) + 1
    return TextReading(guesses, total if _pieces(readings) else None)
