"""How alike two articles are, exactly, and what that makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from processors.stories.shingles import Hashes, Shingles, among
from processors.stories.wording import Weights, Wording, rarity
from schemas.article import Relation

COPY_JACCARD = 0.7
COPY_CONTAINMENT = 0.8
RELATED_JACCARD = 0.15
PARAGRAPH_CONTAINMENT = 0.5
PARAGRAPH_SHINGLES_MIN = 12
SHARED_PARAGRAPHS_MIN = 3
TELLING_SHINGLES_MIN = 4
BODY_SHINGLES_MIN = 20
RETOLD = 0.4
RETOLD_WORDS_MIN = 8.0
RETOLD_SHINGLES_MIN = 36  # in a shorter one the names alone are too large a part
RETOLD_BY_NUMBERS = 0.3
NUMBERS_RETOLD = 0.7
VERBATIM_WORDS = 0.85
COVERED_PARAGRAPHS = 0.7
TEMPLATE_JACCARD = 0.25
NUMBERS_MIN = 2
NUMBERS_SHARED = 0.4
NUMBERS_AGREE_MIN = 3
NUMBERS_AGREE = 0.75
TITLE_FORM = 0.3
SUBJECT_SHARED = 0.35
SUBJECT_SHARED_ONE_SOURCE = 0.75


@dataclass(frozen=True)
class Telling:
    """An article as it is compared: its phrases, its words, who brought it and in which language."""

    shingles: Shingles
    wording: Wording
    source: str
    language: str

    @cached_property
    def weights(self) -> Weights:
        """How rare each unit of the wording is, 0–1."""
        return rarity(self.wording.units, self.language)

    @cached_property
    def subject_weights(self) -> Weights:
        """How rare each word of the wording's subject is, 0–1."""
        return rarity(self.wording.subject, self.language)


@dataclass(frozen=True)
class Likeness:
    """What two articles share; shares are 0–1 and the same whichever comes first.

    Of phrases: `jaccard` of the two sets of shingles, `containment` of the smaller in the other, and how
    many paragraphs of the shorter article stand, at least by half, in the longer. Of words, by rarity:
    whether the one is the other `retold`. `subject` is the least share of what one title names
    that the other article has, `titles` the share of the shorter title's words in the other. `numbers` is
    how many the one with fewer has, `shared_numbers` those of both.
    """

    jaccard: float
    containment: float
    shared_paragraphs: int
    shingles_of_smaller: int
    retold: bool = False
    subject: float = 1.0
    titles: float = 0.0
    numbers: int = 0
    shared_numbers: int = 0
    one_source: bool = False

    @property
    def relation(self) -> Relation | None:
        """`copy`, `related`, or None.

        Related is what takes over several paragraphs, and what tells all of it in other words. Two shared
        paragraphs are an agency's background as often as a story, and words that lie in one paragraph
        alone are a digest's. A text too short to tell is like nothing, and a headline alone is at most a
        copy of another headline.
        """
        if self.is_another_instance:
            return None
        body = self.shingles_of_smaller >= BODY_SHINGLES_MIN
        telling = self.shingles_of_smaller >= TELLING_SHINGLES_MIN
        if (telling and self.jaccard >= COPY_JACCARD) or (body and self.containment >= COPY_CONTAINMENT):
            return "copy"
        taken_over = self.jaccard >= RELATED_JACCARD and self.shared_paragraphs >= SHARED_PARAGRAPHS_MIN
        return "related" if body and (taken_over or self.retold) else None

    @property
    def is_another_instance(self) -> bool:
        """Whether the two are one form filled in twice: the weather of two towns, the markets of two days.

        Then the numbers differ, or, where there are few, whom the title names, in a title that is otherwise
        alike; one outlet's own forms are the likelier.
        """
        if self.numbers >= NUMBERS_MIN and self.shared_numbers < NUMBERS_SHARED * self.numbers:
            return True
        numbers_agree = (
            self.numbers >= NUMBERS_AGREE_MIN and self.shared_numbers >= NUMBERS_AGREE * self.numbers
        )
        if self.jaccard < TEMPLATE_JACCARD or numbers_agree or not TITLE_FORM <= self.titles < 1:
            return False
        return self.subject < (SUBJECT_SHARED_ONE_SOURCE if self.one_source else SUBJECT_SHARED)


def likeness(one: Telling, other: Telling) -> Likeness:
    """The likeness of two articles of one language; the same whichever comes first.

    Where nothing they share could make them one story, what is left to compare is not compared.
    """
    first, second = one.shingles.distinct, other.shingles.distinct
    shared = int(among(first, second).sum())
    smaller = min(len(first), len(second))
    union = len(first) + len(second) - shared
    alike = Likeness(
        jaccard=shared / union if union else 0.0,
        containment=shared / smaller if smaller else 0.0,
        shared_paragraphs=0,
        shingles_of_smaller=smaller,
    )
    retold = smaller >= RETOLD_SHINGLES_MIN and _retold(one, other)
    if not retold and alike.jaccard < RELATED_JACCARD and alike.containment < COPY_CONTAINMENT:
        return alike
    shorter, longer = (one, second) if len(first) <= len(second) else (other, first)
    numbers, others = one.wording.numbers, other.wording.numbers
    title, other_title = one.wording.title, other.wording.title
    return replace(
        alike,
        shared_paragraphs=_shared_paragraphs(shorter.shingles, longer) if shared else 0,
        retold=retold,
        subject=min(_subject(one, other), _subject(other, one)),
        titles=_share(int(among(title, other_title).sum()), min(len(title), len(other_title))),
        numbers=min(len(numbers), len(others)),
        shared_numbers=int(among(numbers, np.sort(others)).sum()),
        one_source=one.source == other.source,
    )


def _shared_paragraphs(article: Shingles, other: Hashes) -> int:
    starts = np.array(article.starts, np.intp)
    sizes = np.array((*article.starts, len(article.hashes)), np.intp)[1:] - starts
    held = np.add.reduceat(among(article.hashes, other), starts, dtype=np.intp)
    return int(np.count_nonzero((sizes >= PARAGRAPH_SHINGLES_MIN) & (held >= PARAGRAPH_CONTAINMENT * sizes)))


def _retold(one: Telling, other: Telling) -> bool:
    """Whether the smaller article tells in other words what the larger does, and little else.

    Paragraphs taken over word for word are left out: what the rest says decides. Where its numbers are
    the other's too, fewer words will do.
    """
    if len(one.wording.units) > len(other.wording.units):
        one, other = other, one
    units = one.wording.units
    there = among(units, other.wording.distinct)
    if np.count_nonzero(there) < RETOLD_WORDS_MIN:
        return False
    weights = one.weights
    held = np.where(there, weights, 0)
    starts = np.array(one.wording.starts, np.intp)
    whole, shared = np.add.reduceat(weights, starts), np.add.reduceat(held, starts)
    own = shared < VERBATIM_WORDS * whole
    numbers = units & 1 == 1
    told = np.add.reduceat(numbers, starts, dtype=np.intp)[own].sum()
    agreed = np.add.reduceat(numbers & there, starts, dtype=np.intp)[own].sum()
    enough = RETOLD_BY_NUMBERS if agreed >= max(NUMBERS_MIN, NUMBERS_RETOLD * told) else RETOLD
    total = whole[own].sum()
    covered = whole[own & (shared >= enough * whole)].sum()
    return bool(
        shared[own].sum() >= max(enough * total, RETOLD_WORDS_MIN) and covered >= COVERED_PARAGRAPHS * total
    )


def _subject(one: Telling, other: Telling) -> float:
    """The share of the title's words, as far as the text has them too, that the other article has."""
    weights = one.subject_weights
    held = among(one.wording.subject, other.wording.distinct)
    return _share(float(weights[held].sum()), float(weights.sum())) if len(weights) else 1.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
