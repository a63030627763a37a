"""OFAC's `sdn.csv`, with the other names of `alt.csv` and the addresses of `add.csv` beside it.

The files have no header. A weak a.k.a. and dates of birth stand in the remarks, as sentences.

Source: the Sanctions List Service of the US Treasury, "SDN data formats": `-0-` stands for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from processors.watchlists.draft import Draft
from processors.watchlists.faults import Fault
from processors.watchlists.readers.rows import rows

COLUMNS = 12
_NUMBER, _NAME, _TYPE, _PROGRAMME, _FLAG, _REMARKS = 0, 1, 2, 3, 9, 11
_ALIAS_NAME, _COUNTRY = 3, 4
_NOTHING = "-0-"
_WEAK = re.compile(r"a\.k\.a\. (?:'([^']+)'|\"([^\"]+)\")")
_BORN = re.compile(r"(?:alt\. )?DOB ([^;.]+)")
_COUNTRY_SAID = re.compile(r"(?:nationality|citizen|flag) ([^;.]+)")
_IMO = re.compile(r"IMO (\d{7})")


def read(path: Path) -> Iterator[Draft | Fault]:
    """Each row of `sdn.csv`. Faults of the files beside it are told first."""
    aliases, faults = _beside(path, "alt", _ALIAS_NAME)
    yield from faults
    countries, faults = _beside(path, "add", _COUNTRY)
    yield from faults
    for row in rows(path):
        if isinstance(row, Fault):
            yield row
        elif len(row.cells) >= COLUMNS:
            yield _draft(row.place, [_value(cell) for cell in row.cells], aliases, countries)
        elif row.cells != ["\x1a"]:  # the last line, an end of file of old
            yield Fault(row.place, "", f"it has {len(row.cells)} columns, not {COLUMNS}: is a quote missing?")


def _beside(path: Path, name: str, column: int) -> tuple[dict[str, list[str]], list[Fault]]:
    """One column of `alt.csv` or `add.csv` (or `SDN_ALT.CSV`), by the number of the entry."""
    found: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for sibling in sorted(path.parent.iterdir()):
        if sibling.name.lower() not in {f"{name}.csv", f"sdn_{name}.csv"} or sibling == path:
            continue
        for row in rows(sibling):
            if isinstance(row, Fault):
                faults.append(Fault(f"{sibling.name} {row.place}", row.entry, row.what))
            elif len(row.cells) > column and (value := _value(row.cells[column])):
                found.setdefault(row.cells[_NUMBER].strip(), []).append(value)
    return found, faults


def _draft(
    place: str, cells: list[str], aliases: dict[str, list[str]], countries: dict[str, list[str]]
) -> Draft:
    number, remarks = cells[_NUMBER], cells[_REMARKS]
    kind = cells[_TYPE] or "entity"
    person = kind.lower() == "individual"
    return Draft(
        place=place,
        entry_id=number,
        kind=kind,
        name=_straight(cells[_NAME], person=person),
        aliases=[_straight(alias, person=person) for alias in aliases.get(number, [])],
        weak_aliases=[_straight(one or other, person=person) for one, other in _WEAK.findall(remarks)],
        countries=[
            *(country.strip() for country in _COUNTRY_SAID.findall(remarks)),
            *([cells[_FLAG]] if cells[_FLAG] else []),
            *countries.get(number, []),
        ],
        birth_dates=[date.strip() for date in _BORN.findall(remarks)],
        programmes=[part.strip(" []") for part in cells[_PROGRAMME].split("] [")],
        imo=match[1] if (match := _IMO.search(remarks)) else "",
    )


def _value(cell: str) -> str:
    value = cell.strip()
    return "" if value == _NOTHING else value


def _straight(name: str, *, person: bool) -> str:
    """`Ivan Sergeevich PETROV` for `PETROV, Ivan Sergeevich`."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if person and comma else name
