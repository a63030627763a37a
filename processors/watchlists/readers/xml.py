"""XML lists, one element at a time: no entity is resolved, nothing is fetched, memory stays bounded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from processors.watchlists.faults import ListError, shown

ELEMENTS_MAX = 20_000
"""Of one entry. The largest of real lists has some thousand."""


def elements(path: Path, root: str, wanted: Collection[str]) -> Iterator[etree._Element]:
    """Each element whose local name is `wanted`, whole, in order; it is emptied when the next is asked for.

    Wanted elements don't nest. Raises `ListError`: another root, a document type (no list has one, and it
    can blow up or fetch), markup that is broken or cut off, or an element of more than `ELEMENTS_MAX`
    others.
    """
    inside: etree._Element | None = None
    held = 0
    try:
        with path.open("rb") as file:
            for event, element in _events(file):
                if element.getparent() is None:
                    _check_root(element, root)
                    continue
                if event == "start":
                    if inside is None and local_name(element) in wanted:
                        inside, held = element, 0
                    held += 1
                    if inside is not None and held > ELEMENTS_MAX:
                        raise ListError(
                            f"line {inside.sourceline}: one {local_name(inside)} holds more than "
                            f"{ELEMENTS_MAX} elements, which no list does: look at the file"
                        )
                elif element is inside:
                    yield element
                    inside = None
                    _forget(element)
                elif inside is None:
                    _forget(element)
    except etree.XMLSyntaxError as error:
        raise ListError(_told(error)) from None


def root_name(path: Path) -> str:
    """The local name of the file's root. Raises `ListError` where it has none."""
    try:
        with path.open("rb") as file:
            for _, element in _events(file):
                return local_name(element)
    except etree.XMLSyntaxError as error:
        raise ListError(_told(error)) from None
    raise ListError("it holds no XML element")


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; with its prefix, where that stands for none."""
    return str(element.tag).rpartition("}")[2]


def text(element: etree._Element, path: str) -> str:
    """The text at `path` (local names, `/` between them), or nothing."""
    found = element.find(_anywhere(path))
    return (found.text or "").strip() if found is not None else ""


def texts(element: etree._Element, path: str) -> list[str]:
    """Every text at `path` that is not empty."""
    found = ((one.text or "").strip() for one in element.iterfind(_anywhere(path)))
    return [one for one in found if one]


def children(element: etree._Element, path: str) -> Iterable[etree._Element]:
    """Every element at `path`."""
    return element.iterfind(_anywhere(path))


def place(element: etree._Element) -> str:
    """Where the element stands."""
    return f"line {element.sourceline}"


def _anywhere(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _told(error: etree.XMLSyntaxError) -> str:
    if "XML_PARSE_HUGE" in error.msg:
        return (
            f"line {error.lineno}: a text too long or elements nested too deep for any list: look at the file"
        )
    return f"line {error.lineno}: it is no whole XML file ({error.msg}): download it again"


def _events(file: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    return iter(
        etree.iterparse(
            file,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            huge_tree=False,
            recover=False,
            remove_comments=True,
            remove_pis=True,
        )
    )


def _check_root(element: etree._Element, root: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise ListError(
            "it declares a document type (<!DOCTYPE …>), which no list needs and which may be an attack: "
            "look at where it comes from"
        )
    name = local_name(element)
    if name != root:
        raise ListError(
            f"its root is <{shown(name)}>, not <{root}>: is it another list, or a page of errors?"
        )


def _forget(element: etree._Element) -> None:
    """Empty an element that has been read, and drop those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
