"""The UN Security Council's consolidated list: a root `CONSOLIDATED_LIST`.

Source: the Council's "Consolidated List" in XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from processors.watchlists.draft import Draft
from processors.watchlists.readers.xml import children, elements, local_name, place, text, texts

ROOT = "CONSOLIDATED_LIST"
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read(path: Path) -> Iterator[Draft]:
    """Each `INDIVIDUAL` and `ENTITY`. Raises `ListError` where the file is no such list."""
    for element in elements(path, ROOT, {"INDIVIDUAL", "ENTITY"}):
        yield _draft(element)


def _draft(element: etree._Element) -> Draft:
    sort = local_name(element)
    aliases: dict[bool, list[str]] = {False: [], True: []}
    for alias in children(element, f"{sort}_ALIAS"):
        aliases[text(alias, "QUALITY").lower() == "low"].append(text(alias, "ALIAS_NAME"))
    return Draft(
        place=place(element),
        entry_id=text(element, "REFERENCE_NUMBER") or text(element, "DATAID"),
        kind=sort,
        name=" ".join(part for name in _PARTS if (part := text(element, name))),
        aliases=[*texts(element, "NAME_ORIGINAL_SCRIPT"), *aliases[False]],
        weak_aliases=aliases[True],
        countries=[*texts(element, "NATIONALITY/VALUE"), *texts(element, f"{sort}_ADDRESS/COUNTRY")],
        birth_dates=[
            date for born in children(element, "INDIVIDUAL_DATE_OF_BIRTH") if (date := _birth(born))
        ],
        programmes=texts(element, "UN_LIST_TYPE"),
        listed_on=text(element, "LISTED_ON"),
    )


def _birth(born: etree._Element) -> str:
    first, last = text(born, "FROM_YEAR"), text(born, "TO_YEAR")
    between = f"{first} to {last}" if first and last else first or last
    return text(born, "DATE") or text(born, "YEAR") or between
