"""The built-in recogniser: the encoder over the lines of each text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from processors.encoder.decoding import Guess
from processors.encoder.packed import WIDTH
from processors.encoder.reading import Encoder, encoder
from processors.names.recogniser import TextReading


class Builtin:
    """Names and an embedding by multilingual-e5-small, tuned; see `processors/encoder/model/`."""

    def __init__(self, threads: int = 1) -> None:
        self._encoder: Encoder = encoder(threads)

    def __call__(self, texts: Sequence[str]) -> list[TextReading]:
        """A reading a text; a line's mentions depend on that line alone."""
        split = [text.split("\n") for text in texts]
        readings = iter(self._encoder.read([line for lines in split for line in lines]))
        found = []
        for lines in split:
            guesses: list[Guess] = []
            total, pieces, start = np.zeros(WIDTH, np.float32), 0, 0
            for line in lines:
                reading = next(readings)
                guesses += [
                    one._replace(start=start + one.start, end=start + one.end) for one in reading.guesses
                ]
                total, pieces = total + reading.embedding, pieces + reading.pieces
                start += len(line) + 1
            found.append(TextReading(guesses, total if pieces else None))
        return found
