"""Large cities of the world by their names, in five scripts: which one a place that was found is.

From GeoNames (CC BY 4.0; see the head of `data/cities.tsv.gz` and docs/decisions/0013). A text is never
searched for these names: too many are words, or people. They only say which city a whole mention means.
"""

from __future__ import annotations

import gzip
import re
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from processors.folding import fold
from processors.names.catalogue import DATA, known_places, words
from processors.names.completion import Name
from processors.names.inflection import russian_noun
from schemas.article import Entity

LARGE_INHABITANTS = 300_000
SURE = 0.9
_PLACED = 0.8
_NAME_LETTERS_MAX = 60
_STEM_LETTERS_MIN = 3
_ENDING_LETTERS_MAX = 3
_CHINESE_NAME_LETTERS_MAX = 3
_LETTERS_MIN = 6
_SURNAME = re.compile(r"(?:[оеё]в|[иы]н|[оеё]ва|[иы]на|ски[йх]|ская|ко|ян|ич)$")
_KOREAN_CITY = re.compile("(?:특별|광역|직할)?시$")


@dataclass
class _Cities:
    """One row a city; `rows` finds it by a folded name, `cyrillic` holds Russian names as written, sorted."""

    ids: array[int] = field(default_factory=lambda: array("L"))
    inhabitants: array[int] = field(default_factory=lambda: array("L"))
    capital: bytearray = field(default_factory=bytearray)
    countries: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    cyrillic: list[str] = field(default_factory=list)
    own: dict[int, Entity] = field(default_factory=dict)


def city(written: str, language: str) -> Entity | None:
    """The city that a whole mention means, in whatever case the language put it; `None` where none is clear.

    The id is that of our own list where it has the city, else `city:geonames-` and the number there.
    """
    row = _row(written, language) if len(written) <= _NAME_LETTERS_MAX else None
    return None if row is None else _entity(row)


def state_of_capital(written: str, language: str) -> str | None:
    """The id of the state whose capital a whole mention names; `None` for any other."""
    found = city(written, language)
    return states_of_capitals().get(found.id) if found else None


@cache
def states_of_capitals() -> Mapping[str, str]:
    """The entity id of each capital, with that of its state."""
    cities = _cities()
    return {
        _entity(row).id: f"state:{cities.countries[row]}"
        for row, capital in enumerate(cities.capital)
        if capital
    }


@cache
def capitals() -> frozenset[str]:
    """The ids of the entities that are capitals of a state."""
    return frozenset(states_of_capitals())


def placed(fields: Sequence[tuple[str, Sequence[Name]]], language: str) -> list[list[Name]]:
    """The names of an article's fields (text, names), places among them with the city they mean.

    A name that a model took for a person, without being sure, is a place where it is a large city's whole
    name, no name that people bear, and no part of a person's full name in the same article.
    """
    people = {
        part
        for content, names in fields
        for name in names
        if name.type == "PER" and len(parts := fold(content[name.start : name.end]).split(" ")) > 1
        for part in parts
    }
    return [
        [_placed(name, content[name.start : name.end], language, people) for name in names]
        for content, names in fields
    ]


def _placed(name: Name, written: str, language: str, people: set[str]) -> Name:
    if name.entity is not None or name.type == "ORG":
        return name
    if name.type == "LOC":
        return replace(name, entity=city(written, language))
    if name.confidence >= SURE or fold(written) in people or not _only_a_city(written, language):
        return name
    return replace(name, type="LOC", confidence=min(name.confidence, _PLACED), entity=city(written, language))


def _only_a_city(written: str, language: str) -> bool:
    row = _row(written, language) if len(written) <= _NAME_LETTERS_MAX else None
    if row is None or _cities().inhabitants[row] < LARGE_INHABITANTS:
        return False
    folded, english = fold(written), fold(_cities().names[row])
    if not _like_people().isdisjoint({folded, english}) or (" " not in written and _SURNAME.search(written)):
        return False
    if folded[:1] in _chinese_family_names():
        return len(folded) > _CHINESE_NAME_LETTERS_MAX
    return folded == english or len(folded) >= _LETTERS_MIN or not ("a" <= folded[:1] <= "z")


@lru_cache(maxsize=20_000)
def _row(written: str, language: str) -> int | None:
    rows = _cities().rows
    plain = " ".join(written.split())
    found = next((rows[form] for form in _forms(fold(plain), language) if form in rows), None)
    return _declined(plain) if found is None and language == "ru" else found


def _forms(folded: str, language: str) -> Iterator[str]:
    """A folded mention as it is, then without what its language joins to a name or leaves off it."""
    yield folded
    match language:
        case "ar":
            yield folded[2:] if folded.startswith("ال") else "ال" + folded
            if folded.startswith("لل"):
                yield from ("ال" + folded[2:], "ا" + folded)
        case "ko":
            yield _KOREAN_CITY.sub("", folded)
        case "zh":
            yield folded.removesuffix("市") if folded.endswith("市") else folded + "市"
        case "tr":
            yield folded.partition("'")[0]
        case "de":
            yield folded.removesuffix("s")


def _declined(written: str) -> int | None:
    """The city that a Russian mention names in another case: of those that begin alike, the first."""
    cities = _cities()
    first = re.split("[ -]", written, maxsplit=1)[0]
    stem = written[: max(_STEM_LETTERS_MIN, len(first) - _ENDING_LETTERS_MAX)]
    for name in cities.cyrillic[bisect_left(cities.cyrillic, stem) :]:
        if not name.startswith(stem):
            return None
        if written in _cases(name):
            return cities.rows[fold(name)]
    return None


def _cases(name: str) -> set[str]:
    """A Russian city's name in its cases: `Ростове-на-Дону`; one in ь may be of either gender."""
    head, river, rest = name.partition("-на-")
    soft = {head[:-1] + ending for ending in ("и", "ью")} if head.endswith("ь") else set()
    return {form + river + rest for form in russian_noun(head) | soft}


def _entity(row: int) -> Entity:
    cities = _cities()
    return cities.own.get(row) or Entity(id=f"city:geonames-{cities.ids[row]}", name=cities.names[row])


@cache
def _cities() -> _Cities:
    cities = _Cities()
    with gzip.open(DATA / "cities.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                _add(cities, line.rstrip("\n").split("\t"))
    cities.cyrillic.sort()
    cities.own = _own(cities)
    return cities


def _own(cities: _Cities) -> dict[int, Entity]:
    """The cities that our own list has too: those that most of its spellings mean."""
    own = {}
    for place, spellings in known_places():
        meant = Counter(row for name in spellings if (row := cities.rows.get(fold(name))) is not None)
        row = meant.most_common(1)[0][0] if meant else None
        if row is not None and (place.id.startswith("city:") or cities.names[row] == place.name):
            own[row] = place
    return own


def _add(cities: _Cities, cells: list[str]) -> None:
    row = len(cities.ids)
    cities.ids.append(int(cells[0]))
    cities.capital.append(int(cells[2]))
    cities.countries.append(sys.intern(cells[1]))
    cities.inhabitants.append(int(cells[3]))
    cities.names.append(cells[4])
    for name in filter(None, cells[5].split(";")):
        if "А" <= name[0] <= "Я" or name[0] == "Ё":
            cities.cyrillic.append(name)
            cities.rows[fold(name)] = row
        else:
            cities.rows[name] = row


@cache
def _chinese_family_names() -> frozenset[str]:
    return frozenset("".join(words("zh", "family")))


@cache
def _like_people() -> frozenset[str]:
    lines = (DATA / "cities_like_people.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name.strip()) for line in lines if line[:1] != "#" for name in line.split(";"))
