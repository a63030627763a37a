"""What finds names in texts, whatever is behind it: the built-in model, one of a hub, or known names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from processors.encoder.decoding import Guess


class TextReading(NamedTuple):
    """The mentions in a text, in order and apart; and, of the built-in model, where it lies in meaning.

    `embedding` is the sum over the text's pieces, of 384 float32, not yet of unit length.
    """

    guesses: list[Guess]
    embedding: npt.NDArray[np.float32] | None = None


class Recogniser(Protocol):
    """Texts in, as many readings out, in their order."""

    def __call__(self, texts: Sequence[str]) -> list[TextReading]:
        """A reading a text."""
        ...
