"""What a story is recognised by in any language: who and where, numbers, kinds of events, place in meaning.

Entity ids are the same in every script for whom we know. A name we don't know has an id made of its sounds
(`per:~krln-vtvld`), spelt a little differently from language to language, so its words count one by one,
by their consonants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import numpy as np

from processors.folding import fold
from processors.meaning import EMBEDDING_MODEL, Vector, centred
from schemas.article import Article, Embedding, Sanction

KEYS_MAX = 32
NUMBERS_MAX = 48
NAMED_OFTEN = 4
IN_THE_TITLE = 1.5
SANCTION_WEIGHT = 1.5
SOUNDS_MIN = 3
BODY_WORD_WEIGHT = 0.5  # words of unknown bodies are often `company`, `ministry`, `trading`
TEXT_LETTERS_MAX = 6000
_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c\u00a0\u202f ]\d{3}(?!\d))*(?:[.,\u066b:]\d+)*")
_THOUSANDS = re.compile(r"[.,\u066b\u066c\u00a0\u202f ](?=\d{3}(?!\d))")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_VOWELS = re.compile("[aeiouwyh]")


class Profile(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One story's profile: `keys` are whom and what it names with how much it is about them, most first.

    `meaning` is the centred embedding in 384 int8, empty where there is none.
    """

    keys: tuple[tuple[str, float], ...] = ()
    numbers: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    meaning: bytes = b""

    def vector(self) -> Vector | None:
        """The place in meaning, of unit length."""
        if not self.meaning:
            return None
        values = np.frombuffer(self.meaning, np.int8).astype(np.float32)
        return values / np.float32(np.linalg.norm(values))


def profile(article: Article) -> Profile:
    """The profile of an article that has been understood."""
    text = f"{article.field_text('title')}\n{article.field_text('text')[:TEXT_LETTERS_MAX]}"
    keys = sorted(_keys(article).items(), key=lambda key: (-key[1], key[0]))[:KEYS_MAX]
    return Profile(
        keys=tuple((key, round(weight, 3)) for key, weight in keys),
        numbers=frozenset(sorted(numbers(text) - _days_of(article.fetched_at))[:NUMBERS_MAX]),
        types=frozenset(event.type for event in article.events if not event.background),
        meaning=_meaning(article.embedding, article.language.code if article.language else ""),
    )


def numbers(text: str) -> set[str]:
    """The numbers of two signs or more, years apart, the same however a language writes them: 9,000; 37,5."""
    found = set()
    for written in _NUMBER.findall(fold(text)):
        plain = re.sub("[,\u066b:]", ".", _THOUSANDS.sub("", written))
        if len(plain) > 1 and not _YEAR.fullmatch(plain):
            found.add(plain)
    return found


def _days_of(fetched_at: str) -> set[str]:
    """The days of the month around the day of fetching, which datelines of unrelated articles share."""
    try:
        day = datetime.fromisoformat(fetched_at)
        return {str((day + timedelta(days)).day) for days in (-1, 0, 1)}
    except (ValueError, OverflowError):
        return set()


def name_keys(entity_id: str) -> list[str]:
    """What an entity is filed under: its id, or the consonants of each word of a name made of sounds."""
    if "~" not in entity_id:
        return [entity_id]
    words = (_VOWELS.sub("", word) for word in entity_id.partition("~")[2].split("-"))
    return [f"~{word}" for word in words if len(word) >= SOUNDS_MIN]


def _keys(article: Article) -> dict[str, float]:
    often: dict[str, int] = {}
    titled = set()
    for mention in article.mentions:
        if mention.entity is not None:
            often[mention.entity.id] = often.get(mention.entity.id, 0) + 1
            if mention.field == "title":
                titled.add(mention.entity.id)
    weights: dict[str, float] = {}
    for entity_id, times in often.items():
        words, body = name_keys(entity_id), entity_id.startswith("org:")
        weight = min(times, NAMED_OFTEN) ** 0.5 * (IN_THE_TITLE if entity_id in titled else 1.0)
        for word in words:
            part = weight / len(words) ** 0.5 * (BODY_WORD_WEIGHT if word.startswith("~") and body else 1.0)
            weights[word] = max(weights.get(word, 0.0), part)
    counted = (key for sanction in article.sanctions for key in _sanction_keys(sanction))
    return weights | dict.fromkeys(counted, SANCTION_WEIGHT)


def _sanction_keys(sanction: Sanction) -> Iterator[str]:
    """Who sanctions how many of what: the same in every language."""
    if sanction.act == "background":
        return
    for issuer in sanction.issuers:
        for count in sanction.counts:
            if issuer.entity and not count.cumulative:
                yield f"{issuer.entity}>{count.n} {count.of}"


def _meaning(embedding: Embedding | None, language: str) -> bytes:
    """The embedding less what all texts have in common, those of its language and those of any, in int8."""
    if embedding is None or embedding.model != EMBEDDING_MODEL:
        return b""
    values = centred(np.frombuffer(embedding.values, "<f2").astype(np.float32), language)
    greatest = np.abs(values).max()
    return np.rint(values * (127 / greatest)).astype(np.int8).tobytes() if greatest > 0 else b""
