"""Every script set right: direction, isolation, and marks at the right letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.article import Article
from tests.browser.newsroom import ARTICLES, TOLD
from tests.browser.stand_in import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

RIGHT_TO_LEFT = {"ar", "fa"}


def shown(page: Page, address: str) -> None:
    page.goto(f"/{address}")
    page.wait_for_selector("main[aria-busy=false]")


@pytest.mark.parametrize("code", [told[0] for told in TOLD])
def test_a_headline_stands_in_its_own_language_and_direction(page: Page, code: str) -> None:
    shown(page, "#/")
    headline = page.locator(f"#cards [data-id=article-{code}] h3")
    assert headline.get_attribute("lang") == code
    assert headline.evaluate("found => getComputedStyle(found).direction") == (
        "rtl" if code in RIGHT_TO_LEFT else "ltr"
    )
    assert headline.inner_text() == next(told[2] for told in TOLD if told[0] == code)


def test_a_card_is_laid_out_as_its_language_is(page: Page) -> None:
    shown(page, "#/")
    for code in ("ar", "en"):
        card = page.locator(f"#cards [data-id=article-{code}]").bounding_box()
        source = page.locator(f"#cards [data-id=article-{code}] .source").bounding_box()
        assert card is not None
        assert source is not None
        at_start = source["x"] - card["x"] < 2
        at_end = abs(source["x"] + source["width"] - card["x"] - card["width"]) < 2
        assert (at_start, at_end) == ((False, True) if code == "ar" else (True, False))


def test_right_to_left_names_do_not_turn_their_neighbours_around(page: Page) -> None:
    shown(page, "#/designation/designation-1")
    cell = page.locator("tbody tr:first-child td:nth-child(2)")
    name, code = cell.locator("bdi").bounding_box(), cell.locator("abbr").bounding_box()
    assert name is not None
    assert code is not None
    assert name["x"] < code["x"]
    assert cell.locator("bdi").evaluate("found => getComputedStyle(found).unicodeBidi") == "isolate"


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_names_are_marked_at_their_letters(page: Page, article: Article) -> None:
    shown(page, f"#/article/{article.id}")
    named = sorted((each.start, each.end) for each in article.mentions if each.field == "text")
    expected = "".join(article.field_text("text")[start:end] for start, end in named)
    assert "".join(page.locator(".text mark.name").all_inner_texts()) == expected


def test_marks_count_code_points(page: Page) -> None:
    """The ship in the English text is one code point and two UTF-16 units."""
    shown(page, "#/article/article-en")
    assert page.locator(".text mark.PER").inner_text() == "Ada Lindqvist"


def test_marks_that_overlap_lose_nothing(page: Page) -> None:
    shown(page, "#/")
    pieces = page.evaluate(
        "async () => (await import('/offsets.js')).cut('a🚢bcde', [{start: 0, end: 3, kind: 'x'},"
        " {start: 1, end: 99, kind: 'y'}, {start: 4, end: 4}, {start: -5, end: -1}])"
        ".map(piece => [piece.text, piece.marks.map(mark => mark.kind).join('')])"
    )
    assert pieces == [["a", "x"], ["🚢b", "xy"], ["cde", "y"]]


def test_lines_are_cut_where_the_text_breaks(page: Page) -> None:
    shown(page, "#/")
    lines = page.evaluate(
        "async () => (await import('/offsets.js')).cutLines('a🚢\\nbc', [{start: 1, end: 4}])"
        ".map(pieces => pieces.map(piece => [piece.text, piece.marks.length]))"
    )
    assert lines == [[["a", 0], ["🚢", 1]], [["b", 1], ["c", 0]]]


def test_what_was_kept_and_what_was_stripped(page: Page, desk: StandIn) -> None:
    shown(page, "#/article/article-ar")
    page.get_by_role("link", name="The page as it came").click()
    page.wait_for_selector(".text.raw")
    assert page.locator(".text.raw .stripped p").all_inner_texts() == ["اشترك في نشرتنا المسائية"]
    assert page.locator(".text.raw .kept p").all_inner_texts() == [TOLD[1][2], *TOLD[1][3]]
