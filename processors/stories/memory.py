"""What the stories stage remembers: articles of the last days, filed so that a near-duplicate finds them.

An article is filed under its telling phrases and words: the shingles with the smallest hashes of the whole
text (a bottom-k MinHash sketch, Broder 1997), the smallest of each paragraph, and such a sketch of its rare
words. Bands of MinHash values are built for likeness near 1: at a Jaccard of .15 they need 128 keys of two
values for a recall of .95, and miss an excerpt in a long text. A paragraph taken over whole always shares
its own key, and a rewrite that keeps no phrase shares some of sixteen words; so some forty keys an article
do.

Keys, all under the language's prefix, since state lives with the partition:
`ar|span` the oldest and the next number; `ar|id|<article id>` its number; `ar|n|<number>` the article;
`ar|s|<hash>` the newest numbers filed under a shingle, `ar|w|<hash>` under a word. Values are msgpack, the
article's about 3 KB.
Numbers grow in order of arrival, so what has expired is found at the old end without a search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import MutableMapping

import msgspec
import numpy as np

from processors.packed import Packed
from processors.stories.likeness import Telling
from processors.stories.shingles import Shingles
from processors.stories.wording import Wording, sketch
from schemas.article import Story

SKETCH_SHINGLES = 12
PARAGRAPH_KEYS_MAX = 32
PARAGRAPH_SHINGLES_MIN = 6
BUCKET_ARTICLES_MAX = 32
CANDIDATES_MAX = 24
ARTICLES_MAX = 100_000
RETIRED_PER_CALL = 4


class Remembered(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One article: `day` is days since 1970; hashes are little-endian, of 32 bits.

    `units` and what follows are empty in what was remembered before words were compared.
    """

    id: str
    revision: int
    day: int
    story: Story
    starts: tuple[int, ...]
    hashes: bytes
    source: str = ""
    units: bytes = b""
    unit_starts: tuple[int, ...] = ()
    title: bytes = b""

    def telling(self, language: str) -> Telling:
        """The article as it was compared when it was filed."""
        return Telling(
            Shingles(np.frombuffer(self.hashes, "<u4"), self.starts),
            Wording(np.frombuffer(self.units, "<u4"), self.unit_starts, np.frombuffer(self.title, "<u4")),
            self.source,
            language,
        )


class LanguageMemory:
    """The articles of one language in `store`, which other languages share."""

    def __init__(self, store: MutableMapping[str, bytes], language: str) -> None:
        self._language = language
        self._values = Packed(store, f"{language}|")

    def number_of(self, article_id: str) -> int | None:
        """The number an article was filed under."""
        return self._values.get(f"id|{article_id}", int)

    def article(self, number: int) -> Remembered | None:
        """The article of that number, unless it has been retired."""
        return self._values.get(f"n|{number}", Remembered)

    def candidates(self, told: Telling, *, without: int | None) -> list[tuple[int, Remembered]]:
        """Articles filed under the same phrases and words: the most promising `CANDIDATES_MAX`, by number.

        What few articles have counts for more, so a paragraph that stands under hundreds of articles
        crowds out nothing.
        """
        weights: Counter[int] = Counter()
        for key in keys(told):
            bucket = self._values.get(key, list[int]) or []
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
            self._values.put("span", (oldest, number + 1))
            self._values.put(f"id|{article.id}", number)
        else:
            self._unfile(number)
        self._values.put(f"n|{number}", article)
        for key in keys(article.telling(self._language)):
            bucket = self._values.get(key, list[int]) or []
            self._values.put(key, [*bucket, number][-BUCKET_ARTICLES_MAX:])

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
                self._values.drop(f"n|{number}")
                self._values.drop(f"id|{article.id}")
            self._values.put("span", (number + 1, following))

    def _unfile(self, number: int) -> None:
        article = self.article(number)
        for key in keys(article.telling(self._language)) if article else ():
            left = [other for other in self._values.get(key, list[int]) or [] if other != number]
            if left:
                self._values.put(key, left)
            else:
                self._values.drop(key)

    def _span(self) -> tuple[int, int]:
        return self._values.get("span", tuple[int, int]) or (0, 0)


def keys(told: Telling) -> list[str]:
    """What an article is filed under: its phrases, the whole's and each paragraph's, and its rare words."""
    shingles = told.shingles
    hashes = {int(key) for key in shingles.distinct[:SKETCH_SHINGLES]}
    long = [part for part in shingles.paragraphs() if len(part) >= PARAGRAPH_SHINGLES_MIN]
    hashes.update(int(part.min()) for part in long[:PARAGRAPH_KEYS_MAX])
    words = (f"w|{unit:08x}" for unit in sketch(told.wording, told.language))
    return [*(f"s|{key:08x}" for key in sorted(hashes)), *words]
