"""The names we know: states, places, organisations, institutions and people, from `data/` and CLDR.

A line of a data file is `id | English name | Wikidata | … | names`, names separated by `;` and led by a
language tag (`ar:`) that holds until the next; `*:` is for every language written in Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from babel import Locale, UnknownLocaleError

from processors.names.inflection import adjective, russian_head, russian_noun
from schemas.article import Entity, MentionType

DATA = Path(__file__).parent / "data"
LATIN = frozenset({"tr", "en", "fr", "es", "de"})
Kind = Literal["PER", "ORG", "LOC", "adjective", "institution", "role"]
_TAG = re.compile(r"^(?:\*|[a-z]{2}): ")
_NOT_A_STATE = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AQ"})
_TOO_COMMON = {
    "ar": {"مالي", "عمان", "غيرنزي"},
    "fa": {"مالی", "عمان", "چاد"},
    "ko": {"수단", "오만", "가나", "인도", "피지", "기니", "통가", "말리", "건지"},
    "zh": {"中非", "多哥", "阿曼", "马里", "乍得", "约旦河"},
    "tr": {"Mali", "Çad", "Karadağ", "Man Adası", "Hindistan Cevizi"},
    "en": {"Jersey", "Man"},
    "ru": {"Мали"},
}


@dataclass(frozen=True)
class Form:
    """What a known string of letters may be. `entity` is None for a role and for an adjective's own sake."""

    kind: Kind
    entity: Entity | None = None
    family_first: bool = False
    weak: bool = False


@dataclass
class Known:
    """All forms of one language, by their spelling."""

    forms: dict[str, list[Form]] = field(default_factory=dict)

    def add(self, spelling: str, form: Form) -> None:
        """One more reading of a spelling."""
        readings = self.forms.setdefault(spelling, [])
        if form not in readings:
            readings.append(form)


@dataclass(frozen=True)
class _Line:
    id: str
    name: str
    wikidata: str | None
    cells: tuple[str, ...]


def known(language: str) -> Known:
    """Every form that can stand in a text of the language."""
    found = Known()
    _add_states(found, language)
    for file, kind in (("places", "LOC"), ("organisations", "ORG"), ("people", "PER")):
        for line in _lines(file):
            entity = Entity(id=line.id, name=line.name, wikidata=line.wikidata)
            form = Form(kind, entity, family_first=line.cells[0].strip() == "f")  # type: ignore[arg-type]
            for spelling in _tagged(line.cells[-1], language):
                for inflected in _inflected(spelling, language, kind):
                    found.add(inflected, form)
    _add_institutions(found, language)
    for said in words(language, "said"):
        found.add(said, Form("role"))
    for role in words(language, "roles"):
        for inflected in russian_noun(role) if language == "ru" else (role,):
            found.add(inflected, Form("role"))
            if language == "ar" and inflected.startswith("ال"):
                found.add("لل" + inflected[2:], Form("role"))
    return found


def state_name(code: str) -> str:
    """The English name of a state by its ISO 3166 code."""
    own = _states().get(code)
    return own.name if own and own.name else str(Locale.parse("en").territories[code]).split(" (")[0]


@cache
def entity(entity_id: str) -> Entity | None:
    """The entity of one of our own organisations, by its id."""
    return next(
        (
            Entity(id=line.id, name=line.name, wikidata=line.wikidata)
            for line in _lines("organisations")
            if line.id == entity_id
        ),
        None,
    )


@cache
def person(entity_id: str) -> Entity:
    """The entity of a person of our own, by its id."""
    return next(
        Entity(id=line.id, name=line.name, wikidata=line.wikidata)
        for line in _lines("people")
        if line.id == entity_id
    )


def known_places() -> Iterator[tuple[Entity, list[str]]]:
    """The cities, regions and other places of our own, each with its spellings in every language."""
    for line in _lines("places"):
        spellings = [_TAG.sub("", part.strip()) for part in line.cells[-1].split(";")]
        yield Entity(id=line.id, name=line.name, wikidata=line.wikidata), [line.name, *spellings]


def known_people() -> Iterator[tuple[str, str]]:
    """The id of each person of our own with each spelling of the name, in every language."""
    for line in _lines("people"):
        yield line.id, line.name
        for part in line.cells[-1].split(";"):
            yield line.id, _TAG.sub("", part.strip())


@cache
def words(language: str, key: str) -> tuple[str, ...]:
    """A list of `data/words.yaml`, as written; empty where the language has none."""
    listed = _words().get(language, {}).get(key, "")
    return tuple(word.strip() for word in listed.split(",") if word.strip())


@cache
def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((DATA / "words.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _lines(file: str) -> tuple[_Line, ...]:
    rows = (DATA / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    cells = [row.split("|") for row in rows if row and not row.startswith("#")]
    return tuple(
        _Line(row[0].strip(), row[1].strip(), row[2].strip() or None, tuple(row[3:])) for row in cells
    )


@cache
def _states() -> dict[str, _Line]:
    return {line.id: line for line in _lines("states")}


def _tagged(cell: str, language: str) -> Iterator[str]:
    """The names of one language; Latin names in a text of another script are taken from the English ones."""
    wanted = {language} | ({"*"} if language in LATIN else {"*", "en"})
    tag = "*"
    for part in cell.split(";"):
        head, colon, rest = part.strip().partition(": ")
        if colon and (head == "*" or (len(head) == 2 and head.isascii() and head.islower())):
            tag, spelling = head, rest
        else:
            spelling = part
        if tag in wanted and spelling.strip():
            yield spelling.strip()


def _inflected(spelling: str, language: str, kind: str) -> set[str]:
    if language == "ru":
        return russian_noun(spelling) | (russian_head(spelling) if kind == "ORG" else set())
    if language == "ar" and spelling.startswith("ال"):
        return {spelling, "لل" + spelling[2:]}
    if language == "de" and kind in {"PER", "LOC"} and not spelling.isupper() and spelling[-1] not in "sxz.":
        return {spelling, spelling + "s"}
    return {spelling}


def _add_states(found: Known, language: str) -> None:
    for code, name in _cldr(language):
        if name in _TOO_COMMON.get(language, ()):
            continue
        _add_state(found, language, code, name)
    for code, line in _states().items():
        names, adjectives = line.cells
        for spelling in _tagged(names, language):
            _add_state(found, language, code, spelling)
        form = Form("adjective", _state(code))
        for base in _tagged(adjectives, language):
            for inflected in adjective(base, language):
                found.add(inflected, form)
                if language == "ar" and inflected.startswith("ال"):
                    found.add("لل" + inflected[2:], form)


def _add_state(found: Known, language: str, code: str, spelling: str) -> None:
    for inflected in _inflected(spelling, language, "LOC"):
        found.add(inflected, Form("LOC", _state(code)))


@cache
def _state(code: str) -> Entity:
    own = _states().get(code)
    return Entity(id=f"state:{code}", name=state_name(code), wikidata=own.wikidata if own else None)


def _cldr(language: str) -> Iterator[tuple[str, str]]:
    for code_of in {language} if language in LATIN else {language, "en"}:
        try:
            territories = Locale.parse(code_of).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_A_STATE:
                yield code, str(name).split(" (")[0].split("（")[0].split("(")[0].strip()


def _add_institutions(found: Known, language: str) -> None:
    for line in _lines("institutions"):
        form = Entity(id=line.id, name=line.name)
        weak = line.id in _WEAK
        for spelling in _tagged(line.cells[-1], language):
            lone = weak or (language in {"ar", "fa"} and " " not in spelling)
            for inflected in _inflected(spelling, language, "ORG"):
                found.add(inflected, Form("institution", form, weak=lone))
    if language == "fr":
        _add_french_ministries(found)


_WEAK = frozenset(
    [
        *("government", "parliament", "army", "intelligence", "prosecution", "police", "embassy", "cabinet"),
        *("presidency", "central-bank", "supreme-court", "security-council"),
    ]
)


def _add_french_ministries(found: Known) -> None:
    """`le ministère russe des Affaires étrangères`: the adjective stands inside."""
    ministries = [
        (spelling.removeprefix("ministère "), line)
        for line in _lines("institutions")
        for spelling in _tagged(line.cells[-1], "fr")
        if spelling.startswith("ministère ")
    ]
    for code, state in _states().items():
        for base in _tagged(state.cells[1], "fr"):
            for rest, line in ministries:
                found.add(f"ministère {base} {rest}", Form("ORG", institution_of(code, line.id, line.name)))


def institution_of(code: str, institution: str, pattern: str) -> Entity:
    """`org:RU-defence`, or the entity of our own catalogue that is meant."""
    own = entity(_OWN.get((code, institution), f"org:{code}-{institution}"))
    return own or Entity(id=f"org:{code}-{institution}", name=pattern.format(state=state_name(code)))


_OWN = {
    ("US", "foreign"): "org:US-state",
    ("US", "defence"): "org:US-defense",
    ("US", "finance"): "org:US-treasury",
    ("US", "parliament"): "org:US-congress",
    ("US", "central-bank"): "org:Fed",
    ("RU", "treasury"): "org:RU-finance",
    ("RU", "central-bank"): "org:RU-central-bank",
    ("KR", "defence"): "org:KR-defense",
    ("KR", "parliament"): "org:KR-assembly",
    ("KR", "intelligence"): "org:KR-NIS",
    ("RU", "parliament"): "org:RU-duma",
    ("IL", "parliament"): "org:IL-Knesset",
}
assert get_args(MentionType) == ("PER", "ORG", "LOC")
