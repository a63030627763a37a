"""Where questions lie in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from processors.encoder.reading import Encoder
from processors.meaning import Vector, _centres, place_of


class Reader:
    """Reads what it was told, whatever is asked of it."""

    def __init__(self, *embeddings: Vector) -> None:
        self.embeddings = list(embeddings)
        self.lines: list[str] = []

    def read(self, lines: Sequence[str]) -> list[SimpleNamespace]:
        self.lines += lines
        return [SimpleNamespace(embedding=self.embeddings.pop(0)) for _ in lines]


def shift(seed: int) -> Vector:
    return np.random.default_rng(seed).normal(size=384).astype(np.float32) / 80


@pytest.mark.parametrize("language", ["ar", "en", "ko", "zh"])
def test_what_all_texts_of_a_language_share_counts_for_nothing(language: str) -> None:
    about, other, centres = shift(1), shift(2), _centres()
    reader = Reader((centres[language] + about) * 7, centres["fa"] + about, centres[language] + other)
    place = place_of("who  was\nhurt?", cast("Encoder", reader))
    [same, not_same] = place.likenesses(["a", "b"], ["fa", language])
    assert reader.lines == ["query: who was hurt?", "a", "b"]
    assert (same > 0.95, not_same < 0.3) == (True, True)
