"""A person named in full once is named in short later: شويغو for سيرغي شويغو, Kim for Kim Jong Un."""

from __future__ import annotations

import ahocorasick

from processors.folding import Folded
from processors.names.compose import Found
from processors.names.gazetteer import Gazetteer

_LETTERS_MIN = 3
_CONFIDENCE = 0.8
_FAMILY_FIRST = frozenset(
    [
        *("kim", "ri", "choe", "pak", "yoon", "lee", "moon", "park", "cho", "xi", "wang", "ким", "си"),
        *("كيم", "ري", "تشوي", "يون", "شي", "وانغ", "مون", "لي"),
    ]
)
_NO_NAME_ALONE = frozenset({"الله", "الدين", "الرحمن", "عبد"})


def short_name(full: str, *, family_first: bool) -> str | None:
    """The part of a folded full name that stands for it alone: the family name, where it is long enough."""
    parts = full.split(" ")
    if len(parts) < 2:
        return None
    first = family_first or parts[0] in _FAMILY_FIRST
    short = parts[0] if first else parts[-1]
    if short in _NO_NAME_ALONE or parts[-2] in _NO_NAME_ALONE:
        return None
    return short if len(short) >= _LETTERS_MIN else None


def short_forms(
    folded: Folded,
    original: str,
    named: list[tuple[str, Found]],
    gazetteer: Gazetteer,
    common: frozenset[str] = frozenset(),
) -> list[Found]:
    """Where the short and the full names of `named` (folded text of the mention, mention) stand again.

    A short name that two different people in the article share is nobody's, and so is one of `common`,
    the given names.
    """
    owners: dict[str, dict[str, Found]] = {}
    for full, person in named:
        if " " in full:
            owners.setdefault(full, {})[full] = person
        short = short_name(full, family_first=person.family_first)
        if short is not None and short not in common:
            owners.setdefault(short, {})[person.entity.id if person.entity else full] = person
    certain = {name: next(iter(people.values())) for name, people in owners.items() if len(people) == 1}
    if not certain:
        return []
    return _standing_again(folded, original, certain, gazetteer)


def _standing_again(
    folded: Folded, original: str, certain: dict[str, Found], gazetteer: Gazetteer
) -> list[Found]:
    automaton = ahocorasick.Automaton()
    for name, person in certain.items():
        automaton.add_word(name, (len(name), person))
    automaton.make_automaton()
    found = []
    for last, (length, person) in automaton.iter(folded.text):
        start, end = last + 1 - length, last + 1
        if not gazetteer.stands_alone(folded.text, start, end):
            continue
        first, _ = folded.span(start, end)
        if original[first].islower():
            continue
        found.append(Found(start, end, "PER", _CONFIDENCE, person.entity))
    return sorted(found, key=lambda one: one.start - one.end)
