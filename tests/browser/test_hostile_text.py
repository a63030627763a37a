"""Whatever an article says, it stays text: stored scripts in every field, on every view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.stand_in import PAGE, StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = (
    '<img src=x onerror="window.struck=1"><script>window.struck=1</script>'
    '"><svg onload=window.struck=1>{{7*7}}\u202e<a href="javascript:window.struck=1">x</a>'
)
WORDED = {"title", "text", "name", "source", "byline", "agency", "reason", "programme", "why", "detail", "suppressed_because",
          "rule", "description", "content", "url", "status", "thread_because", "language", "act", "mode"}  # fmt: skip
VIEWS = ("#/", "#/search?q=x", "#/article/article-ar", "#/article/article-ar?show=raw", "#/designations",
         "#/designation/designation-1", "#/alerts?show=all", "#/rules", "#/state")  # fmt: skip


def struck(value: Any) -> Any:
    """The same record with every field that holds words turned hostile."""
    if isinstance(value, list):
        return [HOSTILE if isinstance(each, str) else struck(each) for each in value]
    if isinstance(value, dict):
        return {
            name: HOSTILE if name in WORDED and isinstance(each, str) else struck(each)
            for name, each in value.items()
        }
    return value


@pytest.fixture
def hostile(desk: StandIn) -> StandIn:
    desk.cards = struck(desk.cards)
    desk.alerts = struck(desk.alerts)
    desk.designation = struck(desk.designation)
    desk.state = struck(desk.state)
    article = struck(desk.articles["article-ar"])
    article["clean"]["segments"] = [{"start": 0, "end": 300, "role": "body"}]
    article["stages"] = []
    desk.articles["article-ar"] = article
    return desk


@pytest.mark.parametrize("view", VIEWS)
def test_stored_markup_is_shown_as_text(page: Page, hostile: StandIn, view: str) -> None:
    page.goto(f"/{view}")
    page.wait_for_selector("main[aria-busy=false]")
    if view != "#/rules":
        assert "onerror=" in page.inner_text("main")
    assert page.evaluate("window.struck") is None
    assert page.locator("main img, main script, main svg").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0


def test_events_of_the_stream_are_text_too(page: Page, hostile: StandIn) -> None:
    page.goto("/")
    page.wait_for_selector("#line[data-state=live]")
    hostile.push("story", hostile.cards[0] | {"story": "another", "id": "another"})
    hostile.push("alert", hostile.alerts[0] | {"id": "another"})
    page.wait_for_selector("#alert-list [data-id=another]")
    page.wait_for_selector("#cards [data-id=another]")
    assert page.evaluate("window.struck") is None


def test_a_page_of_html_is_shown_as_its_source(page: Page, desk: StandIn) -> None:
    raw = {"content": HOSTILE, "format": "html"}
    desk.articles["article-en"] |= {
        "raw": raw,
        "clean": desk.articles["article-en"]["clean"] | {"segments": []},
    }
    page.goto("/#/article/article-en?show=raw")
    assert HOSTILE in (page.text_content(".text.raw pre") or "")
    assert page.evaluate("window.struck") is None


def test_addresses_of_other_kinds_are_no_links(page: Page, desk: StandIn) -> None:
    desk.articles["article-en"]["url"] = "javascript:window.struck=1"
    page.goto("/#/article/article-en")
    outlet = page.get_by_text("the outlet’s page")
    assert outlet.evaluate("found => found.closest('a')") is None


def test_inline_scripts_are_refused(browser: Browser, desk: StandIn) -> None:
    page = browser.new_page(base_url=desk.url)
    page.goto("/")
    page.evaluate(
        "() => { const made = document.createElement('script'); made.textContent = 'window.struck = 1';"
        " document.head.append(made); }"
    )
    assert page.evaluate("window.struck") is None
    page.close()


def test_no_source_of_the_page_writes_markup() -> None:
    sources = {path: path.read_text("utf-8") for path in PAGE.iterdir()}
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "style=",
        "http://",
        "https://",
    ):
        said = [
            path.name
            for path, text in sources.items()
            if word in text.replace("http://www.w3.org/2000/svg", "")
        ]
        assert said == [], word
