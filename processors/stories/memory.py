"""What the stories stage remembers: articles of the last days, filed so that a near-duplicate finds them.

An article is filed under its telling shingles: those with the smallest hashes of the whole text (a
bottom-k MinHash sketch, Broder 1997) and the smallest of each paragraph. Bands of MinHash values are
built for likeness near 1: at a Jaccard of .15 they need 128 keys of two values for a recall of .95, and
miss an excerpt in a long text. A bottom-24 sketch shares 24 times .15 keys with such a text, and a
paragraph taken over whole always shares its own; so some forty keys an article do.

Keys, all under the language's prefix, since state lives with the partition:
`ar|span` the oldest and the next number; `ar|id|<article id>` its number; `ar|n|<number>` the article;
`ar|s|<hash>` the newest numbers filed under a shingle. Values are msgpack, the article's about 2 KB.
Numbers grow in order of arrival, so what has expired is found at the old end without a search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import MutableMapping
from typing import Any, TypeVar

import msgspec
import numpy as np

from processors.stories.shingles import Shingles
from schemas.article import Story

SKETCH_SHINGLES = 24
PARAGRAPH_KEYS_MAX = 32
PARAGRAPH_SHINGLES_MIN = 6
BUCKET_ARTICLES_MAX = 32
CANDIDATES_MAX = 24
ARTICLES_MAX = 100_000
RETIRED_PER_CALL = 4

T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()


class Remembered(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One article: `day` is days since 1970, `hashes` the little-endian 32-bit shingle hashes."""

    id: str
    revision: int
    day: int
    story: Story
    starts: tuple[int, ...]
    hashes: bytes

    def shingles(self) -> Shingles:
        """The shingles as they were when it was filed."""
        return Shingles(np.frombuffer(self.hashes, "<u4"), self.starts)


class LanguageMemory:
    """The articles of one language in `store`, which other languages share."""

    def __init__(self, store: MutableMapping[str, bytes], language: str) -> None:
        self._store = store
        self._prefix = f"{language}|"

    def number_of(self, article_id: str) -> int | None:
        """The number an article was filed under."""
        return self._get(f"id|{article_id}", int)

    def article(self, number: int) -> Remembered | None:
        """The article of that number, unless it has been retired."""
        return self._get(f"n|{number}", Remembered)

    def candidates(self, shingles: Shingles, *, without: int | None) -> list[tuple[int, Remembered]]:
        """Articles filed under the same shingles, by number: the most promising `CANDIDATES_MAX`.

        A shingle that few articles have counts for more, so a paragraph that stands under hundreds of
        articles crowds out nothing.
        """
        weights: Counter[int] = Counter()
        for key in telling(shingles):
            bucket = self._get(f"s|{key:08x}", list[int]) or []
            for number in bucket:
                weights[number] += 1_000_000 // len(bucket)
        if without is not None:
            del weights[without]
        promising = sorted(weights, key=lambda number: (-weights[number], number))[:CANDIDATES_MAX]
        found = ((number, self.article(number)) for number in sorted(promising))
        return [(number, article) for number, article in found if article is not None]

    def file(self, article: Remembered) -> None:
        """Remember an article under a new number, or, where its id is known, in the old one's place."""
        number = self.number_of(article.id)
        if number is None:
            oldest, number = self._span()
            self._put("span", (oldest, number + 1))
            self._put(f"id|{article.id}", number)
        else:
            self._unfile(number)
        self._put(f"n|{number}", article)
        for key in telling(article.shingles()):
            bucket = self._get(f"s|{key:08x}", list[int]) or []
            self._put(f"s|{key:08x}", [*bucket, number][-BUCKET_ARTICLES_MAX:])

    def retire(self, before_day: int) -> None:
        """Forget the oldest articles from before a day, a few a call, and any beyond `ARTICLES_MAX`."""
        oldest, following = self._span()
        for number in range(oldest, min(oldest + RETIRED_PER_CALL, following)):
            article = self.article(number)
            full = following - number > ARTICLES_MAX
            if article is not None and article.day >= before_day and not full:
                break
            if article is not None:
                self._unfile(number)
                del self._store[f"{self._prefix}n|{number}"]
                del self._store[f"{self._prefix}id|{article.id}"]
            self._put("span", (number + 1, following))

    def _unfile(self, number: int) -> None:
        article = self.article(number)
        for key in telling(article.shingles()) if article else ():
            left = [other for other in self._get(f"s|{key:08x}", list[int]) or [] if other != number]
            if left:
                self._put(f"s|{key:08x}", left)
            else:
                self._store.pop(f"{self._prefix}s|{key:08x}", None)

    def _span(self) -> tuple[int, int]:
        return self._get("span", tuple[int, int]) or (0, 0)

    def _get(self, key: str, kind: type[T]) -> T | None:
        data = self._store.get(self._prefix + key)
        return None if data is None else msgspec.msgpack.decode(data, type=kind)

    def _put(self, key: str, value: Any) -> None:
        self._store[self._prefix + key] = _encoder.encode(value)


def telling(shingles: Shingles) -> list[int]:
    """The hashes an article is filed under: the smallest of all, and the smallest of each paragraph."""
    keys = {int(key) for key in shingles.distinct[:SKETCH_SHINGLES]}
    long = [part for part in shingles.paragraphs() if len(part) >= PARAGRAPH_SHINGLES_MIN]
    keys.update(int(part.min()) for part in long[:PARAGRAPH_KEYS_MAX])
    return sorted(keys)
