"""Floors for stories: of all pairs of articles of a language, which tell one story.

The stream is `tests/quality/story_stream.py`'s; the part `held` was split off before the stage was tuned, and
only its totals were looked at meanwhile. Each language is streamed in three orders. Measured when pinned:
dev 1.000 / 1.000, held .986 / .961 (precision / recall). Texts and variants are by one author, so take the
figures for what they are: no drift of real outlets is in them.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import pytest

from processors.stories import StoriesStage
from tests.quality.story_stream import LANGUAGES, Told, article, articles, stream

FLOORS = {"dev": (0.99, 0.99), "held": (0.98, 0.95)}
LANGUAGE_FLOOR = 0.85
ORDERS = 3


class Pairs(NamedTuple):
    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / self.wanted


def measured(language: str, part: str) -> Pairs:
    right = found = wanted = 0
    for order in range(ORDERS):
        stage = StoriesStage({})
        placed = [(told, stage(given).story) for told, given in articles(language, part, order)]
        for (one, story), (other, other_story) in combinations(placed, 2):
            assert story is not None
            assert other_story is not None
            if one.unclear(other):
                continue
            same, together = one.story == other.story, story.cluster_id == other_story.cluster_id
            right, found, wanted = right + (same and together), found + together, wanted + same
    return Pairs(right, found, wanted)


@pytest.fixture(scope="module", params=FLOORS)
def part(request: pytest.FixtureRequest) -> tuple[str, dict[str, Pairs]]:
    return request.param, {language: measured(language, request.param) for language in LANGUAGES}


def test_pairs_of_one_story_are_found_and_no_others(part: tuple[str, dict[str, Pairs]]) -> None:
    name, pairs = part
    total = Pairs(*map(sum, zip(*pairs.values(), strict=True)))
    precision, recall = FLOORS[name]
    assert total.precision >= precision, pairs
    assert total.recall >= recall, pairs


def test_no_language_is_left_behind(part: tuple[str, dict[str, Pairs]]) -> None:
    _, pairs = part
    weak = {code: p for code, p in pairs.items() if min(p.precision, p.recall) < LANGUAGE_FLOOR}
    assert not weak


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wire_story_on_thirty_sites_is_one_story(language: str) -> None:
    """Each with margins of its own, some cut at the end, some with a paragraph of their own in front."""
    told = {one.name: one for one in stream(language, "held")}
    wire, update = told["told-copy2"].paragraphs, told["told-update"].paragraphs[0]
    stage = StoriesStage({})
    stories = set()
    for site in range(30):
        margin = told[f"told-copy{site % 4}"].paragraphs
        lines = [margin[0], *([update] if site % 5 == 4 else []), *wire[: len(wire) - site % 3], margin[-1]]
        placed = stage(article(language, Told(f"site{site}", "told", f"Site {site}", lines, site))).story
        assert placed is not None
        stories.add(placed.cluster_id)
    assert stories == {"site0"}
