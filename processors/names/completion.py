"""What a model found, corrected and completed by the names we know.

A model takes بيونغ يانغ for a person now and then, and stops before the state that belongs to a ministry;
a known name knows better. But a known place may be a team, and a known word part of a longer name: the
model's longer mention stands, and so does its organisation where we know a place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from processors.encoder.decoding import Guess
from processors.folding import Folded
from processors.names.compose import Found, institutions
from processors.names.gazetteer import Hit, only
from schemas.article import Entity, MentionType

KNOWN = 0.9
KNOWN_BY_ONE_WORD = 0.8
STATED_INSTITUTION = 0.85
_COVERS = 0.6
_PROCLITIC_LETTERS_MAX = 2
_BROKEN_LETTERS_MAX = 2
_CORRECTED = frozenset({("PER", "LOC"), ("PER", "ORG"), ("LOC", "ORG")})


@dataclass(frozen=True)
class Name:
    """A mention at offsets of the text as it is written, end exclusive; `entity` where we know who it is."""

    start: int
    end: int
    type: MentionType
    confidence: float
    entity: Entity | None = None
    family_first: bool = False
    stated: bool = False


def known_names(folded: Folded, hits: list[Hit], language: str) -> list[Name]:
    """The people, bodies and places we know, and institutions with their state, longest first."""
    found = known(folded.text, hits)
    stated = [
        one for one in institutions(folded.text, hits, language) if one.confidence >= STATED_INSTITUTION
    ]
    names = [written(one, folded) for one in found] + [written(one, folded, stated=True) for one in stated]
    return sorted(names, key=lambda one: (one.start - one.end, one.start, not one.stated))


def completed(guesses: Sequence[Guess], names: Sequence[Name]) -> list[Name]:
    """The model's mentions, put right, and the known names it missed; in order, none overlapping."""
    found = [Name(*guess) for guess in guesses]
    for name in names:
        first = bisect_right(found, name.start, key=lambda one: one.end)
        stop = bisect_left(found, name.end, key=lambda one: one.start)
        beside = found[first:stop]
        taken = not beside or _holds(name, beside)
        found[first:stop] = [name] if taken else [_put_right(one, name) for one in beside]
    return found


def known(text: str, hits: list[Hit]) -> list[Found]:
    """The hits that are names by themselves."""
    return [
        Found(
            hit.start,
            hit.end,
            hit.form.kind,  # type: ignore[arg-type]
            KNOWN if hit.form.kind != "PER" or " " in text[hit.start : hit.end] else KNOWN_BY_ONE_WORD,
            hit.form.entity,
            hit.form.family_first,
        )
        for hit in only(hits, "PER", "ORG", "LOC")
    ]


def written(found: Found, folded: Folded, *, stated: bool = False) -> Name:
    """The same at offsets of the text as it is written."""
    start, end = folded.span(found.start, found.end)
    return Name(start, end, found.type, found.confidence, found.entity, found.family_first, stated)


def _holds(name: Name, beside: list[Name]) -> bool:
    """Whether a known name takes the place of what the model found inside it, a proclitic before it aside.

    That a known place or body is longer is no reason: its first word may be one that names leave out
    (قطاع غزة). That the model broke a name is one: a letter or two short (제주|도), or in parts (Trinidad y
    Tobago).
    """
    lead = name.start - min(one.start for one in beside)
    inside = lead <= _PROCLITIC_LETTERS_MAX and all(one.end <= name.end for one in beside)
    longer = any((one.start, one.end) != (name.start, name.end) for one in beside)
    missing = name.end - name.start - sum(one.end - one.start for one in beside)
    parts = len(beside) > 1 and name.type == "LOC"
    broken = all(one.type == name.type for one in beside) and (parts or 0 < missing <= _BROKEN_LETTERS_MAX)
    return inside and longer and (name.stated or name.type == "PER" or broken)


def _put_right(one: Name, name: Name) -> Name:
    """What the model found, by what is known of the same words or of the words at its end."""
    if one.entity is not None:
        return one
    lead = name.start - one.start
    same = one.end == name.end and 0 <= lead <= _PROCLITIC_LETTERS_MAX
    if same and (one.type, name.type) in _CORRECTED:
        return name
    within = lead >= 0 and name.end <= one.end
    much = name.end - name.start >= _COVERS * (one.end - one.start)
    if same and (one.type == name.type or _may_stand_for_a_team(name)):
        return replace(one, start=name.start, entity=name.entity, family_first=name.family_first)
    if one.type == name.type == "LOC" and within and much:
        return replace(one, entity=name.entity)
    return one


def _may_stand_for_a_team(name: Name) -> bool:
    """A state or city is also its team or government, which then has its identity; a region is not."""
    return name.entity is not None and name.entity.id.startswith(("state:", "city:"))
