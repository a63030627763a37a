"""Pages that hold two articles, made of real ones, and pages that hold one: what is told, and what is kept.

Domains are split as in `test_boilerplate.py`. The model of `parting.py` was fitted on the others, so what is
measured on them is how it was fitted, and the held-out ones count.
"""

import json
import random
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from processors.boilerplate.lines import line_signs, split_lines
from processors.boilerplate.stage import clean_text
from schemas.article import Clean
from training.boilerplate.pages import is_held_out

pytestmark = pytest.mark.shared
TOLD_FLOORS = {"full": 0.70, "crop": 0.32, "clean": 0.34}
CUT_MAX, ELSEWHERE_MAX = 0.04, 0.10
FIRST_KEPT_MIN, SECOND_LEFT_MAX = 0.94, 0.01
SPLIT_SINGLES_MAX = 0.002
PARTNERS = 2

Row = dict[str, Any]


@pytest.fixture(scope="module")
def pages(shared: Path) -> list[Row]:
    with (shared / "data" / "lines" / "dev.jsonl").open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def _view(page: Row, kind: str) -> list[tuple[str, str]]:
    """Lines with their labels; of `clean`, an article with its headline, nothing where it has none."""
    rows = list(zip(page["lines"], page["labels"], strict=True))
    if kind != "clean":
        return rows if kind == "full" else rows[slice(*page["crop"])]
    first = page["labels"].index("body") if "body" in page["labels"] else 0
    titles = [row for row in rows[:first] if row[1] == "title"]
    return [*titles[-1:], *(row for row in rows if row[1] == "body")] if titles else []


@dataclass(frozen=True)
class Answer:
    """What was made of two articles: told where they meet, told elsewhere, words kept of each.

    The first is `cut` where another is told before its last paragraph; elsewhere is also in the middle of
    what stands before the second one's text, and where the second page tells of further stories itself.
    """

    right: bool
    elsewhere: bool
    cut: bool
    first_kept: float
    second_kept: float


def _answer(above: list[tuple[str, str]], below: list[tuple[str, str]], language: str) -> Answer:
    rows = [*above, *below]
    content = "\n".join(text for text, _ in rows)
    clean = clean_text(content, language)
    assert clean is not None
    starts = [line.start for line in split_lines(content)]
    body = [at for at, (_, label) in enumerate(rows) if label == "body"]
    last = max(at for at in body if at < len(above))
    first = min(at for at in body if at >= len(above))
    told = [starts.index(offset) for offset in clean.other_articles]
    right = [at for at in told if last < at <= first]
    return Answer(
        right=bool(right),
        elsewhere=len(told) > len(right),
        cut=any(at <= last for at in told),
        first_kept=_kept(clean, rows, [at for at in body if at < len(above)]),
        second_kept=_kept(clean, rows, [at for at in body if at >= len(above)]),
    )


def _kept(clean: Clean, rows: list[tuple[str, str]], body: list[int]) -> float:
    """The share of the words of lines that are in the text."""
    words = line_signs(split_lines("\n".join(text for text, _ in rows))).words
    kept = [clean.segments[at].role in {"body", "subhead"} for at in body]
    return float(
        sum(words[at] for at, is_kept in zip(body, kept, strict=True) if is_kept) / words[body].sum()
    )


@pytest.fixture(scope="module")
def answers(pages: list[Row]) -> dict[str, list[Answer]]:
    held_out = [page for page in pages if is_held_out(page["domain"]) and "body" in page["labels"]]
    rng = random.Random(11)
    found: dict[str, list[Answer]] = {kind: [] for kind in TOLD_FLOORS}
    for page in held_out:
        alike = [one for one in held_out if one["lang"] == page["lang"] and one is not page]
        for partner in rng.sample(alike, min(PARTNERS, len(alike))):
            for kind in TOLD_FLOORS:
                above, below = _view(page, kind), _view(partner, kind)
                if above and below and any(label == "body" for _, label in above):
                    found[kind].append(_answer(above, below, page["lang"]))
    return found


@pytest.mark.parametrize("kind", TOLD_FLOORS)
def test_a_second_article_is_told_where_it_begins(kind: str, answers: dict[str, list[Answer]]) -> None:
    told = statistics.fmean(answer.right for answer in answers[kind])
    assert told >= TOLD_FLOORS[kind], (told, len(answers[kind]))
    assert statistics.fmean(answer.cut for answer in answers[kind]) <= CUT_MAX
    assert statistics.fmean(answer.elsewhere for answer in answers[kind]) <= ELSEWHERE_MAX


@pytest.mark.parametrize("kind", TOLD_FLOORS)
def test_of_two_articles_told_apart_the_text_has_the_first(
    kind: str, answers: dict[str, list[Answer]]
) -> None:
    told = [answer for answer in answers[kind] if answer.right and not answer.elsewhere]
    assert statistics.fmean(answer.first_kept for answer in told) >= FIRST_KEPT_MIN
    assert statistics.fmean(answer.second_kept for answer in told) <= SECOND_LEFT_MAX


def test_single_articles_are_not_split(pages: list[Row]) -> None:
    """On all pages, whole, cropped, and the article alone with and without its headline."""
    split: list[str] = []
    count = 0
    for page in pages:
        body = [row for row in zip(page["lines"], page["labels"], strict=True) if row[1] == "body"]
        for rows in (*(_view(page, kind) for kind in TOLD_FLOORS), body):
            clean = clean_text("\n".join(text for text, _ in rows), page["lang"]) if rows else None
            split += [page["url"]] if clean and clean.other_articles else []
            count += bool(rows)
    assert len(split) <= SPLIT_SINGLES_MAX * count, (len(split), count, split)


def test_seeds_are_single_articles(shared: Path) -> None:
    for path in sorted((shared / "data" / "seeds").glob("*.txt")):
        clean = clean_text(path.read_text(encoding="utf-8"), "ar")
        assert clean is not None
        assert clean.other_articles == []
