"""One sitemap file: an index of others, or pages with what is said of them.

The protocol: https://www.sitemaps.org/protocol.html; `news:` fields:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from producers.feeds.dates import stated_time
from producers.fetching.content_encoding import GZIP_MARK, gunzipped

FILE_BYTES_MAX = 50 * 1024 * 1024
"""Of one file once unpacked, as the protocol has it."""
ENTRIES_MAX = 50_000
ALTERNATES_MAX = 100
ENTRY_ELEMENTS_MAX = 20_000
"""An entry may name a thousand pictures; a file with more between two entries is none of use."""
TEXT_CHARACTERS_MAX = 2_000


@dataclass(frozen=True)
class News:
    """What a news sitemap says of an article. `published_ms` is epoch milliseconds; `published` ISO 8601, a
    day where no more is said.
    """

    outlet: str | None = None
    language: str | None = None
    title: str | None = None
    published_ms: int | None = None
    published: str | None = None


@dataclass(frozen=True)
class Entry:
    """A page, or in an index a sitemap. `modified_ms` is epoch milliseconds, `None` where not said, or said
    in no form of ISO 8601. `alternates` are the same page in other languages: code and address.
    """

    url: str
    modified_ms: int | None = None
    news: News | None = None
    alternates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sitemap:
    """`sitemaps` of an index or `pages` of a file; `cut` where there were more than the protocol allows."""

    sitemaps: tuple[Entry, ...] = ()
    pages: tuple[Entry, ...] = ()
    cut: bool = False


class SitemapError(Exception):
    """No sitemap. `reason` is a constant word: `too_large`, `broken_gzip`, `not_a_sitemap`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The sitemap in a file from `url`: XML or one address a line, gzipped or not.

    No entity is expanded and nothing is loaded; what is broken in the middle counts up to there.
    Raises `SitemapError`.
    """
    body = _unpacked(body)
    if body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or body.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        return _sitemap(list(islice(_entries(body, url), ENTRIES_MAX + 1)))
    lines = body.decode("utf-8-sig", "replace").splitlines()
    pages = [
        ("url", Entry(line.strip())) for line in lines if line.strip().startswith(("http://", "https://"))
    ]
    if not pages:
        raise SitemapError("not_a_sitemap", f"{url} is neither XML nor a list of addresses")
    return _sitemap(pages[: ENTRIES_MAX + 1])


def epoch_ms(text: str | None) -> int | None:
    """Epoch milliseconds of an ISO 8601 time or date; without offset it is UTC. `None` for anything else."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _unpacked(body: bytes) -> bytes:
    if body.startswith(GZIP_MARK):
        try:
            body = gunzipped(body, FILE_BYTES_MAX + 1)
        except (zlib.error, EOFError) as error:
            raise SitemapError("broken_gzip", str(error)) from None
    if len(body) > FILE_BYTES_MAX:
        raise SitemapError("too_large", f"more than {FILE_BYTES_MAX} bytes")
    return body


def _sitemap(entries: list[tuple[str, Entry]]) -> Sitemap:
    kept = entries[:ENTRIES_MAX]
    return Sitemap(
        sitemaps=tuple(entry for kind, entry in kept if kind == "sitemap"),
        pages=tuple(entry for kind, entry in kept if kind == "url"),
        cut=len(entries) > ENTRIES_MAX,
    )


def _entries(body: bytes, base: str) -> Iterator[tuple[str, Entry]]:
    """`url` or `sitemap`, and the entry. Each element is let go when it has been read."""
    parser = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    root = None
    since_entry = 0
    try:
        for event, element in parser:
            since_entry += event == "start"
            if root is None:
                root = _checked_root(element, base)
            elif since_entry > ENTRY_ELEMENTS_MAX:
                return
            elif event == "end" and element.getparent() is root:
                entry = _entry(element, base) if _name(element) in ("url", "sitemap") else None
                root.remove(element)
                if entry is not None:
                    since_entry = 0
                    yield _name(element), entry
    except etree.XMLSyntaxError:
        pass  # beyond recovery from here on
    if root is None:
        raise SitemapError("not_a_sitemap", f"{base} has no element")


def _checked_root(element: etree._Element, base: str) -> etree._Element:
    if _name(element) not in ("urlset", "sitemapindex"):
        raise SitemapError("not_a_sitemap", f"{base} begins with <{_name(element)[:40]}>")
    return element


def _entry(element: etree._Element, base: str) -> Entry | None:
    told = {_name(child): child for child in reversed(element) if _name(child)}
    url = _address(_text(told.get("loc")), base)
    if url is None:
        return None
    return Entry(
        url=url,
        modified_ms=epoch_ms(_text(told.get("lastmod"))),
        news=_news(told["news"]) if "news" in told else None,
        alternates=tuple(islice(_alternates(element, base), ALTERNATES_MAX)),
    )


def _news(element: etree._Element) -> News:
    parts = [part for child in reversed(element) for part in (child, *reversed(child))]
    told = {_name(part): _text(part) for part in parts if _name(part)}
    return News(
        outlet=told.get("name"),
        language=told.get("language"),
        title=told.get("title"),
        published_ms=epoch_ms(told.get("publication_date")),
        published=stated_time(told.get("publication_date")),
    )


def _alternates(element: etree._Element, base: str) -> Iterator[tuple[str, str]]:
    for child in element:
        if _name(child) == "link" and child.get("rel") == "alternate" and child.get("hreflang"):
            url = _address(child.get("href"), base)
            if url is not None:
                yield child.get("hreflang", ""), url


def _address(text: str | None, base: str) -> str | None:
    try:
        url = urljoin(base, (text or "").strip())
    except ValueError:
        return None
    return (
        url if text and url.startswith(("http://", "https://")) and len(url) <= TEXT_CHARACTERS_MAX else None
    )


def _text(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    return "".join(map(str, element.itertext())).strip()[:TEXT_CHARACTERS_MAX] or None


def _name(element: etree._Element) -> str:
    """Without namespace, which many sitemaps declare wrongly or not at all."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
