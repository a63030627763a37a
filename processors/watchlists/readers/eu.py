"""The EU's consolidated list of financial sanctions: a root `export`, entries `sanctionEntity`.

Source: the Commission's Financial Sanctions Files, "Consolidated Financial Sanctions File 1.1" (XML).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from processors.watchlists.draft import Draft
from processors.watchlists.readers.xml import children, elements, place

ROOT = "export"
_COUNTRIES = ("citizenship", "address")


def read(path: Path) -> Iterator[Draft]:
    """Each `sanctionEntity`. Raises `ListError` where the file is no such list."""
    for entity in elements(path, ROOT, {"sanctionEntity"}):
        yield _draft(entity)


def _draft(entity: etree._Element) -> Draft:
    names: dict[bool, list[str]] = {False: [], True: []}
    for alias in children(entity, "nameAlias"):
        names[alias.get("strong") == "false"].append(_name(alias))
    strong = [name for name in names[False] if name]
    weak = [name for name in names[True] if name]
    primary = (strong or weak or [""])[0]
    return Draft(
        place=place(entity),
        entry_id=entity.get("euReferenceNumber") or entity.get("logicalId") or "",
        kind=next((one.get("code", "") for one in children(entity, "subjectType")), ""),
        name=primary,
        aliases=strong[1:],
        weak_aliases=[name for name in weak if name != primary],
        countries=[
            one.get("countryIso2Code") or one.get("countryDescription") or ""
            for where in _COUNTRIES
            for one in children(entity, where)
        ],
        birth_dates=[date for born in children(entity, "birthdate") if (date := _birth(born))],
        programmes=[
            programme for one in children(entity, "regulation") if (programme := one.get("programme"))
        ],
        imo=next((number for one in children(entity, "identification") if (number := _imo(one))), ""),
        listed_on=entity.get("designationDate") or "",
    )


def _name(alias: etree._Element) -> str:
    parts = (alias.get(part) for part in ("firstName", "middleName", "lastName"))
    return alias.get("wholeName") or " ".join(part for part in parts if part)


def _birth(born: etree._Element) -> str:
    first, last = born.get("yearRangeFrom"), born.get("yearRangeTo")
    return born.get("birthdate") or born.get("year") or (f"{first} to {last}" if first and last else "")


def _imo(identification: etree._Element) -> str:
    kind = identification.get("identificationTypeCode", "").lower()
    return identification.get("number", "") if kind == "imo" else ""
