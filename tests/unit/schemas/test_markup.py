"""Pages as people make them pass; what was made to take a parser's time is told, whatever its form."""

from __future__ import annotations

import pytest
from lxml import html

from schemas.markup import overgrowth

PARAGRAPH = "<p>The <b>harbour</b> office said <a href='/a'>on Monday</a> that the pier would close.</p>"
LIVE_BLOG = "<article><header><h2>11:02</h2></header><div><p>One.</p><p>Two.</p></div></article>"
PAGES = {
    "a long article": "<main>" + PARAGRAPH * 800 + "</main>",
    "a live blog of a day": "<div><div><section>" + LIVE_BLOG * 1_500 + "</section></div></div>",
    "lines by line breaks": "<pre>" + "word word<br>" * 3_000 + "</pre>",
    "a menu, deep down": "<div>" * 30
    + "<ul>"
    + "<li><a href='/x'><span>here</span></a></li>" * 400
    + "</ul>",
}
OVERGROWN = {
    "links in one paragraph": ("<p>" + "<a href=x>a</a> " * 4_100, "4100 elements side by side"),
    "many lists": (("<ul>" + "<li>a</li>" * 300 + "</ul>") * 70, "more than 20000 elements"),
    "deep": ("<div>" * 150 + "<p>a</p>" * 3_990, "deep on average"),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_that_people_read_is_read(page: str) -> None:
    assert overgrowth(html.document_fromstring(page)) is None


@pytest.mark.parametrize(("page", "told"), OVERGROWN.values(), ids=OVERGROWN)
def test_what_nobody_reads_is_told(page: str, told: str) -> None:
    assert told in (overgrowth(html.document_fromstring(page)) or "")
