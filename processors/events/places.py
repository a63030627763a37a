"""States, unions and the bodies that act for them, found in text of ten languages.

A capital stands for its state, an adjective for its noun, a leader for the country led. Ids are stable:
`state:` with ISO 3166-1 alpha-2, `org:EU`, `org:UN`. The table holds what only this stage needs, capitals,
leaders and stems; every other name and adjective of a state comes from the catalogue of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from babel import Locale

from processors.events.lexicon import Lexicon
from processors.folding import Folded
from processors.names.catalogue import known

LANGUAGES = ("ar", "en", "ru", "fa", "tr", "fr", "es", "ko", "zh", "de")
Kind = Literal["name", "adjective", "leader", "body"]
_KINDS: tuple[Kind, ...] = ("name", "adjective", "leader")
_LATIN = frozenset({"en", "tr", "fr", "es", "de"})
_ROLE_NAMES = {
    "treasury": "Ministry of Finance", "foreign_ministry": "Ministry of Foreign Affairs",
    "commerce": "Ministry of Commerce", "government": "Government", "president": "President",
    "foreign_minister": "Minister of Foreign Affairs", "parliament": "Parliament",
}  # fmt: skip
_OWN_NAMES = {
    ("treasury", "state:US"): "United States Department of the Treasury",
    ("foreign_ministry", "state:US"): "United States Department of State",
    ("commerce", "state:US"): "United States Department of Commerce",
    ("treasury", "state:GB"): "HM Treasury",
    ("foreign_ministry", "state:GB"): "Foreign, Commonwealth and Development Office",
}
# States whose names are everyday words, or parts of other names, in one of the languages.
_NOT_BY_NAME = frozenset(
    {"AQ", "GS", "GU", "TO", "NU", "OM", "ML", "GH", "TD", "JO", "JE", "GG", "NE", "BM", "TG", "GA"}
)
_INITIALS = frozenset({"us", "usa", "uk", "eu", "un", "ab", "abd", "bm", "ue", "onu", "uae", "bae", "uno"})
_INITIALS_MAX = 3
_FORM_MIN = {"zh": 2, "ko": 2}
_LATIN_LETTER = re.compile("[A-Za-z]")
_EVERYDAY = frozenset(
    {
        *(("ar", word) for word in ("مالي", "المالي", "مالية", "المالية", "للمالي", "للمالية")),
        *(("fa", word) for word in ("مالی", "چادی", "الجزایر")),
    }
)


@dataclass(frozen=True)
class Place:
    """A state, union or body in folded text: `start`, `end` are folded offsets; `entity` may be unknown."""

    start: int
    end: int
    kind: Kind
    entity: str | None
    role: str | None = None


def find_places(original: str, folded: Folded, language: str) -> list[Place]:
    """Places in order of their start; where two overlap, the longer."""
    lexicon, latin = _lexicon(language), language in _LATIN
    found = []
    for hit in lexicon.find(folded.text):
        place = _place(hit.tag, hit.start, hit.end)
        words = original[slice(*folded.span(hit.start, hit.end))]
        if latin and not _is_capitalised(words, place.kind):
            continue
        found.append(place)
    return _without_overlaps(found)


def entity_name(entity: str) -> str:
    """The English name of an entity id; the id itself where there is none."""
    if entity in (table := _table()):
        return str(table[entity]["name"])
    kind, _, code = entity.partition(":")
    return str(Locale("en").territories.get(code, entity)) if kind == "state" else entity


def body_name(role: str, entity: str | None) -> str:
    """The English name of a state's body."""
    if entity is None:
        return _ROLE_NAMES[role]
    return _OWN_NAMES.get((role, entity)) or f"{_ROLE_NAMES[role]} of {entity_name(entity)}"


def _is_capitalised(words: str, kind: Kind) -> bool:
    if len(words) <= _INITIALS_MAX and words.casefold() in _INITIALS:
        return words.isupper()
    return kind not in {"name", "leader"} or " " in words or any(letter.isupper() for letter in words)


def with_state(name: str | None, entity: str) -> str | None:
    """The name of a body told without its state (`Ministry of Commerce`), once the state is known; `None` for
    what is no such body.
    """
    role = next((role for role, generic in _ROLE_NAMES.items() if generic == name), None)
    return body_name(role, entity) if role else None


def _place(tag: str, start: int, end: int) -> Place:
    kind, entity, role = tag.split("|")
    return Place(start, end, kind, entity or None, role or None)  # type: ignore[arg-type]


def _without_overlaps(found: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in sorted(found, key=lambda p: (p.start, p.start - p.end, p.kind != "name")):
        if kept and place.start < kept[-1].end:
            if place.end - place.start > kept[-1].end - kept[-1].start:
                kept[-1] = place
            continue
        kept.append(place)
    return kept


@cache
def _lexicon(language: str) -> Lexicon:
    entries: dict[str, list[str]] = {}
    for entity, row in _table().items():
        for key in ("any", language):
            for kind, words in zip(_KINDS, str(row.get(key, "")).split("|"), strict=False):
                entries.setdefault(f"{kind}|{entity}|", []).extend(_split(words))
    for role, row in _read("bodies.yaml").items():
        for word in _split(row.get(language, "")):
            state, _, rest = word.rpartition(":")
            entity = f"state:{state}" if state else ""
            entries.setdefault(f"body|{entity}|{role}", []).append(rest)
    for code, row in _read("adjectives.yaml").items():
        entries.setdefault(f"adjective|state:{code}|", []).extend(_split(row.get(language, "")))
    for kind, state, word in _from_names(language):
        entries.setdefault(f"{kind}|{state}|", []).append(word.rstrip("."))
    return Lexicon(entries)


def _from_names(language: str) -> Iterator[tuple[Kind, str, str]]:
    """Kind, state and spelling of what the names stage knows of states: CLDR's names, adjectives, cases."""
    latin = language in _LATIN
    for word, forms in known(language).forms.items():
        if len(word) < _FORM_MIN.get(language, 4) or (not latin and _LATIN_LETTER.search(word)):
            continue
        if (language, word) in _EVERYDAY:
            continue
        for form in forms:
            entity = form.entity.id if form.entity else ""
            if entity.startswith("state:") and form.kind == "adjective":
                yield "adjective", entity, word
            elif entity.startswith("state:") and form.kind == "LOC" and entity[6:] not in _NOT_BY_NAME:
                yield "name", entity, word


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return _read("places.yaml")


def _read(name: str) -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return rows
