"""The page over the real API and a real node: what the other tests' stand-in promises, kept."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from schemas.alert import Alert
from schemas.article import Article
from schemas.designation import SanctionMention
from sinks.elasticsearch.documents import AlertDocument
from tests.browser.newsroom import ALERTS, ARTICLES, DESIGNATION, TOLD
from tests.integration.desk.conftest import serving, store
from wirewatch.local import LocalServices

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch
    from playwright.sync_api import Browser, Page

ALERT_SECONDS_MAX = 4.0  # 2 at the most where nothing else runs: half a second of it is the desk's own turn


class RealDesk:
    """The desk's address, and a way to give it more."""

    def __init__(self, client: Elasticsearch, prefix: str, url: str = "") -> None:
        self.client = client
        self.prefix = prefix
        self.url = url
        self.desk: Any = None

    def take(self, *records: Article | SanctionMention | Alert | Any) -> None:
        alerts = [each for each in records if isinstance(each, Alert)]
        documents = [
            AlertDocument(**msgspec.structs.asdict(each), delivered_to=[], lease_ends_at=each.created_at)
            for each in alerts
        ]
        store(self.client, self.prefix, [each for each in records if each not in alerts], documents)


@pytest.fixture(scope="module")
def real_desk(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    from processors.names.meant import entities_meant
    from sinks.alerts.rules import load_rules, rule_files
    from sinks.alerts.stored import store as store_rules
    from sinks.elasticsearch.indices import apply
    from wirewatch.desk.app import Desk, build_app
    from wirewatch.desk.options import DeskOptions
    from wirewatch.desk.state import State
    from wirewatch.elastic import elasticsearch_client

    prefix = f"test-{uuid.uuid4().hex[:12]}"
    elastic = services.settings.elasticsearch.model_copy(update={"index_prefix": prefix})
    folder: Path = tmp_path_factory.mktemp("desk")
    settings = services.settings.model_copy(update={"elasticsearch": elastic, "data_dir": folder})
    with elasticsearch_client(elastic) as client:
        apply(client, prefix)
        desk = RealDesk(client, prefix)
        store_rules(client, prefix, load_rules(rule_files()))
        desk.take(*ARTICLES, DESIGNATION, *ALERTS)
        state = State(settings, client)
        desk.desk = Desk(client, prefix, entities_meant, state.now)
        with serving(build_app(desk.desk, DeskOptions())) as url:
            desk.url = url
            yield desk
        state.close()
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture
def real_page(browser: Browser, real_desk: RealDesk) -> Iterator[Page]:
    page = browser.new_page(base_url=real_desk.url)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def shown(page: Page, address: str = "#/") -> None:
    page.goto(f"/{address}")
    page.wait_for_selector("main[aria-busy=false]")
    assert page.locator("main [role=alert]").count() == 0


@pytest.mark.parametrize(
    "view",
    ["#/", "#/search?q=Norland", "#/article/article-ar", "#/designations", "#/designation/designation-1",
     "#/alerts", "#/rules", "#/state"],
)  # fmt: skip
def test_every_view_has_something_to_show(real_page: Page, view: str) -> None:
    shown(real_page, view)
    assert len(real_page.inner_text("main")) > 60


def test_every_story_has_its_card(real_page: Page) -> None:
    shown(real_page)
    headlines = real_page.locator("#cards h3").all_inner_texts()
    assert sorted(headlines) == sorted(told[2] for told in TOLD)


def test_words_that_were_found_are_marked(real_page: Page) -> None:
    shown(real_page, "#/search?q=رحّب")
    assert real_page.locator("#found .card").count() == 1
    assert "رح" in real_page.inner_text("#found .found mark")


def test_a_fault_stands_where_the_parser_says(real_page: Page) -> None:
    real_page.goto("/#/search?q=" + "نورلاند (")
    real_page.wait_for_selector("#fault p")
    assert "At character" in real_page.inner_text("#fault")


def test_a_rule_is_checked_and_tried(real_page: Page) -> None:
    shown(real_page, "#/rules/new")
    real_page.click("#try")
    real_page.wait_for_selector("#dry-run h2")
    assert "2 matches, which would have made 2 alerts" in real_page.inner_text("#dry-run")
    real_page.fill("#yaml", "id: x\nwatch: articles\nquery: {match_all: {}}\nseverity: loud\n")
    real_page.click("#try")
    real_page.get_by_role("button", name="Line 4").wait_for()
    real_page.fill("#yaml", "id: mine\nwatch: articles\nquery: {term: {language: fa}}\n")
    real_page.click("#apply")
    real_page.get_by_text("mine is in force.").wait_for()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says so."""
    for _ in range(150):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()"
        )
        if said == words:
            return
    raise AssertionError(f"no Tab comes to {words}")


def test_a_whole_task_is_done_without_a_mouse(real_page: Page) -> None:
    shown(real_page)
    keys = real_page.keyboard
    keys.press("/")
    keys.type("assets shipping")
    keys.press("Enter")
    real_page.wait_for_selector("#found .card")
    keys.press("Escape")
    keys.press("j")
    keys.press("Enter")
    real_page.wait_for_url("**/article/article-en")
    tab_to(real_page, "The page as it came")
    keys.press("Enter")
    real_page.get_by_text("boilerplate, stripped").wait_for()
    tab_to(real_page, "Rules")
    keys.press("Enter")
    real_page.wait_for_selector("ul.rules")
    tab_to(real_page, "new-sanctions-mention")
    keys.press("Enter")
    real_page.wait_for_selector("#yaml")
    tab_to(real_page, "How long")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("an exercise, announced")
    keys.press("Enter")
    real_page.get_by_text("new-sanctions-mention is silenced.").wait_for()
    assert "an exercise, announced" in real_page.inner_text(".silences li")


def test_a_desk_with_a_password_is_used_like_any_other(browser: Browser, real_desk: RealDesk) -> None:
    from wirewatch.desk.app import build_app
    from wirewatch.desk.options import DeskOptions

    with serving(build_app(real_desk.desk, DeskOptions(secrets=("a password",)))) as url:
        assert httpx.get(url, trust_env=False).status_code == 401
        page = browser.new_page(
            base_url=url, http_credentials={"username": "desk", "password": "a password", "origin": url}
        )
        shown(page)
        page.wait_for_selector("#line[data-state=live]")
        page.close()


def test_a_search_is_kept_and_forgotten(real_page: Page) -> None:
    shown(real_page, "#/search?q=Norland&language=ar")
    real_page.get_by_placeholder("Name").fill("نورلاند، 1?")
    real_page.get_by_role("button", name="Keep").click()
    kept = real_page.get_by_role("link", name="نورلاند، 1?", exact=True)
    kept.wait_for()
    real_page.get_by_role("button", name="Forget").click()
    kept.wait_for(state="detached")


def test_what_is_indexed_is_on_the_page_soon_after(real_page: Page, real_desk: RealDesk) -> None:
    shown(real_page)
    real_page.wait_for_selector("#line[data-state=live]")
    time.sleep(1.5)  # the desk's first look, from which on it tells what is new
    began = time.monotonic()
    real_desk.take(
        msgspec.structs.replace(ALERTS[0], id="later", title="later"),
        msgspec.structs.replace(ARTICLES[0], id="later", story=None),
    )
    real_page.wait_for_selector("#alert-list [data-id=later]")
    real_page.wait_for_selector("#cards [data-id=later]")
    assert time.monotonic() - began < ALERT_SECONDS_MAX
