"""What an HTML page says of itself: JSON-LD, Open Graph and other meta tags, its `h1`; each checked.

A headline counts where the article says some of it again: pages give their site's name or slogan as titles.
A byline counts where it may be a person. A date counts where it is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from processors.boilerplate.credits import is_person
from processors.boilerplate.cues import normal, opening_cue
from processors.boilerplate.dates import written_dates
from processors.boilerplate.title import OVERLAP_MIN, stems

LINKED_DATA_DEPTH_MAX = 6
LINKED_DATA_NODES_MAX = 5_000
LINKED_DATA_CHARACTERS_MAX = 200_000
HEADLINE_CHARACTERS_MAX = 300
BYLINE_CHARACTERS_MAX = 120
BYLINE_NAMES_WORDS_MAX = 12
BODY_CHARACTERS = 3_000
_SITE_SIGNS = re.compile(r"\s[-–—·•:«»]\s|\s?[|｜]\s?")
_ARTICLE_TYPES = re.compile("article|posting|report", re.IGNORECASE)
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "publish-date",
)  # fmt: skip
_TITLE_META = ("og:title", "twitter:title", "dc.title", "parsely-title", "title")
_AUTHOR_META = ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
_AUTHOR_CLASSES = frozenset({"author", "byline", "author-name", "byline-name", "byline__name"})
_MARKED = (
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'author') or contains(@class, 'byline')]"
)
_NO_NAME = re.compile(r"[/@|\d]")
_SITE_META = ("og:site_name", "application-name", "publisher")


@dataclass(frozen=True)
class Metadata:
    """What a page claims, best first; nothing checked yet. `published` is ISO 8601 with its evidence."""

    titles: list[str]
    authors: list[str]
    site: str | None
    published: tuple[str, str] | None

    def headline(self, text: str) -> str | None:
        """The first claimed headline that `text` says some of again, without the site's name."""
        said = stems(text[:BODY_CHARACTERS])
        bare = (without_site(title, self.site) for title in self.titles)
        return next((title for title in bare if title and _is_said(title, said)), None)

    def byline(self) -> str | None:
        """The first claimed authors that may be people."""
        return next((name for name in self.authors if self._may_be_person(name)), None)

    def _may_be_person(self, name: str) -> bool:
        is_site = self.site is not None and normal(name) in normal(self.site)
        is_short = len(name.split()) <= BYLINE_NAMES_WORDS_MAX
        return is_short and not is_site and not _NO_NAME.search(name) and is_person(name)


def metadata(tree: HtmlElement) -> Metadata:
    """What the page's head, linked data and headings claim."""
    metas = {
        str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): str(
            meta.get("content")
        ).strip()
        for meta in tree.iter("meta")
        if meta.get("content")
    }
    linked = list(_linked(tree))
    headings = [*tree.iter("h1"), *tree.iter("title")]
    titles = [*(node.get("headline") for node in linked), *(metas.get(name) for name in _TITLE_META)]
    titles += [heading.text_content() for heading in headings]
    authors = [_names(node.get("author")) for node in linked] + [metas.get(name) for name in _AUTHOR_META]
    authors += [_credited(element) for element in tree.xpath(_MARKED)]
    sites = [metas.get(name) for name in _SITE_META] + [_names(node.get("publisher")) for node in linked]
    return Metadata(
        _texts(titles, HEADLINE_CHARACTERS_MAX),
        _texts(authors, BYLINE_CHARACTERS_MAX),
        next(iter(_texts(sites, BYLINE_CHARACTERS_MAX)), None),
        next(_published(tree, metas, linked), None),
    )


def without_site(title: str, site: str | None) -> str | None:
    """The headline without the site's name at either end."""
    parts = _SITE_SIGNS.split(title)
    for name, rest in ((parts[-1], title[: -len(parts[-1])]), (parts[0], title[len(parts[0]) :])):
        if len(parts) > 1 and site and normal(name) == normal(site):
            return rest.strip(" -–—|｜·•:«»") or None
    return title


def _is_said(title: str, said: set[str]) -> bool:
    own = stems(title)
    return not own or len(own & said) / (len(own) + 1) >= OVERLAP_MIN


def _texts(values: Sequence[Any], characters_max: int) -> list[str]:
    texts = (" ".join(unescape(value).split()) for value in values if isinstance(value, str))
    return list(dict.fromkeys(text for text in texts if 0 < len(text) <= characters_max))


def _names(value: Any) -> str | None:
    """The names of a person or organisation in JSON-LD, or of several."""
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_names, value))) or None
    return value if isinstance(value, str) else None


def _credited(element: HtmlElement) -> str | None:
    """The text of an element that is marked as the author's name."""
    says = "author" in {element.get("rel"), element.get("itemprop")}
    classes = (element.get("class") or "").split()
    if not says and not _AUTHOR_CLASSES.intersection(classes):
        return None
    text = " ".join(element.text_content().split())
    return opening_cue(text, "byline") or text


def _linked(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles in the page's JSON-LD; where none says it is one, whatever has a date of publication."""
    nodes = [node for script in tree.iter("script") for node in _nodes(script)]
    articles = [node for node in nodes if _ARTICLE_TYPES.search(str(node.get("@type")))]
    yield from articles or [node for node in nodes if isinstance(node.get("datePublished"), str)]


def _nodes(script: HtmlElement) -> list[dict[str, Any]]:
    """Every object in a script of JSON-LD, outer ones first."""
    text = script.text
    if "ld+json" not in str(script.get("type")) or not text or len(text) > LINKED_DATA_CHARACTERS_MAX:
        return []
    try:
        level = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return []
    found: list[dict[str, Any]] = []
    for _ in range(LINKED_DATA_DEPTH_MAX):
        objects = [node for node in level if isinstance(node, dict)]
        found += objects
        level = [below for node in objects for below in node.values()]
        level += [below for node in level if isinstance(node, list) for below in node]
        if len(found) > LINKED_DATA_NODES_MAX:
            break
    return found


def _published(
    tree: HtmlElement, metas: dict[str, str], linked: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Dates of publication, best first, each with its evidence."""
    for name in _PUBLISHED_META:
        yield from _as_date(metas.get(name), name)
    for node in linked:
        yield from _as_date(node.get("datePublished"), "datePublished")
    for element in tree.iter("time"):
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            yield from _as_date(element.get("datetime"), "time")


def _as_date(value: Any, name: str) -> Iterator[tuple[str, str]]:
    for written in written_dates(value.strip(), "") if isinstance(value, str) else []:
        yield written.iso, f"{name}: {value}"
        return
