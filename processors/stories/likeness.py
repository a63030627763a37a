"""How alike two articles are, exactly, and what that makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from processors.stories.shingles import Hashes, Shingles
from schemas.article import Relation

COPY_JACCARD = 0.7
COPY_CONTAINMENT = 0.8
RELATED_JACCARD = 0.15
RELATED_JACCARD_ALONE = 0.35
PARAGRAPH_CONTAINMENT = 0.5
PARAGRAPH_SHINGLES_MIN = 6
SHARED_PARAGRAPHS_MIN = 2
TELLING_SHINGLES_MIN = 4
BODY_SHINGLES_MIN = 20


@dataclass(frozen=True)
class Likeness:
    """`jaccard` of the two sets of shingles, `containment` of the smaller in the other (both 0–1), and how
    many paragraphs of the shorter article stand, at least by half, in the longer.
    """

    jaccard: float
    containment: float
    shared_paragraphs: int
    shingles_of_smaller: int

    @property
    def relation(self) -> Relation | None:
        """`copy`, `related`, or None.

        One shared paragraph is a disclaimer as often as a story, so below `RELATED_JACCARD_ALONE` it
        takes two. A text too short to tell is like nothing, and a headline alone is at most a copy of
        another headline.
        """
        body = self.shingles_of_smaller >= BODY_SHINGLES_MIN
        telling = self.shingles_of_smaller >= TELLING_SHINGLES_MIN
        if (telling and self.jaccard >= COPY_JACCARD) or (body and self.containment >= COPY_CONTAINMENT):
            return "copy"
        told_together = self.shared_paragraphs >= SHARED_PARAGRAPHS_MIN
        if body and self.jaccard >= (RELATED_JACCARD if told_together else RELATED_JACCARD_ALONE):
            return "related"
        return None


def likeness(one: Shingles, other: Shingles) -> Likeness:
    """The likeness of two articles; the same whichever comes first."""
    first, second = one.distinct, other.distinct
    shared = len(np.intersect1d(first, second, assume_unique=True))
    smaller = min(len(first), len(second))
    union = len(first) + len(second) - shared
    shorter, longer = (one, second) if len(first) <= len(second) else (other, first)
    return Likeness(
        jaccard=shared / union if union else 0.0,
        containment=shared / smaller if smaller else 0.0,
        shared_paragraphs=_shared_paragraphs(shorter, longer) if shared else 0,
        shingles_of_smaller=smaller,
    )


def _shared_paragraphs(article: Shingles, other: Hashes) -> int:
    held = np.isin(article.hashes, other)
    bounds = (*article.starts, len(held))
    return sum(
        end - start >= PARAGRAPH_SHINGLES_MIN and bool(held[start:end].mean() >= PARAGRAPH_CONTAINMENT)
        for start, end in pairwise(bounds)
    )
