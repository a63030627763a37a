"""What the threads stage remembers: stories of the last days, filed so that others on the event find them.

Keys, after `thread|`: `span` the oldest and the next number, and how many stories have a profile;
`id|<article id>` an article's number; `s|<cluster id>` the number under which the story's profile is;
`n|<number>` the article, its answer and, for one article a story, the profile; `k|<name>` how many stories
have the name, and the newest of them. Values are msgpack: an article's about 150 bytes, a profile's 1 KB.
States and regions, which every other story names, are not filed. Numbers grow in order of arrival, so what
has expired is found at the old end without a search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping
from typing import NamedTuple

import msgspec

from processors.packed import Packed
from processors.threads.profile import Profile
from processors.threads.score import rarity

BUCKET_STORIES_MAX = 48
CANDIDATES_MAX = 24
NUMBER_KEY_DIGITS_MIN = 3
ARTICLES_MAX = 1_000_000
RETIRED_PER_CALL = 4

PREFIX = "thread|"  # longer than any language code, which begins the keys of stories


class Answer(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What an article was told: the fields of `Story` about its thread."""

    thread_id: str
    nearest_id: str | None = None
    similarity: float | None = None
    because: str | None = None


class Remembered(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One article; `profile` is its story's where it is the one that stands for it. `hour` is since 1970."""

    id: str
    cluster_id: str
    revision: int
    hour: int
    answer: Answer
    profile: Profile | None = None


class Span(NamedTuple):
    """The numbers in use, and how many of them carry a profile."""

    oldest: int = 0
    following: int = 0
    stories: int = 0


class ThreadMemory:
    """The articles and stories of all languages in `store`."""

    def __init__(self, store: MutableMapping[str, bytes]) -> None:
        self._values = Packed(store, PREFIX)

    def number_of(self, article_id: str) -> int | None:
        """The number an article was filed under."""
        return self._values.get(f"id|{article_id}", int)

    def story_number(self, cluster_id: str) -> int | None:
        """The number of the article that stands for a story."""
        return self._values.get(f"s|{cluster_id}", int)

    def article(self, number: int) -> Remembered | None:
        """The article of that number, unless it has been retired."""
        return self._values.get(f"n|{number}", Remembered)

    def rarities(self, told: Profile) -> dict[str, float]:
        """How telling each name of a profile is, by how many of the remembered stories have it."""
        stories = self._span().stories
        return {key: rarity(key, self._bucket(key)[0], stories) for key, _ in told.keys}

    def candidates(self, told: Profile, rarities: Mapping[str, float]) -> list[Remembered]:
        """The stories that share the most telling names and numbers, `CANDIDATES_MAX` at most."""
        weights: Counter[int] = Counter()
        for key in filed_under(told):
            for number in self._bucket(key)[1]:
                weights[number] += 1 + int(1000 * rarities.get(key, 0.5))
        promising = sorted(weights, key=lambda number: (-weights[number], -number))[:CANDIDATES_MAX]
        return [article for number in promising if (article := self.article(number)) is not None]

    def file(self, article: Remembered, number: int | None = None) -> None:
        """Remember an article, in the place of `number` where that is given."""
        oldest, following, stories = self._span()
        if number is None:
            number, following = following, following + 1
            self._values.put(f"id|{article.id}", number)
        else:
            stories -= self._unfile(number)
        if article.profile is not None:
            stories += 1
            self._values.put(f"s|{article.cluster_id}", number)
            for key in filed_under(article.profile):
                count, newest = self._bucket(key)
                self._values.put(f"k|{key}", (count + 1, [*newest, number][-BUCKET_STORIES_MAX:]))
        self._values.put(f"n|{number}", article)
        self._values.put("span", Span(oldest, following, stories))

    def hand_over(self, number: int) -> None:
        """Take the profile from an article, because another will stand for its story."""
        held = self.article(number)
        oldest, following, stories = self._span()
        self._values.put("span", Span(oldest, following, stories - self._unfile(number)))
        if held is not None:
            self._values.put(f"n|{number}", msgspec.structs.replace(held, profile=None))

    def retire(self, before_hour: int) -> None:
        """Forget the oldest articles from before an hour, a few a call, and any beyond `ARTICLES_MAX`."""
        oldest, following, stories = self._span()
        for number in range(oldest, min(oldest + RETIRED_PER_CALL, following)):
            article = self.article(number)
            if article is not None:
                if article.hour >= before_hour and following - number <= ARTICLES_MAX:
                    break
                stories -= self._unfile(number)
                self._values.drop(f"n|{number}")
                self._values.drop(f"id|{article.id}")
            self._values.put("span", Span(number + 1, following, stories))

    def _unfile(self, number: int) -> int:
        """Take a number's profile out of the index; how many profiles that were."""
        held = self.article(number)
        if held is None or held.profile is None:
            return 0
        for key in filed_under(held.profile):
            count, newest = self._bucket(key)
            if count > 1:
                self._values.put(f"k|{key}", (count - 1, [other for other in newest if other != number]))
            else:
                self._values.drop(f"k|{key}")
        self._values.drop(f"s|{held.cluster_id}")
        return 1

    def _bucket(self, key: str) -> tuple[int, list[int]]:
        return self._values.get(f"k|{key}", tuple[int, list[int]]) or (0, [])

    def _span(self) -> Span:
        return Span(*(self._values.get("span", tuple[int, int, int]) or (0, 0, 0)))


def filed_under(told: Profile) -> Iterable[str]:
    """The names and the long numbers of a profile that lead to it."""
    yield from (key for key, _ in told.keys if ">" in key or not key.startswith(("state:", "region:")))
    yield from (f"#{number}" for number in sorted(told.numbers) if len(number) >= NUMBER_KEY_DIGITS_MIN)
