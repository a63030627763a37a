"""A page of plain text, line by line, with everything that is read off its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.classifier import line_model
from processors.boilerplate.cues import Cue, read_cue
from processors.boilerplate.features import feature_columns, matrix
from processors.boilerplate.lines import Line, LineSigns, Numbers, characters_of, line_signs

SENTENCE_WORDS_MIN = 5
CAPTION_WORDS_MAX = 45


@dataclass(frozen=True)
class Page:
    """A page's lines with everything that was read off them."""

    lines: list[Line]
    signs: LineSigns
    cues: list[Cue]
    probability: Numbers
    language: str

    def text(self, index: int) -> str:
        """The words of a line."""
        return self.lines[index].text

    def sentences(self) -> NDArray[np.bool_]:
        """Which lines are whole sentences: some words, and a sentence's end."""
        sentences: NDArray[np.bool_] = self.signs.ends_sentence > 0
        return sentences & (self.signs.words >= SENTENCE_WORDS_MIN)

    def is_short_unended(self, index: int) -> bool:
        """Whether a line is no paragraph: a picture's words, or a headline."""
        return bool(self.signs.words[index] <= CAPTION_WORDS_MAX and not self.signs.ends_sentence[index])


def read_page(lines: list[Line], language: str) -> Page:
    """Signs, cues and probabilities of at least one line."""
    characters = characters_of(lines)
    signs = line_signs(lines, characters)
    cues = [read_cue(line.text) for line in lines]
    rows = matrix(feature_columns(lines, characters, signs, cues))
    return Page(lines, signs, cues, line_model().probability(rows), language)
