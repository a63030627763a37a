"""Where a page's article ends and another begins: infinite scroll, pages joined in a dump, digests.

Between two paragraphs there is a headline, and below it the text is of other people, places and things: what
the paragraphs above and below have in common is less than what either side has in itself. `parting.npz`
weighs that with what else stands between; `training/boilerplate/parting.py` fits it. To take one article for
two costs more than to miss one, so it must be sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.classifier import Trees, read_model
from processors.boilerplate.reading import Page
from processors.boilerplate.roles import KEPT, PARAGRAPH_WORDS, reads_like_headline
from processors.boilerplate.title import stems
from processors.stories.wording import rarity, wording
from schemas.article import Role

ARTICLE_WORDS_MIN = 60
GAP_LINES_MAX = 400
HEADLINE_REACH_LINES = 40
PARAGRAPHS_MIN = 3  # of an article above another
HEADLINE_SHARE = 0.5  # of the page's headline, said by the text below
NEAR_WORDS = 300
NEAR_LINES = 12
SURE = 0.87
SPOKEN_MIN, UNSPOKEN_MAX = 0.6, 0.2  # of an address' words: in the headline meant, and in the first
MODEL_PATH = Path(__file__).parent / "parting.npz"


@dataclass(frozen=True)
class Gap:
    """What stands between the paragraphs at two lines.

    `headline` is the line there most like one: how much of its words the text below says is `under`, and the
    text above `over`.
    """

    above: int
    below: int
    headline: int
    under: float
    over: float


def headlines_of_others(page: Page, roles: list[Role]) -> list[int]:
    """The lines at which further articles of a page begin, in order; none where nothing surely does."""
    found = list(gaps(page, roles))
    if not found:
        return []
    rows = np.array([list(signs.values()) for _, signs in found], np.float32)
    sure = parting_model().probability(rows) > SURE
    begins = [gap.headline for (gap, _), is_sure in zip(found, sure, strict=True) if is_sure]
    return begins[1:] if begins and _is_first(page, roles, begins[0]) else begins


def _is_first(page: Page, roles: list[Role], begin: int) -> bool:
    """Whether what stands above is no article: a word to the reader and a summary at most, below no headline
    or below one of which the text further down speaks too.
    """
    above = [at for at in range(begin) if roles[at] in KEPT and page.signs.words[at] >= PARAGRAPH_WORDS]
    if len(above) >= PARAGRAPHS_MIN:
        return False
    headline = stems(page.text(roles.index("title"))) if "title" in roles[:begin] else set()
    below = stems("\n".join(page.text(at) for at in range(begin, len(roles)) if roles[at] in KEPT))
    return len(headline & below) >= HEADLINE_SHARE * len(headline)


def spoken_of(page: Page, roles: list[Role], begins: list[int], url: str | None) -> int:
    """Which of a page's articles the last part of its address speaks of, where that is surely not the first:
    its number, from 0; 0 else.
    """
    slug = stems(unquote(urlsplit(url or "").path).rstrip("/").rpartition("/")[2].replace("_", " "))
    first = next((at for at, role in enumerate(roles) if role == "title"), begins[0])
    headlines = [page.text(first) if first < begins[0] else "", *(page.text(at) for at in begins)]
    said = [len(slug & stems(headline)) / (len(slug) or 1) for headline in headlines]
    best = max(range(len(said)), key=lambda number: said[number])
    return best if said[best] >= SPOKEN_MIN and said[0] <= UNSPOKEN_MAX else 0


@cache
def parting_model() -> Trees:
    """The model in the package."""
    return read_model(MODEL_PATH)


def gaps(page: Page, roles: list[Role]) -> Iterator[tuple[Gap, dict[str, float]]]:
    """The places where another article may begin, with what speaks for each, by name."""
    signs = page.signs
    kept = np.array([role in KEPT for role in roles])
    good = np.flatnonzero(kept & (signs.words >= PARAGRAPH_WORDS) & (signs.ends_sentence > 0)).tolist()
    told = np.concatenate([[0.0], np.cumsum(signs.words * kept)])
    wide = [
        (above, below)
        for above, below in pairwise(good)
        if 1 < below - above <= GAP_LINES_MAX
        and min(told[above + 1], told[-1] - told[below]) >= ARTICLE_WORDS_MIN
    ]
    if not wide:
        return
    said = _Said(page, kept, told)
    for above, below in wide:
        gap = _gap(page, said, above, below)
        if gap is not None:
            yield gap, _parted(page, said, gap) | _between(page, roles, gap)


class _Said:
    """The words of a page's kept lines, weighed by how rare they are in its language."""

    def __init__(self, page: Page, kept: NDArray[np.bool_], told: NDArray[np.float64]) -> None:
        self.told = told
        self._page = page
        lines = np.flatnonzero(kept).tolist()
        units = [wording(None, page.text(at)).units for at in lines]
        self._line = np.repeat(lines, [len(each) for each in units])
        self._distinct, self._number = np.unique(np.concatenate(units), return_inverse=True)
        self._weight = self._weigh(self._distinct)

    def _weigh(self, units: NDArray[np.uint32]) -> NDArray[np.float64]:
        weights: NDArray[np.float64] = rarity(units, self._page.language).astype(np.float64) ** 2
        return weights

    def _within(self, first: int, end: int) -> NDArray[np.bool_]:
        """Which distinct words stand in the kept lines from `first` to `end`, exclusive."""
        low, high = np.searchsorted(self._line, [first, end])
        found = np.zeros(len(self._distinct), bool)
        found[self._number[low:high]] = True
        return found

    def shared(self, first: int, middle: int, end: int) -> float:
        """How much of what two neighbouring stretches say both say: of the one that says less."""
        one, other = self._within(first, middle), self._within(middle, end)
        less = min(self._weight[one].sum(), self._weight[other].sum())
        return float(self._weight[one & other].sum() / (less + 1))

    def line_at(self, words: float) -> int:
        """The line where so many kept words have been said."""
        return int(np.clip(np.searchsorted(self.told, words), 0, len(self.told) - 1))

    def near_start(self, above: int) -> int:
        """Where the last `NEAR_WORDS` kept words above a gap begin."""
        return self.line_at(max(0.0, float(self.told[above + 1]) - NEAR_WORDS))

    def near_end(self, below: int) -> int:
        """Where the first `NEAR_WORDS` kept words below a gap end."""
        return self.line_at(float(self.told[below]) + NEAR_WORDS)

    def words(self, first: int, end: int) -> NDArray[np.uint32]:
        """The distinct words of the kept lines from `first` to `end`, exclusive."""
        return self._distinct[self._within(first, end)]

    def shares(self, at: int, *stretches: NDArray[np.uint32]) -> list[float]:
        """How much of a line's words each stretch, given as its `words`, says."""
        units = wording(None, self._page.text(at)).distinct
        weights = self._weigh(units)
        return [float(weights[np.isin(units, each)].sum() / (weights.sum() + 1)) for each in stretches]


def _gap(page: Page, said: _Said, above: int, below: int) -> Gap | None:
    """The gap between two paragraphs, with the line of whose words the text below says most and that above
    least; `None` where no line may be a headline.
    """
    reach = range(max(above + 1, below - HEADLINE_REACH_LINES), below)
    candidates = [at for at in reach if reads_like_headline(page, at)]
    if not candidates:
        return None
    under, over = said.words(below, said.near_end(below)), said.words(0, above + 1)
    found = (Gap(above, below, at, *said.shares(at, under, over)) for at in candidates)
    return max(found, key=lambda gap: gap.under - gap.over)


def _parted(page: Page, said: _Said, gap: Gap) -> dict[str, float]:
    """How far apart what stands above and below is, and how much it is."""
    told, count = said.told, len(page.lines)
    start, end = said.near_start(gap.above), said.near_end(gap.below)
    above, below = (
        said.line_at(float(told[low] + told[high]) / 2)
        for low, high in ((start, gap.below), (gap.below, end))
    )
    near = said.shared(start, gap.below, end)
    inner = said.shared(start, above, gap.below), said.shared(gap.below, below, end)
    return {
        "near": near,
        "every": said.shared(0, gap.below, count),
        "inner_above": inner[0],
        "inner_below": inner[1],
        "dip": near - sum(inner) / 2,
        "headline_under": gap.under,
        "headline_over": gap.over,
        "words_above": float(told[gap.above + 1]),
        "words_below": float(told[-1] - told[gap.below]),
        "dense_below": _dense(page, said, gap.below, count),
        "dense_near": _dense(page, said, gap.below, min(gap.below + NEAR_LINES, count)),
        "probability_below": float(page.probability[gap.below : gap.below + 3].mean()),
    }


def _dense(page: Page, said: _Said, first: int, end: int) -> float:
    """The share of the words from `first` on that are kept."""
    return float((said.told[end] - said.told[first]) / max(float(page.signs.words[first:end].sum()), 1.0))


def _between(page: Page, roles: list[Role], gap: Gap) -> dict[str, float]:
    """What the lines between are."""
    cues, headline = page.cues, gap.headline
    inside, after = range(gap.above + 1, gap.below), range(headline + 1, gap.below)
    return {
        "lines": float(len(inside)),
        "unkept": float(sum(roles[at] not in KEPT for at in inside)),
        "chrome": float(sum(cues[at].is_chrome for at in inside)),
        "related": float(any("related" in cues[at].label | cues[at].whole for at in inside)),
        "headline_kept": float(roles[headline] in KEPT),
        "headline_words": float(page.signs.words[headline]),
        "below_headline": float(len(after)),
        "dated": float(any(_is_dated(page, roles, at) for at in inside)),
        "dated_after": float(any(_is_dated(page, roles, at) for at in after)),
        "bylined": float(any(roles[at] == "byline" or "byline" in cues[at].label for at in inside)),
        "bylined_after": float(any(roles[at] == "byline" or "byline" in cues[at].label for at in after)),
    }


def _is_dated(page: Page, roles: list[Role], at: int) -> bool:
    return roles[at] == "date" or bool(page.cues[at].label & {"published", "updated"})
