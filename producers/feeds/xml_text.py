"""From a feed's bytes to XML that a strict parser takes, as far as small repairs reach."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email.message import Message
from html.entities import html5

from producers.decoding import declared_encoding, decode_text
from producers.feeds.feed import FeedError
from producers.unreadable import ReadError

HEAD_CHARACTERS = 8192
_START = re.compile(r"<(?:\?xml\s|rss[\s>]|feed[\s>]|rdf:RDF[\s>]|channel[\s>]|\w+:feed[\s>])", re.IGNORECASE)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|channel|\w+:feed)[\s>]", re.IGNORECASE)
_OPML_START = re.compile(r"<(?:\?xml\s|opml[\s>])", re.IGNORECASE)
_OPML_ROOT = re.compile(r"<opml[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>\s*", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OPENING = re.compile(r"<!\[CDATA\[|<!--")
_AMPERSAND = re.compile(r"&(#\d{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)?", re.IGNORECASE)


def feed_text(body: bytes, content_type: str = "") -> str:
    """The characters of a feed as `document_text` gives them. Raises `FeedError`."""
    return document_text(body, content_type, _START, _ROOT)


def opml_text(body: bytes) -> str:
    """The characters of a list of feeds as `document_text` gives them. Raises `FeedError`."""
    return document_text(body, "", _OPML_START, _OPML_ROOT)


def document_text(body: bytes, content_type: str, start: re.Pattern[str], root: re.Pattern[str]) -> str:
    """The characters from the first tag on, without declaration, DOCTYPE and what XML forbids.

    A byte-order mark decides the encoding, then UTF-8 if it can be, then what the document declares, then
    what the header does; a few broken bytes cost their own characters and not the feed. Entities that a
    DOCTYPE defines go with it, so none is ever expanded. Raises `FeedError` (`empty`, `not_a_feed`) where
    neither is in its beginning.
    """
    if not body.strip():
        raise FeedError("empty", "there is nothing in it")
    text = _NOT_XML.sub("", _decode(body, content_type))
    found = start.search(text, 0, HEAD_CHARACTERS)
    text = text[found.start() if found else 0 :]
    declaration = _DECLARATION.match(text)
    text = _without_doctype(text[declaration.end() if declaration else 0 :])
    if found is None or root.search(text, 0, HEAD_CHARACTERS) is None:
        raise FeedError("not_a_feed", f"it begins with {text.strip()[:60]!a}")
    return text


def looks_like_page(text: str) -> bool:
    """Whether it is an HTML page, by its beginning."""
    return _PAGE.search(text, 0, HEAD_CHARACTERS) is not None


def repaired(text: str) -> str:
    """The same with HTML's entities as characters and every other stray ampersand escaped, outside CDATA
    and comments: what most broken feeds need.
    """
    return "".join(
        part if part.startswith(("<![CDATA[", "<!--")) else _AMPERSAND.sub(_reference, part)
        for part in _parts(text)
    )


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        return found[0] if _NOT_XML.sub("", html.unescape(found[0])) else ""
    character = html5.get(name)
    if character is None:
        return f"&amp;{name}"
    return html.escape(character) if character in "&<>\"'" else character


def _parts(text: str) -> Iterator[str]:
    """CDATA sections and comments, and what lies between them. Linear however many are left open."""
    place = 0
    while opening := _OPENING.search(text, place):
        yield text[place : opening.start()]
        closing = "]]>" if opening[0] == "<![CDATA[" else "-->"
        end = text.find(closing, opening.end())
        place = len(text) if end < 0 else end + len(closing)
        yield text[opening.start() : place]
    yield text[place:]


def _without_doctype(text: str) -> str:
    start = text[:HEAD_CHARACTERS].upper().find("<!DOCTYPE")
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end:
        closing = _SUBSET_END.search(text, subset)
        return text if closing is None else text[:start] + text[closing.end() :]
    return text if end < 0 else text[:start] + text[end + 1 :]


def _decode(body: bytes, content_type: str) -> str:
    try:
        return decode_text(body.lstrip(b" \t\r\n"), html=True)
    except ReadError:
        charset = _charset(content_type)
    if charset is not None:
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            pass
    return body.decode("utf-8", "replace")


def _charset(content_type: str) -> str | None:
    message = Message()
    message["content-type"] = content_type or "application/xml"
    name = message.get_content_charset() or ""
    return declared_encoding(f'<meta charset="{name}">'.encode("ascii", "replace"))
