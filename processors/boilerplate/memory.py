"""Lines known to repeat on one source, learned from its articles as they come.

What stands under article after article of a source is its furniture, however much it reads like prose. A line
counts once a story, so that a page fetched again, its print version and its corrections teach nothing: an
article that is known by its id, or that has most of its likely lines from one earlier article, is that
story again. A line between two paragraphs never seen before may be background that an outlet tells often,
so it must be seen in more of them. A line that has not come back for `KEPT_STORIES` stories is forgotten:
sites change. At most `LINES_MAX` lines are kept a source, the most recent ones.

One value a source, under `source`, at most about 15 KB: so where the store is a table, articles are to come
keyed by their source.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import MutableMapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.cues import normal
from processors.boilerplate.lines import Numbers

LINES_MAX = 1_000
KEPT_STORIES = 100
IDS_MAX = 2 * KEPT_STORIES
LETTERS_MIN = 3
SAME_STORY_SHARE = 0.6  # of the letters in likely lines
LIKELY = 0.5
STORIES_BETWEEN_PARAGRAPHS = 3  # that say nothing against a line between two new ones
ODDS_PER_STORY, ODDS_MAX = 1.5, 6.0  # what each other story that had a line takes from its log odds

_encoder = msgspec.msgpack.Encoder()


class _Source(msgspec.Struct, frozen=True, array_like=True):
    """`lines` are key, stories that had it and the number of the last that did; `ids` the last articles' and
    the numbers of their stories.
    """

    stories: int = 0
    lines: list[tuple[int, int, int]] = []
    ids: list[tuple[int, int]] = []


class SourceMemory:
    """The lines of one source in `store`, which other sources share."""

    def __init__(self, store: MutableMapping[str, bytes], source: str) -> None:
        self._store = store
        self._source = source

    def told_before(self, article_id: str, texts: Sequence[str], probability: Numbers) -> list[int]:
        """How many other stories of the source had each line, as far as is remembered, and remember the
        article's own. `probability` is how likely each line is article text.
        """
        source = self._read()
        keys = [line_key(text) for text in texts]
        likely = np.asarray(probability) > LIKELY
        known = {key: (times, last) for key, times, last in source.lines}
        story = dict(source.ids).get(_key(article_id)) or _same_story(keys, texts, likely, known)
        told = [known.get(key, (0, 0))[0] for key in keys]
        if story is not None:
            told = [max(0, times - 1) for times in told]
        self._store[self._source] = _encoder.encode(_learned(source, _key(article_id), story, keys, known))
        return _without_background(told, likely)

    def _read(self) -> _Source:
        data = self._store.get(self._source)
        return _Source() if data is None else msgspec.msgpack.decode(data, type=_Source)


def _same_story(
    keys: list[int], texts: Sequence[str], likely: NDArray[np.bool_], known: dict[int, tuple[int, int]]
) -> int | None:
    """The number of the story that most of the article's likely lines were last seen in, if one is."""
    letters: Counter[int] = Counter()
    every = 0
    for key, text, counts in zip(keys, texts, likely.tolist(), strict=True):
        if counts and key:
            every += len(text)
            letters[known.get(key, (0, 0))[1]] += len(text)
    del letters[0]
    best = max(letters, key=lambda number: letters[number], default=None)
    return best if best is not None and letters[best] >= SAME_STORY_SHARE * every else None


def _learned(
    source: _Source, own: int, story: int | None, keys: list[int], known: dict[int, tuple[int, int]]
) -> _Source:
    """The memory with an article in it: of a story that is known, only the lines that are new to it."""
    newest = source.stories + (story is None)
    number = story or newest
    kept = {key: row for key, row in known.items() if newest - row[1] <= KEPT_STORIES}
    for key in dict.fromkeys(filter(None, keys)):
        times, last = kept.get(key, (0, 0))
        if times == 0 or story is None:
            kept[key] = (times + 1, max(last, number))
    rows = sorted(
        ((key, times, last) for key, (times, last) in kept.items()),
        key=lambda row: (row[2] if row[1] == 1 else row[2] + KEPT_STORIES, row[1]),
    )
    ids = [(key, of) for key, of in source.ids if key != own and newest - of <= KEPT_STORIES]
    return _Source(newest, rows[-LINES_MAX:], [*ids, (own, number)][-IDS_MAX:])


def _without_background(told: list[int], likely: NDArray[np.bool_]) -> list[int]:
    """The counts, less for a likely line between two likely ones that no other story had."""
    fresh = [bool(sure) and times == 0 for sure, times in zip(likely.tolist(), told, strict=True)]
    less = list(told)
    for at in range(1, len(told) - 1):
        if likely[at] and fresh[at - 1] and fresh[at + 1]:
            less[at] = max(0, told[at] - STORIES_BETWEEN_PARAGRAPHS)
    return less


def line_key(text: str) -> int:
    """A line without its signs and digits, as a number; 0 where hardly a letter is left."""
    words = normal(text)
    return _key(words) if len(words) >= LETTERS_MIN else 0


def less_likely(probability: Numbers, stories: Sequence[int]) -> Numbers:
    """The probability that lines are article text, given how many other stories of the source had them."""
    taken = np.minimum(ODDS_PER_STORY * np.asarray(stories, np.float32), ODDS_MAX)
    sure = np.clip(probability, 1e-6, 1 - 1e-6)
    lower: Numbers = (1 / (1 + (1 - sure) / sure * np.exp(taken))).astype(np.float32)
    return lower


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).digest())
