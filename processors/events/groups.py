"""Names that stand together as one party, and what the sentence says of each: by whom, to whom, where.

`the president of France and Germany's chancellor` is one group. Its case is what stands just before it, past
titles and articles, or in Turkish and Korean the ending just after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from processors.events.grammar import Case, Grammar, grammar
from processors.events.nouns import Noun, nouns
from processors.events.places import find_places
from processors.folding import Folded
from schemas.article import Mention, Party

_WORDS_BEFORE_MAX = 4
_LETTERS_BEFORE_MAX = 80
_WORDS_AFTER_MAX = 3
_LETTERS_AFTER_MAX = 80
_GAP_WORDS_MAX = 5
_MARKS = " \"'«»“”「」"
_PERSIAN_OBJECT = re.compile(r"\s*را(?!\w)")
_ARABIC_OF = re.compile(r"(?<!\w)لل?\Z")
_NEXT_WORD = re.compile(r"\w*\s+(\w+)")


class Group(NamedTuple):
    """Nouns of one party at folded offsets, and what is said of them; `None` where nothing is."""

    nouns: tuple[Noun, ...]
    start: int
    end: int
    case: Case | None

    def parties(self) -> list[Party]:
        """Who they are; none where all of them are places that can't act."""
        return [noun.party for noun in self.nouns if noun.party]


class Cast(NamedTuple):
    """A sentence, folded, with the groups of its names in order and the grammar that they are read by."""

    text: str
    groups: tuple[Group, ...]
    grammar: Grammar


def cast(text: str, folded: Folded, mentions: Sequence[Mention], language: str) -> Cast:
    """The groups of a sentence; offsets of the mentions are the sentence's own.

    Raises `KeyError` for a language without a grammar.
    """
    rules = grammar(language)
    together: list[list[Noun]] = []
    for noun in nouns(text, folded, mentions, find_places(text, folded, language), rules):
        last = together[-1][-1] if together else None
        if last and _one_party(folded.text, last, noun, rules):
            together[-1].append(noun)
        else:
            together.append([noun])
    found = (
        Group(tuple(one), one[0].start, one[-1].end, _case(folded.text, one[0].start, one[-1].end, rules))
        for one in together
    )
    return Cast(folded.text, tuple(found), rules)


def _one_party(text: str, left: Noun, right: Noun, rules: Grammar) -> bool:
    """Whether a party goes on: by a word for `and`, or by a title between a state and its person or body."""
    gap = text[left.end : right.start]
    if (left.party is None) != (right.party is None):
        return False
    bare = gap.strip(_MARKS)
    if rules.joined.fullmatch(gap):
        return True
    if right.place:
        return False
    if not _is_state(left):
        return right.person and not left.person and bare in {",", "،"} and _is_titled(text, left, rules)
    return (right.person or left.place) and _all_titles(bare.removeprefix("'s").strip(_MARKS + ",،"), rules)


def _is_titled(text: str, noun: Noun, rules: Grammar) -> bool:
    """Whether a title stands before a body, whose head is named after it: the secretary general of NATO."""
    before = text[max(0, noun.start - _LETTERS_BEFORE_MAX) : noun.start]
    title = rules.skipped.search(_ARABIC_OF.sub("", before))
    return bool(title and title.group())


def _is_state(noun: Noun) -> bool:
    return noun.place or bool(noun.party and (noun.party.entity or "").startswith("state:"))


def _all_titles(gap: str, rules: Grammar) -> bool:
    space = "" if rules.spaceless else " "
    for _ in range(_GAP_WORDS_MAX):
        if not gap:
            return True
        titled = rules.skipped.search(gap + space)
        if titled is None:
            return False
        gap = gap[: titled.start()].rstrip(_MARKS + "-.")
    return not gap


def _case(text: str, start: int, end: int, rules: Grammar) -> Case | None:
    before = _case_before(text[max(0, start - _LETTERS_BEFORE_MAX) : start], rules)
    if before is None and rules.language == "fa" and _PERSIAN_OBJECT.match(text, end):
        return "to"
    return before or (_case_after(text[end : end + _LETTERS_AFTER_MAX], rules) if rules.endings else None)


def _case_before(left: str, rules: Grammar) -> Case | None:
    """By the nearest word that says it, past articles, titles and the like."""
    for _ in range(_WORDS_BEFORE_MAX):
        said = [(match.start(), case) for case, pattern in rules.before if (match := pattern.search(left))]
        skipped = rules.skipped.search(left)
        if said and not (skipped and skipped.start() < min(said)[0]):
            start, case = min(said)
            if not _is_genitive(left, start, rules):
                return case
            left = left[:start]
        elif skipped and skipped.start() < skipped.end():
            left = left[: skipped.start()]
        else:
            return None
    return None


def _is_genitive(left: str, start: int, rules: Grammar) -> bool:
    """Whether the Arabic ل after a title means `of`: الأمين العام للناتو."""
    joined = rules.language == "ar" and left[start:] in {"ل", "لل"}
    return joined and bool(rules.skipped.search(left[:start]))


def _case_after(right: str, rules: Grammar) -> Case | None:
    """By the ending of the name, or of the noun that it belongs to: `프랑스 총리는`, `Rus ordusu`."""
    for _ in range(_WORDS_AFTER_MAX):
        right = right.removeprefix("'")
        for case, pattern in rules.endings:
            if pattern.match(right):
                return case
        following = _NEXT_WORD.match(right)
        if following is None or not (rules.language == "ko" or rules.head.match(following.group(1))):
            return None
        for case, pattern in rules.noun_endings:
            if pattern.search(following.group(1)):
                return case
        right = right[following.end() :]
    return None
