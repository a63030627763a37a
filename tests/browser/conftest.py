"""The desk's page in a real browser: headless Chromium, driven by playwright.

Where either is missing, these tests are skipped with the reason; with CI=true they fail, since `make test`
sees to both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.browser.stand_in import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_MS = 10_000


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        _unavailable("no chromium here: apt-get install chromium, or set CHROMIUM to its path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _unavailable("playwright is not installed: pip install playwright")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, which its wrapper for playwright brings along."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        _unavailable("axe-core is not installed: pip install axe-playwright-python")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture
def desk() -> Iterator[StandIn]:
    with StandIn().serving() as stand_in:
        yield stand_in


@pytest.fixture
def page(browser: Browser, desk: StandIn) -> Iterator[Page]:
    """A page of the desk, on which nothing may go wrong unseen: faults in the console fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=desk.url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    unexpected = [fault for fault in faults if "the server responded with a status of 4" not in fault]
    assert not unexpected, unexpected
