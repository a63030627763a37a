"""The names in a sentence that may act or be acted on: people, organisations, states by any of their words.

What acts for a state is that state: its seat, its ministry, its adjective. A city that is no seat, a region
or a mountain can't act; they stand here with no party, since what is said of them is not said of the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from processors.events.grammar import Grammar
from processors.events.places import Place, body_name, entity_name
from processors.events.seats import state_of_seat
from processors.folding import Folded
from schemas.article import Mention, Party

_ORGAN = re.compile(r"org:([A-Z]{2})-(?:[a-z][a-z-]*|IDF|PLA|JCS|FSB|GRU|SVR|MSB|NIS|SBU)$")
_NO_ORGANS = frozenset({"org:US-democrats", "org:US-republicans"})
_STANDS_FOR = {
    "org:UNSC": "org:UN", "org:EU-commission": "org:EU", "org:EU-council": "org:EU",
    "org:EU-parliament": "org:EU", "org:Kremlin": "state:RU", "org:White-House": "state:US",
    "org:CIA": "state:US", "org:FBI": "state:US", "org:UK-ofsi": "state:GB",
}  # fmt: skip
_JOINED = re.compile("[-‐‑][a-z]")
_KOREAN_SUBJECT = frozenset("은는")
_MADE_UP = ("org:~", "loc:~")


class Noun(NamedTuple):
    """A name at folded offsets. `party` is `None` where it is nobody; `place` tells a place's word."""

    start: int
    end: int
    party: Party | None
    person: bool = False
    place: bool = False


def nouns(
    text: str, folded: Folded, mentions: Sequence[Mention], places: Iterable[Place], grammar: Grammar
) -> list[Noun]:
    """The nouns of a sentence, in order; offsets of the mentions are the sentence's own."""
    known = [place for place in places if place.entity]
    found = []
    for mention in mentions:
        start, end = folded.folded_span(mention.start, mention.end)
        inside = [place for place in known if place.start < end and start < place.end]
        found.append(_of_mention(text, folded, mention, inside, grammar))
        known = [place for place in known if place not in inside]
    found += [_of_place(text, folded, place) for place in known]
    if grammar.language == "en":
        found = [_unless_joined(noun, text, folded) for noun in found]
    return sorted(found, key=lambda noun: noun.start)


def _unless_joined(noun: Noun, text: str, folded: Folded) -> Noun:
    """`Switzerland-based` says nothing of Switzerland."""
    end = folded.span(noun.start, noun.end)[1]
    return noun._replace(party=None) if _JOINED.match(text, end) else noun


def _of_mention(text: str, folded: Folded, mention: Mention, inside: list[Place], grammar: Grammar) -> Noun:
    start, end = folded.folded_span(mention.start, mention.end)
    words = text[mention.start : mention.end]
    entity = mention.entity
    if mention.type == "PER":
        party = Party(text=words, name=entity.name if entity else None, entity=entity.id if entity else None)
        return Noun(start, end, party, person=True)
    stands_for = _stands_for(entity.id if entity else None, folded.text[start:end], inside, grammar)
    if stands_for:
        name = entity.name if entity and entity.id[4:6] == stands_for[6:] else entity_name(stands_for)
        return Noun(start, end, Party(text=words, name=name, entity=stands_for), place=mention.type == "LOC")
    if mention.type == "LOC":
        return Noun(start, end, None, place=True)
    return Noun(
        start,
        end,
        Party(text=words, name=entity.name if entity else None, entity=entity.id if entity else None),
    )


def _stands_for(known: str | None, words: str, inside: list[Place], grammar: Grammar) -> str | None:
    """The state or union that a place or body is or acts for."""
    if known and known.startswith("state:"):
        return known
    if seat := state_of_seat(known) or _STANDS_FOR.get(known or ""):
        return seat
    organ = _ORGAN.match(known or "")
    if organ and known not in _NO_ORGANS:
        return f"state:{organ.group(1)}"
    told = {place.entity for place in inside}
    guessed = known is None or known.startswith(_MADE_UP)
    if guessed and len(told) == 1 and (grammar.head.search(words) or _is_all(words, inside)):
        return told.pop()
    return None


def _is_all(words: str, inside: list[Place]) -> bool:
    return sum(place.end - place.start for place in inside) >= len(words) - 1


def _of_place(text: str, folded: Folded, place: Place) -> Noun:
    particle = place.role is not None and folded.text[place.end - 1] in _KOREAN_SUBJECT
    end = place.end - particle  # the table tells 정부는, this government, from governments at large
    words = text[slice(*folded.span(place.start, end))]
    entity = place.entity or ""
    name = body_name(place.role, entity) if place.role else entity_name(entity)
    return Noun(place.start, end, Party(text=words, name=name, entity=entity), place=place.kind != "body")
