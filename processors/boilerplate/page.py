"""The article in an HTML page: trafilatura finds the text, the page's own metadata the rest."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from processors.boilerplate.agency import agency_of
from processors.boilerplate.classifier import line_model
from processors.boilerplate.cues import normal, read_cue
from processors.boilerplate.dates import written_dates
from processors.boilerplate.features import features
from processors.boilerplate.lines import Line, line_signs, split_lines
from processors.boilerplate.roles import BODY_PROBABILITY
from processors.stage import PermanentError
from schemas.article import Clean

ARTICLE_SHARE_MIN = 0.5
LEFTOVER_PROBABILITY = 0.2  # below this a line that trafilatura kept goes
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
    title = _title(document.title, document.sitename)
    lines = _without_title(_article_lines(split_lines(document.text or "")), title)
    if not lines:
        return None
    return Clean(
        title=title,
        text="\n".join(lines),
        published_at=published[0] if published else None,
        published_evidence=published[1] if published else None,
        byline=document.author or None,
        agency=agency_of(lines, furniture=[document.sitename or ""]),
    )


def _extracted(page: str, url: str | None) -> tuple[Any, tuple[str, str] | None] | None:
    """Trafilatura's document, and the date of publication with its evidence.

    Its fast mode is as good as its full one and quicker, but where it misses the article it takes the menu;
    what it found is therefore judged by the line classifier, and where that sees no article the other
    modes are tried and the one with most article text wins.
    """
    from trafilatura.utils import load_html

    text = page.encode("utf-8", "replace").decode()
    tree = load_html(text)
    if tree is None:
        return None
    published = next(_published(tree), None)
    document = _extract(tree, url, fast=True, with_metadata=True)
    if document is None:
        return None
    share, words = _article_words(document.text)
    if share >= ARTICLE_SHARE_MIN:
        return document, published
    for fast, favor_recall in ((True, True), (False, False)):
        other = _extract(text, url, fast=fast, favor_recall=favor_recall)
        if other is not None:
            its_share, its_words = _article_words(other.text)
            if its_share > share and its_words >= words:
                share, words, document.text = its_share, its_words, other.text
    return document, published


def _extract(
    page: HtmlElement | str,
    url: str | None,
    *,
    fast: bool,
    favor_recall: bool = False,
    with_metadata: bool = False,
) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        page,
        url=url,
        fast=fast,
        favor_recall=favor_recall,
        include_comments=False,
        deduplicate=False,
        with_metadata=with_metadata,
        date_extraction_params=_DATE_SEARCH,
    )


def _article_words(text: str | None) -> tuple[float, float]:
    """The share of a text's words that stand in lines which look like an article's, and their number."""
    lines = split_lines(text or "")
    if not lines:
        return 0.0, 0.0
    words = line_signs(lines).words
    kept = float(words[line_model().probability(features(lines)) > BODY_PROBABILITY].sum())
    return kept / max(float(words.sum()), 1.0), kept


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


def _article_lines(lines: list[Line]) -> list[Line]:
    """The lines without furniture and without what the line classifier is sure is none of the article's."""
    if not lines:
        return []
    likely = line_model().probability(features(lines)) >= LEFTOVER_PROBABILITY
    kept = [line for line, keep in zip(lines, likely, strict=True) if keep and not _is_furniture(line.text)]
    return kept or lines


def _is_furniture(text: str) -> bool:
    cue = read_cue(text)
    return cue.is_chrome or "source" in cue.whole or bool(cue.label & {"related", "caption"})


def _without_title(lines: list[Line], title: str | None) -> list[str]:
    texts = [line.text for line in lines]
    if title is None:
        return texts
    head = [text for text in texts[:TITLE_LINES] if normal(text) != normal(title)]
    return head + texts[TITLE_LINES:]
