"""Which address a page says is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from producers.fetching.domains import registered_domain
from schemas.identity import canonical_url
from schemas.markup import without_long_tags

HEAD_CHARACTERS_MAX = 300_000
AMP_CACHE = re.compile(r"https?://[^/]+\.cdn\.ampproject\.org/[acv]/(s/)?(.+)", re.IGNORECASE)
_BODY = re.compile("<body", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]*)>\s*;([^,<>]*)")
_REL = re.compile(r"rel\s*=\s*\"?([^\";]*)", re.IGNORECASE)
_CANONICAL = re.compile(r"\bcanonical\b", re.IGNORECASE)


def own_address(page: str, url: str, link_header: str = "") -> str:
    """The address that the page at `url` is to be known by: `rel=canonical` of its head or its `Link`
    header, else `og:url`, else `url`.

    Believed only within the registered domain, and where it names a page: many sites give every article
    the address of their front page. An AMP page names its article so; one from Google's cache is known
    by the address it is a copy of. Two different claims of one kind count as none.
    """
    url = _uncached(url)
    for claims in _claims(page, url, link_header):
        believable = {canonical_url(claim): claim for claim in reversed(claims) if _is_believable(claim, url)}
        if len(believable) == 1:
            return next(iter(believable.values()))
    return url


def _claims(page: str, url: str, link_header: str) -> Iterator[list[str]]:
    """Claims by kind, the most trusted kind first, as absolute addresses."""
    yield [
        _joined(url, link)
        for link, parameters in _LINK.findall(link_header)
        if any(_CANONICAL.search(rel) for rel in _REL.findall(parameters))
    ]
    tree = _tree(page)
    if tree is None:
        return
    yield [
        _joined(url, link.get("href", ""))
        for link in tree.iter("link")
        if "canonical" in link.get("rel", "").lower().split() and link.get("href", "").strip()
    ]
    yield [
        _joined(url, meta.get("content", ""))
        for meta in tree.iter("meta")
        if "og:url" in (meta.get("property", "").lower(), meta.get("name", "").lower())
        and meta.get("content", "").strip()
    ]


def _tree(page: str) -> html.HtmlElement | None:
    """What the head holds, parsed; scripts and articles can be large, and claims in a body don't count."""
    head = page[:HEAD_CHARACTERS_MAX]
    head = without_long_tags(_BODY.split(head, maxsplit=1)[0])
    try:
        return html.document_fromstring(head.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return None


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _is_believable(claim: str, url: str) -> bool:
    if canonical_url(claim) is None or len(claim) > len(url) + 1000:
        return False
    host, claimed = urlsplit(url).hostname, urlsplit(claim).hostname
    if not host or not claimed or registered_domain(host) != registered_domain(claimed):
        return False
    return urlsplit(claim).path.strip("/") != "" or not urlsplit(url).path.strip("/")


def _uncached(url: str) -> str:
    found = AMP_CACHE.fullmatch(url)
    return f"{'https' if found[1] else 'http'}://{found[2]}" if found else url
