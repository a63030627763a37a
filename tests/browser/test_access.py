"""Keyboard, contrast, themes, narrow screens, motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

VIEWS = ("#/", "#/search?q=x&place=Norland", "#/article/article-ar", "#/article/article-ar?show=raw", "#/article/article-en",
         "#/designations", "#/designation/designation-1", "#/alerts", "#/rules/new-sanctions-mention", "#/state")  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def shown(page: Page, address: str = "#/") -> None:
    page.goto(f"/{address}")
    page.wait_for_selector("main[aria-busy=false]")
    page.wait_for_selector("#alert-list .alert", state="attached")


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_breaks_wcag_aa_in_either_theme(page: Page, axe: str, view: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    shown(page, view)
    page.evaluate(axe)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        answer = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        faults = [
            (each["id"], [node["html"][:200] for node in each["nodes"]]) for each in answer["violations"]
        ]
        assert faults == [], scheme
        assert any(each["id"] == "color-contrast" for each in answer["passes"])


@pytest.mark.parametrize("view", VIEWS)
def test_a_narrow_screen_needs_no_sideways_scrolling(page: Page, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    shown(page, view)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_goes_from_story_to_story_and_back(page: Page) -> None:
    shown(page)
    focused = "document.activeElement.closest('.card')?.dataset.id"
    for key, expected in (("j", "article-en"), ("j", "article-ar"), ("k", "article-en")):
        page.keyboard.press(key)
        assert page.evaluate(focused) == expected
    page.keyboard.press("Enter")
    page.wait_for_selector(".text mark.name")
    page.keyboard.press("Escape")
    page.wait_for_selector("#cards")
    page.wait_for_function(f"{focused} === 'article-en'")


def test_focus_can_be_seen(page: Page) -> None:
    shown(page)
    page.keyboard.press("j")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_letters_stay_letters_while_writing(page: Page) -> None:
    shown(page)
    page.keyboard.press("/")
    page.keyboard.type("jkp?/")
    assert page.input_value("#q") == "jkp?/"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_the_first_tab_stops_skip_to_content_and_alerts(page: Page) -> None:
    shown(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page’s content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "view"


def test_the_keys_are_told(page: Page) -> None:
    shown(page)
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()


def test_the_theme_is_the_systems_until_one_is_chosen_and_then_kept(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    shown(page)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light


def test_nothing_moves_for_whoever_asked_for_stillness(page: Page) -> None:
    shown(page)
    moves = "() => { const made = document.createElement('li'); made.className = 'fresh'; document.body.append(made); return getComputedStyle(made).animationName; }"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moves) == "arrive"
