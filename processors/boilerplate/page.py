"""The article in an HTML page: trafilatura finds the text, the page's own metadata the rest."""

from __future__ import annotations

import logging

import numpy as np
from lxml import etree
from lxml.html import HtmlElement

from processors.boilerplate.agency import agency_of
from processors.boilerplate.appeals import is_appeal
from processors.boilerplate.classifier import line_model
from processors.boilerplate.cues import normal, read_cue
from processors.boilerplate.features import features
from processors.boilerplate.lines import Line, split_lines
from processors.boilerplate.metadata import Metadata, metadata
from processors.boilerplate.roles import BODY_PROBABILITY
from processors.stage import PermanentError
from schemas.article import Clean
from schemas.markup import overgrowth, without_long_tags

ARTICLE_SHARE_MIN = 0.5
LEFTOVER_PROBABILITY = 0.2  # below this a line that trafilatura kept goes
TITLE_LINES = 3  # the first lines, where a page repeats its headline
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def clean_html(page: str, url: str | None) -> Clean | None:
    """The article in `page`, or `None` where there is none; `segments` are empty.

    Raises `PermanentError`: `unreadable_html` where a parser breaks on the page, `too_large` where there is
    too much of it (`schemas.markup.overgrowth`).
    """
    try:
        found = _extracted(without_long_tags(page), url)
    except (etree.LxmlError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise PermanentError("unreadable_html", f"{type(error).__name__}: {error}") from error
    if found is None:
        return None
    text, claims = found
    title = claims.headline(text.content)
    lines = _without_title(text.article_lines(), title)
    if not lines:
        return None
    return Clean(
        title=title,
        text="\n".join(lines),
        published_at=claims.published[0] if claims.published else None,
        published_evidence=claims.published[1] if claims.published else None,
        byline=claims.byline(),
        agency=agency_of(lines, furniture=[claims.site or ""]),
    )


class _Text:
    """What trafilatura took for the article, and how likely each line of it is."""

    def __init__(self, content: str) -> None:
        self.content = content
        self._lines = split_lines(content)
        rows = features(self._lines) if self._lines else None
        self._likely = np.zeros(0) if rows is None else line_model().probability(rows)
        self._words = rows[:, 0] if rows is not None else np.zeros(0)

    @property
    def article_words(self) -> float:
        """How many words stand in lines that look like an article's."""
        return float(self._words[self._likely > BODY_PROBABILITY].sum())

    @property
    def article_share(self) -> float:
        """Their share of all words."""
        return self.article_words / max(float(self._words.sum()), 1.0)

    def article_lines(self) -> list[Line]:
        """The lines without furniture and without what is surely none of the article's."""
        likely = self._likely >= LEFTOVER_PROBABILITY
        kept = [line for line, keep in zip(self._lines, likely, strict=True) if keep]
        return [line for line in kept if not _is_furniture(line.text)] or self._lines


def _extracted(page: str, url: str | None) -> tuple[_Text, Metadata] | None:
    """The text trafilatura finds, and what the page claims of itself.

    Its fast mode is as good as its full one and quicker, but where it misses the article it takes the menu;
    what it found is therefore judged by the line classifier, and where that sees no article the other
    modes are tried and the one with most article text wins.
    """
    from trafilatura.utils import load_html

    source = page.encode("utf-8", "replace").decode()
    tree = load_html(source)
    if tree is None:
        return None
    if too_much := overgrowth(tree):
        raise PermanentError("too_large", too_much)
    claims = metadata(tree)
    text = _extract(tree, url, fast=True)
    if text is None:
        return None
    if text.article_share >= ARTICLE_SHARE_MIN:
        return text, claims
    for fast, favor_recall in ((True, True), (False, False)):
        other = _extract(source, url, fast=fast, favor_recall=favor_recall)
        if other and other.article_share > text.article_share and other.article_words >= text.article_words:
            text = other
    return text, claims


def _extract(
    page: HtmlElement | str, url: str | None, *, fast: bool, favor_recall: bool = False
) -> _Text | None:
    from trafilatura import bare_extraction

    document = bare_extraction(
        page, url=url, fast=fast, favor_recall=favor_recall, include_comments=False, deduplicate=False
    )
    return None if document is None else _Text(getattr(document, "text", None) or "")


def _is_furniture(text: str) -> bool:
    cue = read_cue(text)
    furniture = cue.is_chrome or "source" in cue.whole or bool(cue.label & {"related", "caption"})
    return furniture or is_appeal(text)


def _without_title(lines: list[Line], title: str | None) -> list[str]:
    texts = [line.text for line in lines]
    if title is None:
        return texts
    head = [text for text in texts[:TITLE_LINES] if normal(text) != normal(title)]
    return head + texts[TITLE_LINES:]
