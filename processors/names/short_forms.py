"""A person named in full once is named in short later: شويغو for سيرغي شويغو, Kim for Kim Jong Un."""

from __future__ import annotations

import re

from processors.folding import Folded
from processors.names.compose import Found
from processors.names.gazetteer import Gazetteer
from schemas.article import Entity

_LETTERS_MIN = 3
_CONFIDENCE = 0.8
_KOREAN_FAMILY_LATIN = frozenset(
    {"kim", "ri", "choe", "pak", "yoon", "lee", "moon", "park", "cho", "xi", "wang", "ким", "си"}
)
_KOREAN_FAMILY_ARABIC = frozenset({"كيم", "ري", "تشوي", "يون", "شي", "وانغ", "مون", "لي"})


def short_name(full: str, *, family_first: bool) -> str | None:
    """The part of a folded full name that stands for it alone: the family name, where it is long enough."""
    parts = full.split(" ")
    if len(parts) < 2:
        return None
    first = family_first or parts[0] in _KOREAN_FAMILY_ARABIC | _KOREAN_FAMILY_LATIN
    short = parts[0] if first else parts[-1]
    return short if len(short) >= _LETTERS_MIN else None


def short_forms(
    folded: Folded, original: str, named: list[tuple[str, Found]], gazetteer: Gazetteer
) -> list[Found]:
    """Where the short and the full names of `named` (folded text of the mention, mention) stand again.

    A short name that two different people in the article share is nobody's.
    """
    owners: dict[str, dict[str, Found]] = {}
    for full, person in named:
        if " " in full:
            owners.setdefault(full, {})[full] = person
        short = short_name(full, family_first=person.family_first)
        if short is not None:
            owners.setdefault(short, {})[person.entity.id if person.entity else full] = person
    certain = {name: [*people.values()][0] for name, people in owners.items() if len(people) == 1}
    if not certain:
        return []
    return _standing_again(folded, original, certain, gazetteer)


def _standing_again(
    folded: Folded, original: str, certain: dict[str, Found], gazetteer: Gazetteer
) -> list[Found]:
    pattern = re.compile("|".join(re.escape(name) for name in sorted(certain, key=len, reverse=True)))
    found = []
    for match in pattern.finditer(folded.text):
        person = certain[match.group()]
        entity: Entity | None = person.entity
        if not gazetteer.stands_alone(folded.text, match.start(), match.end()):
            continue
        first, last = folded.span(match.start(), match.start() + 1)
        letter = original[first:last][:1]
        if letter.islower():
            continue
        found.append(Found(match.start(), match.end(), "PER", _CONFIDENCE, entity))
    return found
