"""From an answer to a page."""

from __future__ import annotations

import pytest

from producers.fetching import Response
from producers.pages import Hints, PageError
from producers.pages.page import Page, read_page
from tests.pace import within

URL = "https://www.example.com/2024/kran"


def _page(body: str | bytes, status: int = 200, content_type: str = "text/html", **headers: str) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return read_page(
        Response(URL, status, {"content-type": content_type, **headers}, data),
        URL,
        Hints(),
        1_717_545_600_000,
    )


def _article(
    token: str, text: str = "Der Kran am Kai wurde am Dienstag untersucht und danach stillgelegt."
) -> str:
    return f"<html><head><meta name=csrf content={token}></head><body><nav>Start Sport</nav><article>{f'<p>{text}</p>' * 6}</article><script>var t='{token}'</script></body></html>"


def test_an_article_with_its_validators() -> None:
    page = _page(_article("a"), etag='"1"', **{"last-modified": "Wed, 05 Jun 2024 08:00:00 GMT"})
    assert (page.article.url, page.article.source, page.article.raw.format) == (URL, "example.com", "html")
    assert (page.article.fetched_at, page.article.revision) == ("2024-06-05T00:00:00.000Z", 1_717_545_600_000)
    assert (page.etag, page.last_modified) == ('"1"', "Wed, 05 Jun 2024 08:00:00 GMT")


def test_the_digest_is_that_of_the_article() -> None:
    assert _page(_article("a")).digest == _page(_article("b")).digest
    assert (
        _page(_article("a")).digest
        != _page(_article("a", "Der Kran am Kai wurde am Mittwoch wieder in Betrieb genommen.")).digest
    )


@pytest.mark.parametrize("text", ["", "   \n", "\ufeff"])
def test_nothing_is_no_text(text: str) -> None:
    with pytest.raises(PageError) as caught:
        _page(text)
    assert caught.value.reason == "no_text"


@pytest.mark.parametrize(
    ("status", "content_type", "reason", "wait"),
    [(404, "text/html", "gone", None), (410, "text/html", "gone", None), (403, "text/html", "refused", None),
     (302, "text/html", "refused", None), (429, "text/html", "failing", 7), (503, "text/html", "failing", 7),
     (200, "application/pdf", "not_a_page", None), (200, "image/jpeg; q=1", "not_a_page", None)],
)  # fmt: skip
def test_what_is_no_article(status: int, content_type: str, reason: str, wait: float | None) -> None:
    headers = {"retry-after": "7"} if wait else {}
    with pytest.raises(PageError) as caught:
        _page("<p>x</p>", status, content_type, **headers)
    assert (caught.value.reason, caught.value.retry_after_seconds) == (reason, wait)


@pytest.mark.parametrize(
    ("redirects", "reason"), [((), "not_a_page"), (((301, "https://www.example.com/"),), "gone")]
)
def test_a_front_page_is_no_article(redirects: tuple[tuple[int, str], ...], reason: str) -> None:
    """To which many sites redirect what they have taken down."""
    answer = Response(
        "https://www.example.com/", 200, {"content-type": "text/html"}, _article("a").encode(), redirects
    )
    with pytest.raises(PageError) as caught:
        read_page(answer, URL, Hints(), 1)
    assert caught.value.reason == reason


HOSTILE = {
    "attributes": "<p " + " ".join(f'a{n}="{n}"' for n in range(200_000)) + ">x</p>",
    "attributes in the head": "<head><meta "
    + " ".join(f'a{n}="{n}"' for n in range(40_000))
    + "></head><p>x",
    "nesting": "<div>" * 200_000 + "x",
    "paragraphs": "<p>Wort und Satz.</p>" * 200_000,
    "scripts": b"\xff<script" * 200_000,
    "angle brackets": b"\xff" + b"<" * 2_000_000,
    "comments": "<!--" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_seconds_at_most(name: str) -> None:
    with within(10):
        try:
            _page(HOSTILE[name], link="<" * 60_000)
        except PageError as error:
            assert error.reason in ("not_utf8", "no_text")  # noqa: PT017
