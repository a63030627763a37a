"""States, unions and the bodies that act for them, found in text of ten languages.

A capital stands for its state, an adjective for its noun, a leader for the country led. Ids are stable:
`state:` with ISO 3166-1 alpha-2, `org:EU`, `org:UN`. Names that the table lacks come from CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from babel import Locale

from processors.events.lexicon import Lexicon
from processors.folding import Folded

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
# CLDR names that are everyday words, or parts of other names, in one of the languages.
_NOT_FROM_CLDR = frozenset(
    {"AQ", "GS", "GU", "TO", "NU", "OM", "ML", "GH", "TD", "JO", "JE", "GG", "NE", "BM", "TG", "GA"}
)
_INITIALS = frozenset({"us", "usa", "uk", "eu", "un", "ab", "abd", "bm", "ue", "onu", "uae", "bae", "uno"})
_INITIALS_MAX = 3
_GENERIC_STEM_LETTERS = "аяыиоейьй"


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
    code = entity.partition(":")[2]
    return str(Locale("en").territories.get(code, entity))


def body_name(role: str, entity: str | None) -> str:
    """The English name of a state's body."""
    if entity is None:
        return _ROLE_NAMES[role]
    return _OWN_NAMES.get((role, entity)) or f"{_ROLE_NAMES[role]} of {entity_name(entity)}"


def _is_capitalised(words: str, kind: Kind) -> bool:
    if len(words) <= _INITIALS_MAX and words.casefold() in _INITIALS:
        return words.isupper()
    return kind not in {"name", "leader"} or " " in words or any(letter.isupper() for letter in words)


def with_state(name: str | None, entity: str) -> str:
    """The name of a body told without its state (`Ministry of Commerce`), once the state is known."""
    role = next((role for role, generic in _ROLE_NAMES.items() if generic == name), None)
    return body_name(role, entity) if role else entity_name(entity)


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
    for code, name in _from_cldr(language).items():
        entries.setdefault(f"name|state:{code}|", []).append(name)
    return Lexicon(entries)


def _from_cldr(language: str) -> dict[str, str]:
    names = Locale(language).territories if language in LANGUAGES else {}
    return {
        code: _stem(name) if language == "ru" else name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and f"state:{code}" not in _table()
        and code not in {"EU", "UN", "EZ", "XA", "XB", "ZZ", "QO"} | _NOT_FROM_CLDR
        and len(name) > (1 if language in {"zh", "ko"} else 3)
    }  # fmt: skip


def _stem(name: str) -> str:
    return name.rstrip(_GENERIC_STEM_LETTERS) + "*" if len(name) > 4 and " " not in name else name


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return _read("places.yaml")


def _read(name: str) -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return rows
