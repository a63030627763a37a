"""OFAC's SDN list and consolidated list, `sdn.xml` and `consolidated.xml`: a root `sdnList`.

Source: the Sanctions List Service of the US Treasury, "SDN.XML" and its schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from processors.watchlists.draft import Draft
from processors.watchlists.readers.xml import children, elements, place, text, texts

ROOT = "sdnList"
_COUNTRIES = (
    "nationalityList/nationality/country",
    "citizenshipList/citizenship/country",
    "addressList/address/country",
    "vesselInfo/vesselFlag",
)


def read(path: Path) -> Iterator[Draft]:
    """Each `sdnEntry`. Raises `ListError` where the file is no such list."""
    for entry in elements(path, ROOT, {"sdnEntry"}):
        yield _draft(entry)


def _draft(entry: etree._Element) -> Draft:
    aliases: dict[bool, list[str]] = {False: [], True: []}
    for alias in children(entry, "akaList/aka"):
        aliases[text(alias, "category").lower() == "weak"].append(_name(alias))
    numbers = {text(one, "idType"): text(one, "idNumber") for one in children(entry, "idList/id")}
    return Draft(
        place=place(entry),
        entry_id=text(entry, "uid"),
        kind=text(entry, "sdnType"),
        name=_name(entry),
        aliases=aliases[False],
        weak_aliases=aliases[True],
        countries=[country for where in _COUNTRIES for country in texts(entry, where)],
        birth_dates=texts(entry, "dateOfBirthList/dateOfBirthItem/dateOfBirth"),
        programmes=texts(entry, "programList/program"),
        imo=numbers.get("Vessel Registration Identification", ""),
    )


def _name(element: etree._Element) -> str:
    return f"{text(element, 'firstName')} {text(element, 'lastName')}".strip()
