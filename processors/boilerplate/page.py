"""The article in an HTML page: trafilatura finds the text, the page's own metadata the rest."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from processors.boilerplate.credits import agency_of
from processors.boilerplate.cues import normal
from processors.boilerplate.dates import written_dates
from processors.stage import PermanentError
from schemas.article import Clean

TITLE_LINES = 3  # the first lines, where a page repeats its headline
LINKED_DATA_DEPTH_MAX = 6
LINKED_DATA_CHARACTERS_MAX = 200_000
_SITE_SIGNS = re.compile(r"\s[-–—·•:«»]\s|\s?[|｜]\s?")
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "publish-date",
)  # fmt: skip
# No date is taken from htmldate: it infers days. Its search is kept as cheap as it can be.
_DATE_SEARCH = {"extensive_search": False, "original_date": True, "max_date": "2099-12-31"}
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def clean_html(page: str, url: str | None) -> Clean | None:
    """The article in `page`, or `None` where there is none; `segments` are empty.

    Raises `PermanentError` (`unreadable_html`) where a parser breaks on the page.
    """
    try:
        found = _extracted(page, url)
    except (etree.LxmlError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise PermanentError("unreadable_html", f"{type(error).__name__}: {error}") from error
    if found is None:
        return None
    document, published = found
    lines = [line.strip() for line in (document.text or "").splitlines() if line.strip()]
    title = _title(document.title, document.sitename)
    lines = _without_title(lines, title)
    if not lines:
        return None
    return Clean(
        title=title,
        text="\n".join(lines),
        published_at=published[0] if published else None,
        published_evidence=published[1] if published else None,
        byline=document.author or None,
        agency=agency_of(lines, []),
    )


def _extracted(page: str, url: str | None) -> tuple[Any, tuple[str, str] | None] | None:
    """Trafilatura's document, and the date of publication with its evidence."""
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(page.encode("utf-8", "replace").decode())
    if tree is None:
        return None
    published = next(_published(tree), None)
    document = bare_extraction(
        tree,
        url=url,
        fast=True,
        include_comments=False,
        deduplicate=False,
        with_metadata=True,
        date_extraction_params=_DATE_SEARCH,
    )
    return None if document is None else (document, published)


def _published(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Dates of publication that the page's metadata give, best first, each with its evidence."""
    metas = {
        str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): str(
            meta.get("content")
        )
        for meta in tree.iter("meta")
        if meta.get("content")
    }
    for name in _PUBLISHED_META:
        yield from _as_date(metas.get(name), name)
    for script in tree.iter("script"):
        if (
            "ld+json" in str(script.get("type"))
            and script.text
            and len(script.text) < LINKED_DATA_CHARACTERS_MAX
        ):
            yield from _as_date(_linked_date(script.text), "datePublished")
    for element in tree.iter("time"):
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            yield from _as_date(element.get("datetime"), "time")


def _as_date(value: str | None, name: str) -> Iterator[tuple[str, str]]:
    for written in written_dates(value.strip(), "") if value else []:
        yield written.iso, f"{name}: {value}"
        return


def _linked_date(text: str) -> str | None:
    """`datePublished` of the first article in JSON-LD."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    level = [data]
    for _ in range(LINKED_DATA_DEPTH_MAX):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                if isinstance(node.get("datePublished"), str):
                    return str(node["datePublished"])
                below += node.values()
            elif isinstance(node, list):
                below += node
        level = below
    return None


def _title(title: str | None, site: str | None) -> str | None:
    """The headline without the site's name at either end."""
    if not title or not title.strip():
        return None
    parts = _SITE_SIGNS.split(title.strip())
    for name, rest in (
        (parts[-1], title.strip()[: -len(parts[-1])]),
        (parts[0], title.strip()[len(parts[0]) :]),
    ):
        if len(parts) > 1 and site and normal(name) == normal(site):
            return rest.strip(" -–—|｜·•:«»") or None
    return title.strip()


def _without_title(lines: list[str], title: str | None) -> list[str]:
    if title is None:
        return lines
    head = [line for line in lines[:TITLE_LINES] if normal(line) != normal(title)]
    return head + lines[TITLE_LINES:]
