"""RSS 0.9x to 2.0, RDF and Atom, from well-formed XML.

Names are compared without namespace and case, as feeds mix both; an element's text, address or date is
the first of its names that is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from html import escape

from lxml import etree

from producers.feeds.dates import stated_time
from producers.feeds.feed import Feed, Item, Pace
from producers.feeds.words import (
    address,
    as_html,
    author,
    clean,
    language,
    plain,
    unwrapped,
    update_seconds,
    whole_number,
)

ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
XML = "{http://www.w3.org/XML/1998/namespace}"
BASE = f"{XML}base"
ITEMS_MAX = 50_000
BASE_CHARACTERS_MAX = 500
BASES_NESTED_MAX = 5
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FOREIGN = ("media", "itunes", "mrss", "georss", "podcast", "googleplay")

_XHTML = re.compile(r"xhtml", re.IGNORECASE)


@dataclass(frozen=True)
class _Child:
    element: etree._Element
    name: str
    is_atom: bool


def parse_strictly(text: str, url: str) -> etree._Element:
    """The tree. Raises `lxml.etree.XMLSyntaxError`, also for what would fill the memory.

    libxml2 puts an element's base address together from those around it, anew each time it is asked: only
    the outermost `BASES_NESTED_MAX` count, and none of more than `BASE_CHARACTERS_MAX`.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=url)
    if "xml:base" in text:
        _bound_bases(root)
    return root


def _bound_bases(root: etree._Element) -> None:
    inside = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        base = element.get(BASE)
        if base is None:
            continue
        if event == "end":
            inside -= 1
        elif len(base) > BASE_CHARACTERS_MAX or inside == BASES_NESTED_MAX:
            del element.attrib[BASE]
        else:
            inside += 1


def feed_of(root: etree._Element, url: str) -> Feed:
    """The feed in a tree, read at `url`, with at most `ITEMS_MAX` items."""
    channel = _channel(root)
    children = list(_children(channel))
    home = _home(children, url)
    tongue = _language(children, channel) or language(root.get(f"{XML}lang"))
    base = home or url
    items = [_item(element, base, url, tongue) for element in _item_elements(root)]
    return Feed(
        form=_form(root),
        title=plain(_text(children, "title")),
        home_url=home,
        language=tongue,
        self_url=next(iter(_links(children, "self", url)), None),
        hubs=tuple(_links(children, "hub", url)),
        pace=_pace(children),
        items=tuple(item for item in items if item is not None),
    )


def _channel(root: etree._Element) -> etree._Element:
    for element in root:
        if _name(element) == "channel":
            return element
    return root


def _form(root: etree._Element) -> str:
    name = _name(root)
    version = clean(root.get("version"))
    return {"rss": f"RSS {version}".strip(), "rdf": "RSS 1.0", "feed": "Atom"}.get(name, "RSS")


def _item_elements(root: etree._Element) -> Iterator[etree._Element]:
    """Wherever they stand: in the channel, beside it (RSS 0.90, 1.0), or in a wrapper."""
    count = 0
    for element in root.iter():
        if _name(element) in ("item", "entry"):
            yield element
            count += 1
            if count == ITEMS_MAX:
                return


def _item(element: etree._Element, base: str, url: str, tongue: str | None) -> Item | None:
    children = list(_children(element))
    place = element.base if element.base and element.base != url else base
    link = _item_link(children, element, place)
    title = plain(_text(children, "title"))
    summary, content = (
        _markup(children, "summary", "description"),
        _markup(children, "encoded", "content", "body"),
    )
    if not (link or title or summary or content):
        return None
    return Item(
        id=_text(children, "guid", "id", "identifier")
        or _about(element)
        or link
        or _digest(title, summary, content),
        url=link,
        title=title,
        summary=summary,
        content=content,
        published=_date(children, "pubdate", "published", "issued", "date", "created"),
        updated=_date(children, "updated", "modified", "lastbuilddate"),
        language=_language(children, element) or tongue,
        authors=tuple(dict.fromkeys(_authors(children))),
    )


def _children(element: etree._Element) -> Iterator[_Child]:
    """Direct children, but those of vocabularies whose titles and descriptions are about pictures."""
    for child in element:
        if not isinstance(child.tag, str) or (child.prefix or "").lower() in FOREIGN:
            continue
        yield _Child(child, _name(child), _is_atom(child))


def _is_atom(element: etree._Element) -> bool:
    return etree.QName(element).namespace in ATOM if isinstance(element.tag, str) else False


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _text(children: list[_Child], *names: str) -> str:
    for name in names:
        for child in children:
            if child.name == name and (text := clean(_words(child.element))):
                return text
    return ""


def _words(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _markup(children: list[_Child], *names: str) -> str:
    """The first that has any, as HTML. Content that lies elsewhere or is no text counts as none."""
    for name in names:
        for child in children:
            if child.name == name and not child.element.get("src") and (text := _inner(child)):
                return text
    return ""


def _inner(child: _Child) -> str:
    kind = clean(child.element.get("type")) or ("text" if child.is_atom else "html")
    if "/" in kind and not re.match(r"text/|application/xhtml", kind, re.IGNORECASE):
        return ""
    if len(child.element):  # markup that was not escaped
        return _serialised(child.element, within_div=bool(_XHTML.search(kind)))
    text = clean(child.element.text or "")
    return as_html(text) if child.is_atom and kind in ("text", "text/plain") else unwrapped(text)


def _serialised(element: etree._Element, *, within_div: bool) -> str:
    holder = element[0] if within_div and len(element) == 1 and _name(element[0]) == "div" else element
    parts = [
        etree.tostring(_without_namespaces(child), encoding="unicode", method="html") for child in holder
    ]
    return clean(escape(holder.text or "", quote=False) + "".join(parts))


def _without_namespaces(element: etree._Element) -> etree._Element:
    """A copy, as HTML has it."""
    copied = deepcopy(element)
    for each in copied.iter(etree.Element):
        each.tag = etree.QName(each).localname
    etree.cleanup_namespaces(copied)
    return copied


def _date(children: list[_Child], *names: str) -> str | None:
    for name in names:
        for child in children:
            if child.name == name and (stated := stated_time(child.element.text)):
                return stated
    return None


def _authors(children: list[_Child]) -> Iterator[str]:
    for child in children:
        if child.name in ("author", "creator", "contributor"):
            inner = list(_children(child.element))
            name = author(_text(inner, "name") if inner else clean(child.element.text or ""))
            if name and child.name != "contributor":
                yield name


def _home(children: list[_Child], url: str) -> str | None:
    for child in children:
        if child.name == "link" and not child.is_atom and (found := address(child.element.text, url)):
            return found
    return next(iter(_links(children, "alternate", url)), None)


def _item_link(children: list[_Child], element: etree._Element, base: str) -> str | None:
    """The page of an item: the publisher's own address before a counting service's, a link before an id."""
    told = [child.element.text for child in children if child.name == "origlink"]
    told += [
        child.element.text for child in children if child.name == "link" and not child.element.get("href")
    ]
    for text in told:
        if found := address(text, base):
            return found
    if alternates := _links(children, "alternate", base):
        return alternates[0]
    for child in children:
        if child.name in ("guid", "id") and clean(child.element.get("isPermaLink")).lower() != "false":
            text = clean(child.element.text or "")
            if text.startswith(("http://", "https://")):
                return address(text, base)
    return address(_about(element), base)


def _links(children: list[_Child], rel: str, base: str) -> list[str]:
    """Addresses of `<link href>` with this `rel`; a page before other types."""
    found = []
    for child in children:
        if (
            child.name != "link"
            or rel not in (clean(child.element.get("rel")) or "alternate").lower().split()
        ):
            continue
        if target := address(child.element.get("href"), child.element.base or base):
            found.append(("html" not in (child.element.get("type") or "html"), target))
    return [target for _, target in sorted(found, key=lambda one: one[0])]


def _language(children: list[_Child], element: etree._Element) -> str | None:
    return language(element.get(f"{XML}lang")) or language(_text(children, "language"))


def _about(element: etree._Element) -> str | None:
    return next((clean(value) for key, value in element.attrib.items() if str(key).endswith("}about")), None)


def _pace(children: list[_Child]) -> Pace:
    minutes = whole_number(_text(children, "ttl"))
    hours = [whole_number(text) for text in _within(children, "skiphours")]
    days = [text.lower() for text in _within(children, "skipdays")]
    return Pace(
        ttl_seconds=minutes * 60 if minutes else None,
        update_seconds=update_seconds(_text(children, "updateperiod"), _text(children, "updatefrequency")),
        skip_hours=frozenset(hour % 24 for hour in hours if hour is not None and hour <= 24),
        skip_days=frozenset(DAYS.index(day) for day in days if day in DAYS),
    )


def _within(children: list[_Child], name: str) -> list[str]:
    return [clean(_words(one)) for child in children if child.name == name for one in child.element]


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
