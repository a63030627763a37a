"""Lines that the classifier doubts and that what stands around them shows to be the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from processors.boilerplate.appeals import is_appeal
from processors.boilerplate.cues import NO_CUE
from processors.boilerplate.reading import Page
from processors.boilerplate.related import (
    QUESTION_SIGNS,
    QUESTION_WORDS_MAX,
    has_lists,
    is_above_headline,
    is_below_list,
)
from processors.boilerplate.title import stems
from schemas.article import Role

DOUBTED_SENTENCE_PROBABILITY = 0.25
PARTED_SENTENCE_PROBABILITY = 0.17  # of one that a line of furniture parts from it
HEADLINE_SENTENCE_PROBABILITY = 0.12  # enough for a sentence that has a word of the headline's
HEADLINE_WORD_LETTERS = 4
BARS = frozenset("|›>•→←▶►▼▲")  # of menus; » closes a quote too, and / stands between a month's two names
CUT_OFF = ("..", "…")  # a headline in a list
ENCLOSED_SCRIPT = 0.9
_NUMBERED = re.compile(r"(\d{1,3})[.)\-–—،、](?!\d)")


def keep_last_sentences(page: Page, roles: list[Role]) -> None:
    """A doubted sentence right below a sure one is the article's: its last line looks like the first of what
    follows. The word over an advertisement between them parts nothing, and a single line of furniture makes
    a sentence look like its own.
    """
    for index in _doubted_sentences(page, roles, PARTED_SENTENCE_PROBABILITY):
        above = _above_adverts(page, index)
        parted = above < index - 1
        if above == index - 1 and _parts_nothing(page, above):
            above, parted = _above_adverts(page, above), True
        least = PARTED_SENTENCE_PROBABILITY if parted else DOUBTED_SENTENCE_PROBABILITY
        if (
            above >= 0
            and roles[above] == "body"
            and page.signs.ends_sentence[above]
            and page.probability[index] > least
            and not is_appeal(page.text(index))
        ):
            roles[index] = "body"


def _above_adverts(page: Page, index: int) -> int:
    return next((at for at in range(index - 1, -1, -1) if "advert" not in page.cues[at].whole), -1)


def _parts_nothing(page: Page, index: int) -> bool:
    """Whether a line is furniture by itself, or a question that the sentence below answers; below the heading
    of a list stands the list.
    """
    cue = page.cues[index]
    if "related" in cue.whole:
        return False
    asks = page.text(index).endswith(QUESTION_SIGNS) and page.signs.words[index] <= QUESTION_WORDS_MAX
    return cue.is_chrome or asks or "related" in cue.label or is_appeal(page.text(index))


def _doubted_sentences(page: Page, roles: list[Role], least: float) -> Iterator[int]:
    """The sentences that are not kept so far and more likely than `least`, from the top."""
    signs = page.signs
    sentence = page.sentences() & (signs.symbols == 0) & (signs.clock_signs == 0)
    sentence &= signs.in_page_script > ENCLOSED_SCRIPT
    for index in np.flatnonzero(sentence & (page.probability > least)).tolist():
        text = page.text(index)
        plain = page.cues[index] is NO_CUE and BARS.isdisjoint(text) and not text.endswith(CUT_OFF)
        if roles[index] == "boilerplate" and plain:
            yield index


def keep_sentences_of_headline(page: Page, roles: list[Role]) -> None:
    """A much doubted sentence below the article's is one more if it has a word of the headline's, though a
    picture's words may stand between them. So is one below a list of other stories, and what follows it; a
    word of the article's is enough there, unless the next line may be one more of the list.
    """
    headline = _long_stems(page.text(roles.index("title"))) if "title" in roles else set()
    doubted = list(_doubted_sentences(page, roles, HEADLINE_SENTENCE_PROBABILITY))
    said = _said(page, roles) if doubted and has_lists(page) else set()
    went_on = False
    for index in doubted:
        if is_appeal(page.text(index)):
            continue
        own, below = _long_stems(page.text(index)), _is_below_body(page, roles, index)
        goes_on = is_below_list(page, roles, index) or (went_on and below)
        alike = (below or goes_on) and bool(headline & own)
        if alike or (goes_on and own & said and not is_above_headline(page, roles, index)):
            roles[index] = "body"
            said |= own
            went_on = goes_on


def _said(page: Page, roles: list[Role]) -> set[str]:
    """The stems of the article so far."""
    return set().union(*(_long_stems(page.text(at)) for at, role in enumerate(roles) if role == "body"))


def _is_below_body(page: Page, roles: list[Role], index: int) -> bool:
    """Whether the line above is the article's, or the one above a picture's words."""
    above = index - 1
    if above > 0 and roles[above] != "body" and page.cues[above] is NO_CUE and page.is_short_unended(above):
        above -= 1
    return above >= 0 and roles[above] == "body"


def _long_stems(text: str) -> set[str]:
    """Beginnings of words that are no "the", and pairs of letters where words are not spaced."""
    return {stem for stem in stems(text) if len(stem) >= HEADLINE_WORD_LETTERS or not stem.isascii()}


def keep_listed(page: Page, roles: list[Role]) -> None:
    """Lines numbered on from one that is kept are kept: short names in a list look like a menu."""
    numbers = [int(match[1]) if (match := _NUMBERED.match(line.text)) else 0 for line in page.lines]
    for index in range(1, len(numbers)):
        follows = numbers[index] == numbers[index - 1] + 1 and numbers[index - 1] > 0
        if follows and roles[index - 1] == "body" and roles[index] == "boilerplate":
            roles[index] = "body"
