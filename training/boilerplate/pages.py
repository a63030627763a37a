"""The labelled pages a line classifier is trained and measured on, and the views taken of each."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.cues import furniture_by_language, phrases_by_language
from processors.boilerplate.lines import Line, split_lines

SHARED = Path(__file__).resolve().parents[3] / "shared"
CROPS_PER_PAGE = 3
MARGIN_BEFORE_MAX, MARGIN_AFTER_MAX = 14, 10
UNENDED_SHARE = 0.4  # of pages that are also seen without signs at the ends of lines
_END_SIGNS = " .!?؟。！？۔…"
FURNITURE_SHARE = 0.15  # of lines after which a line of furniture is put
WEIGHT = {"full": 1.0, "crop": 1.0, "clean": 1.0, "rough": 0.4}
LISTS_PER_PAGE = 3  # views with lists of other stories between the sentences
LIST_SHARE = 0.25  # of sentences below which a list or the word over an advertisement stands
ADVERT_SHARE, HEADING_SHARE = 0.3, 0.8  # of those that are an advertisement's; of lists that have a heading
LISTED_MAX = 3
SENTENCES_MIN, SENTENCES_MAX = 4, 9
AROUND_LINES = 10
HEADLINE_WORDS = range(4, 15)
TERSE_SHARE = 0.6  # of an English sentence's words are as many as Arabic, Korean or Turkish take
TERSE_WORDS_MIN = 5
_SENTENCE_END = re.compile(r"(?<=[.!?؟。！？۔])\s*(?=[^\s\d.!?؟。！？۔\"”’»)\]])")

Rows = list[tuple[str, str]]  # lines with their labels


@dataclass(frozen=True)
class View:
    """Some of a page's lines, each with its label: is it article text?"""

    kind: str
    lines: list[Line]
    is_body: NDArray[np.bool_]


@dataclass(frozen=True)
class Page:
    """A labelled page. `crop` is the article with a few lines around it."""

    domain: str
    language: str
    texts: list[str]
    labels: list[str]
    crop: tuple[int, int]

    def view(self, kind: str, first: int, end: int) -> View:
        """The lines from `first` to `end`, exclusive."""
        is_body = np.array([label == "body" for label in self.labels[first:end]])
        return View(kind, split_lines("\n".join(self.texts[first:end])), is_body)

    def clean_view(self) -> View:
        """The article alone."""
        texts = [text for text, label in zip(self.texts, self.labels, strict=True) if label == "body"]
        return View("clean", split_lines("\n".join(texts)), np.ones(len(texts), bool))


def read_pages() -> list[Page]:
    with (SHARED / "data" / "lines" / "dev.jsonl").open(encoding="utf-8") as rows:
        return [_page(json.loads(row)) for row in rows]


def _page(row: dict) -> Page:  # type: ignore[type-arg]
    return Page(row["domain"], row["lang"], row["lines"], row["labels"], tuple(row["crop"]))


def is_held_out(domain: str) -> bool:
    """A quarter of the domains, chosen by hash, is never trained on."""
    return hashlib.sha256(domain.encode()).digest()[0] % 4 == 0


def _roughened(page: Page, rng: random.Random) -> list[View]:
    """The cropped page with its paragraphs cut into sentences, furniture put between them, and cut short."""
    first, end = page.crop
    rows = list(zip(page.texts[first:end], page.labels[first:end], strict=True))
    views = []
    for sentences, furniture, length in (
        (True, False, 0),
        (False, True, 0),
        (True, True, 6),
        (False, True, 5),
    ):
        rough = [
            row for text, label in rows for row in (_sentences(text, label) if sentences else [(text, label)])
        ]
        if length:
            rough = _cut_short(rough, length)
        if furniture:
            rough = _with_furniture(rough, rng)
        views.append(_rough_view(rough))
    return [view for view in views if view.is_body.any()]


def _rough_view(rows: Rows) -> View:
    is_body = np.array([label == "body" for _, label in rows], bool)
    return View("rough", split_lines("\n".join(text for text, _ in rows)), is_body)


def _sentences(text: str, label: str) -> Rows:
    if label != "body":
        return [(text, label)]
    return [(sentence, label) for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _unended(page: Page) -> View:
    """The cropped page without signs at the ends of its lines, as some write, and whole scripts do."""
    first, end = page.crop
    rows = [
        (text.rstrip(_END_SIGNS), label)
        for text, label in zip(page.texts[first:end], page.labels[first:end], strict=True)
    ]
    return _rough_view([(text, label) for text, label in rows if text])


def headlines_of(pages: Sequence[Page]) -> list[str]:
    """What stands outside the articles of `pages` and may be a headline: some words that end in a letter."""
    return [
        text
        for page in pages
        for text, label in zip(page.texts, page.labels, strict=True)
        if label != "body" and len(text.split()) in HEADLINE_WORDS and text[-1].isalpha()
    ]


def _listing(page: Page, headlines: Sequence[str], rng: random.Random) -> list[View]:
    """The page with a sentence a line, cut short, and between the sentences lists of other stories; the first
    view and every other one in fewer words, for there are languages that take fewer than English.
    """
    first, end = page.crop
    rows = list(zip(page.texts, page.labels, strict=True))
    article = [row for text, label in rows[first:end] for row in _sentences(text, label)]
    views = []
    for number in range(LISTS_PER_PAGE):
        cut = _with_lists(_cut_short(article, rng.randint(SENTENCES_MIN, SENTENCES_MAX)), headlines, rng)
        view = rows[max(0, first - AROUND_LINES) : first] + cut + rows[end : end + AROUND_LINES]
        if number % 2 == 0:
            view = [(_terse(text, rng), label) for text, label in view]
        views.append(_rough_view(view))
    return [view for view in views if view.is_body.any()]


def _with_lists(rows: Rows, headlines: Sequence[str], rng: random.Random) -> Rows:
    adverts, headings = (list(phrases_by_language(kind).values()) for kind in ("advert", "related"))
    listed = []
    for text, label in rows:
        listed.append((text, label))
        if label != "body" or rng.random() >= LIST_SHARE:
            continue
        if rng.random() < ADVERT_SHARE:
            listed.append((rng.choice(rng.choice(adverts)), "boilerplate"))
            continue
        if rng.random() < HEADING_SHARE:
            listed.append((rng.choice(rng.choice(headings)), "boilerplate"))
        listed += [(rng.choice(headlines), "boilerplate") for _ in range(rng.randint(1, LISTED_MAX))]
    return listed


def _terse(text: str, rng: random.Random) -> str:
    """The line without some of the words between its first and its last."""
    words = text.split()
    if len(words) < TERSE_WORDS_MIN:
        return text
    return " ".join([words[0], *(word for word in words[1:-1] if rng.random() < TERSE_SHARE), words[-1]])


def _cut_short(rows: Rows, paragraphs: int) -> Rows:
    """The rows with only the first body lines; what stands between and after them stays."""
    kept = []
    for text, label in rows:
        paragraphs -= label == "body"
        if label != "body" or paragraphs >= 0:
            kept.append((text, label))
    return kept


def _with_furniture(rows: Rows, rng: random.Random) -> Rows:
    """The rows with lines of one language's furniture among them."""
    phrases = rng.choice(list(furniture_by_language().values()))
    rough = []
    for row in rows:
        rough.append(row)
        if rng.random() < FURNITURE_SHARE:
            rough.append((rng.choice(phrases), "boilerplate"))
    return rough


def measured_views(page: Page) -> list[View]:
    """What a page is measured on: whole, cropped, and its article alone."""
    views = [page.view("full", 0, len(page.texts)), page.view("crop", *page.crop), page.clean_view()]
    return [view for view in views if view.lines]


def training_views(page: Page, headlines: Sequence[str], rng: random.Random) -> list[View]:
    """The measured views, and what dumps do to pages: crops with margins of every width, articles cut
    short, furniture and lists of other `headlines` between paragraphs, a paragraph a sentence.
    """
    views = [*measured_views(page), *_roughened(page, rng)]
    body = [i for i, label in enumerate(page.labels) if label == "body"]
    if body and rng.random() < UNENDED_SHARE:
        views.append(_unended(page))
    if body:
        for _ in range(CROPS_PER_PAGE):
            first = max(0, body[0] - rng.randint(0, MARGIN_BEFORE_MAX - 1))
            end = min(len(page.texts), body[-1] + 1 + rng.randint(0, MARGIN_AFTER_MAX - 1))
            views.append(page.view("crop", first, end))
    return views + _listing(page, headlines, random.Random(page.domain))
