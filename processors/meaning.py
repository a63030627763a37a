"""Where texts lie in meaning, less what all texts of their language share.

Embeddings of one language lie close together whatever they say, so that the nearest to a question are
others in its language rather than those it asks for. Less the mean of their language, and the directions
along which all texts differ most, two texts' cosine tells whether they are about one thing, in whatever
languages they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

EMBEDDING_MODEL = "multilingual-e5-small/1"
CENTRES_FILE = Path(__file__).parent / "threads" / "centres.npz"
_ANY = "all"
_DIRECTIONS = "directions"
_QUESTION = "query: "
"""What e5 was trained to see before a question (Wang et al., 2024)."""

Vector = npt.NDArray[np.float32]


def centred(values: Vector, language: str) -> Vector:
    """An embedding (384) less what all texts of its language share, and those of any. Of no fixed length."""
    centres = _centres()
    values = values - centres[language if language in centres else _ANY]
    directions = centres[_DIRECTIONS]
    return values - directions.T @ (directions @ values)


def where(model: str, values: Vector, language: str) -> Vector:
    """Where an embedding lies, at unit length: centred where the model is ours, as it is of another."""
    values = unit(values)
    is_ours = model == EMBEDDING_MODEL and values.shape == _centres()[_ANY].shape
    return unit(centred(values, language)) if is_ours else values


@dataclass(frozen=True, eq=False)
class Place:
    """Where something lies in meaning: a direction of unit length, good for embeddings of `model`."""

    direction: Vector
    model: str = EMBEDDING_MODEL

    def likeness(self, values: Vector, language: str) -> float:
        """How near a text of a language is, by its embedding: the cosine, -1 to 1."""
        return float(self.direction @ where(self.model, values, language))


@dataclass(frozen=True, eq=False, kw_only=True)
class QuestionPlace(Place):
    """Where a question lies, and what reads the lines it is compared with."""

    encoder: Encoder

    def likenesses(self, texts: Sequence[str], languages: Sequence[str]) -> list[float]:
        """How near texts are that are read only now, a line each."""
        readings = self.encoder.read(texts)
        return [self.likeness(one.embedding, code) for one, code in zip(readings, languages, strict=True)]


def place_of(question: str, encoder: Encoder) -> QuestionPlace:
    """Where a question lies, in whatever language it is asked: that whose texts lie nearest to it."""
    [reading] = encoder.read([_QUESTION + " ".join(question.split())])
    values = unit(reading.embedding)
    return QuestionPlace(unit(centred(values, _language_of(values))), encoder=encoder)


def unit(values: Vector) -> Vector:
    """The values at unit length; those of no length as they are."""
    return values / np.float32(np.linalg.norm(values) or 1.0)


def _language_of(values: Vector) -> str:
    centres = _centres()
    around = centres[_ANY]
    languages = [name for name in centres if name not in {_ANY, _DIRECTIONS}]
    return max(languages, key=lambda name: float(unit(centres[name] - around) @ (values - around)))


@cache
def _centres() -> dict[str, Vector]:
    with np.load(CENTRES_FILE) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
