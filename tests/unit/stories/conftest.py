"""Articles for the stories tests, made of sentences that no two stories share by chance."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from schemas.article import Article, Clean, Language, Raw

SYLLABLES = (
    "ba",
    "ko",
    "li",
    "mu",
    "ne",
    "ra",
    "sho",
    "ti",
    "vo",
    "za",
    "gre",
    "pla",
    "stu",
    "dri",
    "fen",
    "hal",
)


@pytest.fixture
def article() -> Callable[..., Article]:
    def make(
        article_id: str,
        text: str,
        *,
        title: str | None = None,
        code: str = "en",
        day: str = "2024-05-01",
        revision: int = 0,
    ) -> Article:
        return Article(
            id=article_id,
            source="test",
            fetched_at=f"{day}T12:00:00Z",
            raw=Raw(content=text),
            revision=revision,
            language=Language(code=code, confidence=1.0),
            clean=Clean(title=title, text=text),
        )

    return make


@pytest.fixture
def story() -> Callable[..., list[str]]:
    """Paragraphs of invented words, the same for the same seed."""

    def make(seed: int, paragraphs: int = 8, words: int = 30) -> list[str]:
        chance = random.Random(seed)
        return [
            " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words)) + "."
            for _ in range(paragraphs)
        ]

    return make
