"""The labelled pages a line classifier is trained and measured on, and the views taken of each."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.lines import Line, split_lines

SHARED = Path(__file__).resolve().parents[3] / "shared"
CROPS_PER_PAGE = 3
MARGIN_BEFORE_MAX, MARGIN_AFTER_MAX = 14, 10
WEIGHT = {"full": 0.6, "crop": 1.0, "clean": 0.5}


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


def measured_views(page: Page) -> list[View]:
    """What a page is measured on: whole, cropped, and its article alone."""
    views = [page.view("full", 0, len(page.texts)), page.view("crop", *page.crop), page.clean_view()]
    return [view for view in views if view.lines]


def training_views(page: Page, rng: random.Random) -> list[View]:
    """The measured views, and crops with margins of every width, as text dumps have them."""
    views = measured_views(page)
    body = [i for i, label in enumerate(page.labels) if label == "body"]
    if body:
        for _ in range(CROPS_PER_PAGE):
            first = max(0, body[0] - rng.randint(0, MARGIN_BEFORE_MAX - 1))
            end = min(len(page.texts), body[-1] + 1 + rng.randint(0, MARGIN_AFTER_MAX - 1))
            views.append(page.view("crop", first, end))
    return views
