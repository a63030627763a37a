"""Lines known to repeat on one source, learned from its articles as they come.

What stands under article after article of a source is its furniture, however much it reads like prose. A line
counts once an article, so that a page fetched again teaches nothing. A line that has not come back for
`KEPT_ARTICLES` articles is forgotten: sites change. At most `LINES_MAX` lines are kept a source, the most
recent ones.

One value a source, under `source`, at most about 10 KB: so where the store is a table, articles are to come
keyed by their source.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping, Sequence

import msgspec
import numpy as np

from processors.boilerplate.cues import normal
from processors.boilerplate.lines import Numbers

LINES_MAX = 1_000
KEPT_ARTICLES = 100
RECENT_IDS = 64
LETTERS_MIN = 3
ODDS_PER_ARTICLE, ODDS_MAX = 1.5, 6.0  # what each earlier article that had a line takes from its log odds

_encoder = msgspec.msgpack.Encoder()


class _Source(msgspec.Struct, frozen=True, array_like=True):
    """`lines` are key, articles that had it and the number of the last that did; `ids` the last articles'."""

    articles: int = 0
    lines: list[tuple[int, int, int]] = []
    ids: list[int] = []


class SourceMemory:
    """The lines of one source in `store`, which other sources share."""

    def __init__(self, store: MutableMapping[str, bytes], source: str) -> None:
        self._store = store
        self._source = source

    def articles_with(self, article_id: str, texts: Sequence[str]) -> list[int]:
        """How many other articles of the source had each line, as far as is remembered."""
        source = self._read()
        own = int(_key(article_id) in source.ids)
        known = {key: times - own for key, times, _ in source.lines}
        return [known.get(line_key(text), 0) for text in texts]

    def learn(self, article_id: str, texts: Sequence[str]) -> None:
        """Remember the lines of an article, unless it has been seen lately."""
        source, own = self._read(), _key(article_id)
        if own in source.ids:
            return
        number = source.articles + 1
        kept = {key: (times, last) for key, times, last in source.lines if number - last <= KEPT_ARTICLES}
        for key in dict.fromkeys(filter(None, map(line_key, texts))):
            times, _ = kept.pop(key, (0, 0))
            kept[key] = (times + 1, number)
        newest = sorted(
            ((key, times, last) for key, (times, last) in kept.items()),
            key=lambda row: (row[2] if row[1] == 1 else row[2] + KEPT_ARTICLES, row[1]),
        )
        learned = _Source(number, newest[-LINES_MAX:], [*source.ids, own][-RECENT_IDS:])
        self._store[self._source] = _encoder.encode(learned)

    def _read(self) -> _Source:
        data = self._store.get(self._source)
        return _Source() if data is None else msgspec.msgpack.decode(data, type=_Source)


def line_key(text: str) -> int:
    """A line without its signs and digits, as a number; 0 where hardly a letter is left."""
    words = normal(text)
    return _key(words) if len(words) >= LETTERS_MIN else 0


def less_likely(probability: Numbers, articles: Sequence[int]) -> Numbers:
    """The probability that lines are article text, given how many other articles of the source had them."""
    taken = np.minimum(ODDS_PER_ARTICLE * np.asarray(articles, np.float32), ODDS_MAX)
    sure = np.clip(probability, 1e-6, 1 - 1e-6)
    lower: Numbers = (1 / (1 + (1 - sure) / sure * np.exp(taken))).astype(np.float32)
    return lower


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).digest())
