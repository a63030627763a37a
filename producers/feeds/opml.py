"""Lists of feeds as every feed reader imports and exports them (OPML 2.0, http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from producers.feeds.feed import FeedError
from producers.feeds.markup import parse_strictly
from producers.feeds.words import address, clean
from producers.feeds.xml_text import opml_text, repaired

Category = tuple[str, ...]
"""The way to a folder: `("World", "Asia")`."""


@dataclass(frozen=True)
class Subscription:
    """One feed of a list, and the folders it lies in."""

    url: str
    title: str = ""
    home_url: str | None = None
    categories: tuple[Category, ...] = ()


def read_opml(body: bytes) -> list[Subscription]:
    """The feeds of a list, in its order, each once: one that lies in two folders has two categories.

    An outline without a usable `xmlUrl` is a folder, or nothing. Raises `FeedError`.
    """
    text = opml_text(body)
    try:
        root = parse_strictly(text, "")
    except etree.XMLSyntaxError:
        root = _parse_repaired(text)
    found: dict[str, Subscription] = {}
    for one in _outlines(root, ()):
        known = found.get(one.url)
        categories = tuple(dict.fromkeys((*(known.categories if known else ()), *one.categories)))
        first = known or one
        found[one.url] = Subscription(first.url, first.title, first.home_url, categories)
    return list(found.values())


def write_opml(subscriptions: Iterable[Subscription], title: str = "Wirewatch") -> bytes:
    """The list as OPML, which `read_opml` reads back as it was. A feed in two folders is in both."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean(title)
    body = etree.SubElement(root, "body")
    folders: dict[Category, etree._Element] = {(): body}
    for one in subscriptions:
        for category in one.categories or ((),):
            etree.SubElement(_folder(folders, category), "outline", _attributes(one))
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _parse_repaired(text: str) -> etree._Element:
    try:
        return parse_strictly(repaired(text), "")
    except etree.XMLSyntaxError as error:
        raise FeedError("broken", f"it is no well-formed XML: {error}") from None


def _outlines(element: etree._Element, path: Category) -> Iterator[Subscription]:
    for child in element:
        name = str(child.tag).rpartition("}")[2].lower()
        if name in ("body", "opml"):
            yield from _outlines(child, path)
        if name != "outline":
            continue
        told = {str(key).lower(): clean(value) for key, value in child.attrib.items()}
        title = told.get("title") or told.get("text") or ""
        url = feed_address(told.get("xmlurl", ""))
        if url:
            home = address(told.get("htmlurl"), url)
            categories = (path,) if path else _stated(told.get("category", ""))
            yield Subscription(url, "" if title == url else title, home, categories)
        else:
            yield from _outlines(child, (*path, title) if title else path)


def feed_address(url: str) -> str | None:
    """An http(s) address, also where it was written `feed://…` or `feed:https://…`; else `None`."""
    told = url.strip()
    if told.lower().startswith("feed:"):
        rest = told[5:]
        told = f"http:{rest}" if rest.startswith("//") else rest
    return address(told, "")


def _stated(attribute: str) -> tuple[Category, ...]:
    """Of `category="/World/Asia,/Law"`."""
    paths = (tuple(filter(None, (part.strip() for part in path.split("/")))) for path in attribute.split(","))
    return tuple(path for path in paths if path)


def _folder(folders: dict[Category, etree._Element], path: Category) -> etree._Element:
    if path not in folders:
        parent = _folder(folders, path[:-1])
        folders[path] = etree.SubElement(parent, "outline", {"text": path[-1], "title": path[-1]})
    return folders[path]


def _attributes(one: Subscription) -> dict[str, str]:
    told = {"type": "rss", "text": one.title or one.url, "title": one.title or one.url, "xmlUrl": one.url}
    return told | ({"htmlUrl": one.home_url} if one.home_url else {})
