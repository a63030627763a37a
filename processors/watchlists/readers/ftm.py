"""FollowTheMoney entities, one JSON object a line, as OpenSanctions' `entities.ftm.json` has them.

A listing (its programme and date) is an entity of its own that points to whom it is about, wherever in the
file: so the file is read twice, the first time for the listings alone. Nested ones (`targets.nested.json`)
are read where they stand.

Source: https://followthemoney.tech, the schemata and their properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from processors.watchlists.draft import Draft
from processors.watchlists.faults import Fault
from processors.watchlists.readers.lines import lines

_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "LegalEntity": "organisation",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
_WIKIDATA_DIGITS_MAX = 12


class _Entity(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[Any]] = {}
    caption: str = ""
    target: bool | None = None


_Listings = dict[str, list[dict[str, list[Any]]]]
_decoder = msgspec.json.Decoder(_Entity)


def read(path: Path) -> Iterator[Draft | Fault]:
    """Persons, organisations, vessels and aircraft that are a target; other schemata are passed over."""
    listings = _listings(path)
    for line in lines(path):
        if isinstance(line, Fault):
            yield line
            continue
        number, data = line
        try:
            entity = _decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Fault(f"line {number}", "", f"it is no FollowTheMoney entity: {error}")
            continue
        if entity.schema in _KINDS and entity.target is not False:
            yield _draft(entity, f"line {number}", listings.pop(entity.id, []))


def _listings(path: Path) -> _Listings:
    """The properties of each listing, by the id of whom it is about."""
    found: _Listings = {}
    for line in lines(path):
        if isinstance(line, Fault) or b'"Sanction"' not in line[1]:
            continue
        try:
            entity = _decoder.decode(line[1])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # told where it is read as an entity
        if entity.schema == "Sanction":
            kept = {name: entity.properties.get(name, []) for name in ("program", "programId", *_DATES)}
            for about in _strings(entity.properties, "entity"):
                found.setdefault(about, []).append(kept)
    return found


_DATES = ("listingDate", "startDate")


def _draft(entity: _Entity, where: str, listings: list[dict[str, list[Any]]]) -> Draft:
    properties = entity.properties
    nested = [one.get("properties", {}) for one in properties.get("sanctions", []) if isinstance(one, dict)]
    sources = [properties, *listings, *nested]
    names = _strings(properties, "name")
    name = entity.caption or next(iter(names), "")
    dates = sorted(date for source in sources for key in _DATES for date in _strings(source, key))
    return Draft(
        place=where,
        entry_id=entity.id,
        kind=_KINDS[entity.schema],
        name=name,
        aliases=[*names, *_strings(properties, "alias"), *_strings(properties, "previousName")],
        weak_aliases=_strings(properties, "weakAlias"),
        countries=[country for key in _COUNTRIES for country in _strings(properties, key)],
        birth_dates=_strings(properties, "birthDate"),
        programmes=[
            programme
            for source in sources
            for programme in _strings(source, "programId") or _strings(source, "program")
        ],
        wikidata=next(iter(_strings(properties, "wikidataId")), _as_wikidata(entity.id)),
        imo=next(iter(_strings(properties, "imoNumber")), ""),
        listed_on=next(iter(dates), ""),
        topics=_strings(properties, "topics"),
    )


def _strings(properties: dict[str, list[Any]], key: str) -> list[str]:
    found = properties.get(key, [])
    return [value for value in found if isinstance(value, str)]


def _as_wikidata(entity_id: str) -> str:
    """OpenSanctions names an entity by its Wikidata id where it has one."""
    digits = entity_id[1:]
    is_one = entity_id.startswith("Q") and digits.isascii() and digits.isdigit()
    return entity_id if is_one and len(digits) <= _WIKIDATA_DIGITS_MAX else ""
