"""Names without a model: known names and the words around names, in ten languages (`gazetteer`).

Where the encoder can't run, this still finds states, bodies and well-known people, and little else.
"""

from __future__ import annotations

from collections.abc import Sequence

from processors.folding import Folded
from processors.names.completion import Name, known, written
from processors.names.compose import Found, institutions
from processors.names.gazetteer import Hit, gazetteer
from processors.names.persons import given_names, people
from processors.names.short_forms import short_forms

Read = tuple[Folded, str, list[Hit]]


def known_only(fields: Sequence[Read], language: str) -> list[list[Name]]:
    """The names in each field of an article, in order and without overlap; short forms of people too."""
    found = [_in_field(folded, content, hits, language) for folded, content, hits in fields]
    named = [
        (folded.text[one.start : one.end], one)
        for (folded, _, _), names in zip(fields, found, strict=True)
        for one in names
        if one.type == "PER"
    ]
    complete = []
    for (folded, content, _), names in zip(fields, found, strict=True):
        again = short_forms(folded, content, named, gazetteer(language), given_names(language))
        kept = _apart(names, len(folded.text), fill=again)
        complete.append([written(one, folded) for one in kept])
    return complete


def _in_field(folded: Folded, content: str, hits: list[Hit], language: str) -> list[Found]:
    found = known(folded.text, hits)
    found += institutions(folded.text, hits, language)
    found += people(folded, content, hits, language)
    return _apart(found, len(folded.text))


def _apart(found: list[Found], length: int, fill: Sequence[Found] = ()) -> list[Found]:
    """The longest of what overlaps, a known person before a guess; then what of `fill` has room."""
    taken = bytearray(length)
    kept: list[Found] = []
    ranked = sorted(found, key=_rank)
    for one in [*ranked, *fill]:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _rank(one: Found) -> tuple[bool, int, float, int]:
    guessed = one.type == "PER" and one.entity is None
    return guessed, one.start - one.end, -one.confidence, one.start
