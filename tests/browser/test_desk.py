"""What an editor does at the desk: watches, searches, reads, writes a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from sinks.alerts.rules import parse_rule
from tests.browser import newsroom
from tests.browser.stand_in import PAGE, StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST_VIEW_BYTES_MAX = 150 * 1024


def shown(page: Page, address: str = "#/") -> None:
    page.goto(f"/{address}")
    page.wait_for_selector("main[aria-busy=false]")


def live(page: Page) -> None:
    shown(page)
    page.wait_for_selector("#line[data-state=live]")


def test_the_first_view_is_small(page: Page) -> None:
    sizes: list[int] = []
    page.on(
        "response", lambda answer: sizes.append(len(answer.body())) if "/api/" not in answer.url else None
    )
    shown(page)
    page.wait_for_selector("#cards .card")
    assert sum(path.stat().st_size for path in PAGE.iterdir()) < FIRST_VIEW_BYTES_MAX
    assert 20_000 < sum(sizes) < FIRST_VIEW_BYTES_MAX


def test_every_module_is_fetched_at_once_and_not_when_another_asks_for_it() -> None:
    front = (PAGE / "index.html").read_text("utf-8")
    missing = [path.name for path in PAGE.glob("*.js") if f'"{path.name}"' not in front]
    assert missing == []


def test_a_new_story_comes_by_itself_and_takes_the_place_of_its_older_card(page: Page, desk: StandIn) -> None:
    live(page)
    desk.push("story", desk.cards[4] | {"id": "later", "title": "새 소식"})
    page.wait_for_selector("#cards .card:first-child:has-text('새 소식')")
    assert page.locator(f"#cards [data-story='{desk.cards[4]['story']}']").count() == 1


def test_an_archive_does_not_flood_the_stream(page: Page, desk: StandIn) -> None:
    live(page)
    assert parse_qs(desk.asked[-1])["lane"] == ["live"]
    desk.push("story", desk.cards[1] | {"id": "old", "story": "old", "lane": "backfill"})
    desk.push("story", desk.cards[1] | {"id": "later", "story": "later"})
    page.wait_for_selector("#cards [data-id=later]")
    assert page.locator("[data-id=old]").count() == 0


def test_nothing_moves_under_a_reader(page: Page, desk: StandIn) -> None:
    live(page)
    page.keyboard.press("j")
    desk.push("story", desk.cards[1] | {"id": "later", "story": "later"})
    page.get_by_role("button", name="Show 1 new story").click()
    page.wait_for_selector("#cards .card:first-child[data-id=later]")


def test_the_stream_can_be_held(page: Page, desk: StandIn) -> None:
    live(page)
    page.keyboard.press("p")
    desk.push("story", desk.cards[1] | {"id": "later", "story": "later"})
    page.wait_for_selector("#more:not([hidden])")
    assert page.locator("[data-id=later]").count() == 0
    page.keyboard.press("p")
    page.wait_for_selector("#cards [data-id=later]")


def test_an_alert_is_announced_with_its_evidence(page: Page, desk: StandIn) -> None:
    live(page)
    desk.push("alert", desk.alerts[0] | {"id": "later", "title": "imposed by Norland upon nobody"})
    item = page.locator("#alert-list [data-id=later]")
    item.wait_for()
    assert item.locator("blockquote").inner_text() == newsroom.TOLD[1][3][0]
    assert page.inner_text("#told") == "Alert: imposed by Norland upon nobody"


def test_alerts_that_were_kept_back_are_listed_with_the_reason(page: Page) -> None:
    shown(page)
    assert page.locator("#alert-list .suppressed").count() == 0
    shown(page, "#/alerts")
    assert "quiet hours until 07:00" in page.inner_text("main .suppressed")


def test_a_card_says_who_tells_it_where_and_what_of_sanctions(page: Page) -> None:
    shown(page)
    card = page.locator("#cards .card").first
    assert "3 sources" in card.inner_text()
    assert card.locator(".badge").inner_text() == "Sanctions imposed by Norland"
    assert card.locator(".chip.person bdi").inner_text() == "Ada Lindqvist"


def test_an_issuer_is_told_only_of_its_own_act(page: Page, desk: StandIn) -> None:
    desk.cards[0] |= {
        "sanction_acts": ["background", "imposed"],
        "sanction_issuers": ["Norland", "Southland"],
    }
    shown(page)
    badges = page.locator("#cards .card").first.locator(".badge").all_inner_texts()
    assert badges == ["Sanctions imposed", "Sanctions as background"]


def test_what_was_found_is_marked(page: Page) -> None:
    shown(page)
    assert page.locator("#cards .card").first.locator("mark").all_inner_texts() == ["Norland", "Geneva"]


def test_a_search_is_asked_and_narrowed(page: Page, desk: StandIn) -> None:
    shown(page)
    page.keyboard.press("/")
    page.keyboard.type("نورلاند")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found")
    page.locator(".facets a", has_text="Arabic").click()
    page.wait_for_selector(".chosen")
    asked = parse_qs(desk.asked[-1])
    assert (asked["q"], asked["language"]) == (["نورلاند"], ["ar"])
    exported = page.get_by_role("link", name="CSV").get_attribute("href") or ""
    assert parse_qs(exported.partition("?")[2])["language"] == ["ar"]


@pytest.mark.parametrize("query", ["person:", "🚢🚢 person:", "نورلاند person:"])
def test_a_faulty_question_is_shown_with_the_place_of_its_fault(page: Page, query: str) -> None:
    shown(page)
    page.fill("#q", query)
    page.keyboard.press("Enter")
    page.wait_for_selector("#fault mark")
    assert f"At character {len(query) + 1}: a value is missing" in page.inner_text("#fault")
    assert (page.text_content("#fault .asked") or "").startswith(query)
    assert page.get_attribute("#q", "aria-invalid") == "true"
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        box, fault = page.locator("#q").bounding_box(), page.locator("#fault").bounding_box()
        assert box is not None
        assert fault is not None
        assert fault["y"] >= box["y"] + box["height"]
    page.goto("/#/state")
    page.wait_for_selector("#fault:empty", state="attached")


def test_a_kept_search_is_one_click_away(page: Page, desk: StandIn) -> None:
    shown(page, "#/search?q=x")
    page.locator(".saved a", has_text="نورلاند").click()
    page.wait_for_selector(".chosen")
    assert parse_qs(desk.asked[-1])["language"] == ["ar"]


def test_a_ledger_tells_who_first_and_what_was_decided(page: Page) -> None:
    shown(page, "#/designations")
    page.locator("main").get_by_role("link", name="Norland upon Blue Keel").click()
    page.wait_for_selector("table")
    rows = page.locator("tbody tr").all_inner_texts()
    assert "New" in rows[0]
    assert "no earlier telling" in rows[0]
    assert "Further source" in rows[1]
    assert "صدى الميناء" in page.inner_text(".facts")


def test_a_faulty_rule_is_refused_with_its_line(page: Page) -> None:
    shown(page, "#/rules/new")
    page.fill("#yaml", "id: x\nwatch: articles\nquarry: {}\n")
    page.click("#try")
    page.get_by_role("button", name="Line 3").click()
    assert "'quarry' was unexpected" in page.inner_text("#rule-faults")
    assert (
        page.evaluate(
            "document.getSelection().toString() || yaml.value.slice(yaml.selectionStart, yaml.selectionEnd)"
        )
        == "quarry: {}"
    )


def test_a_rule_is_tried_and_put_in_force(page: Page, desk: StandIn) -> None:
    shown(page, "#/rules/new-sanctions-mention")
    page.click("#try")
    page.wait_for_selector("#dry-run .alert")
    assert "3 matches, which would have made 1 alert, and 1 alert kept back" in page.inner_text("#dry-run")
    assert desk.put == []
    page.click("#apply")
    page.get_by_text("new-sanctions-mention is in force.").wait_for()
    assert desk.put[0].startswith("id: new-sanctions-mention")


def test_the_state_shows_what_lags_and_fails(page: Page) -> None:
    shown(page, "#/state")
    assert "1,204" in page.inner_text("main")
    assert "Hafenbote" in page.inner_text("tr.trouble")


def test_what_is_not_there_is_said_so(page: Page) -> None:
    shown(page, "#/article/nowhere")
    assert "Not found" in page.inner_text("main [role=alert]")


def test_a_question_is_asked_by_meaning_where_the_cluster_can(page: Page, desk: StandIn) -> None:
    shown(page, "#/search?q=harbour fire&language=ar")
    page.get_by_label("By meaning").check()
    page.wait_for_url("**meaning=harbour+fire*")
    page.wait_for_selector("main[aria-busy=false]")
    assert parse_qs(desk.asked[-1]).items() >= {"meaning": ["harbour fire"], "language": ["ar"]}.items()
    assert page.get_by_role("link", name="CSV").count() == 0
    page.fill("#q", "حريق")
    page.keyboard.press("Enter")
    page.wait_for_url("**meaning=%D8*")


def test_it_is_said_where_pages_end(page: Page) -> None:
    shown(page, "#/search?q=Norland")
    page.get_by_text("Pages end here").wait_for()


def test_a_search_becomes_a_rule_in_one_step(page: Page) -> None:
    shown(page, "#/search?q=ship* OR سفينة&language=ar&language=fa&place=Norland&since=7d")
    page.get_by_role("link", name="Alert on this").click()
    page.wait_for_selector("#yaml")
    rule = parse_rule(page.input_value("#yaml"))
    assert rule.words == '(ship* OR سفينة) language:("ar" OR "fa") place:"Norland"'
    shown(page, "#/search")
    page.get_by_role("link", name="Alert on نورلاند").click()
    page.wait_for_selector("#yaml")
    rule = parse_rule(page.input_value("#yaml"))
    assert (rule.words, rule.description) == ('(نورلاند) language:"ar"', "نورلاند")
