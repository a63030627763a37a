"""One page fetched, and the article that it is."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Literal

from producers.fetching import Fetcher, Request, Response, retry_after_seconds
from producers.page import Input, build_article, url_domain
from producers.pages.address import own_address
from producers.pages.charset import page_text
from producers.pages.ledger import Known
from producers.unreadable import ReadError
from schemas.article import Article, Lane
from schemas.identity import canonical_url, normalise_text
from schemas.markup import overgrowth, without_long_tags

HTML = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml"})
READABLE_CHARACTERS_MAX = 1_000_000
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

_TAG = re.compile("<[^<>]*>")


@dataclass(frozen=True)
class Hints:
    """What a feed or sitemap knows of a page beforehand. `source` is the outlet; without it, the domain.
    `published_at` is ISO 8601.
    """

    source: str | None = None
    external_id: str | None = None
    published_at: str | None = None
    lane: Lane = "live"


@dataclass(frozen=True)
class Page:
    """An article as fetched. `digest` stands for its text without the page around it: advertisements and
    tokens that change with every visit don't make a revision. `asked_url` is the address that was asked.
    """

    article: Article
    digest: bytes
    asked_url: str
    etag: str | None = None
    last_modified: str | None = None


class PageError(Exception):
    """An answer that is no article. `reason` is a constant word: `gone`, `refused`, `failing`,
    `not_a_page`, or one of `producers.unreadable`'s; `payload` is what came, where that matters.
    """

    def __init__(
        self, reason: str, detail: str, payload: bytes = b"", retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.payload = payload
        self.retry_after_seconds = retry_after_seconds


async def fetch_page(
    fetcher: Fetcher, url: str, hints: Hints | None = None, known: Known | None = None
) -> Page | None:
    """The page at `url`; `None` where the server says it hasn't changed since it was `known`.

    Raises `producers.fetching.FetchError` where there was no answer, and `PageError`.
    """
    known = known or Known()
    response = await fetcher.get(Request(url, etag=known.etag, last_modified=known.last_modified))
    if response.status == HTTPStatus.NOT_MODIFIED:
        return None
    now_ms = time.time_ns() // 1_000_000
    return await asyncio.to_thread(read_page, response, url, hints or Hints(), now_ms)


def read_page(response: Response, asked_url: str, hints: Hints, now_ms: int) -> Page:
    """The page in an answer. Its article is known by its own address (`own_address`), and its revision is
    `now_ms`. Raises `PageError`.
    """
    _ensure_page(response)
    try:
        article = _article(response, hints, now_ms)
    except ReadError as error:
        raise PageError(error.reason, str(error), response.body) from None
    return Page(
        article=article,
        digest=text_digest(article),
        asked_url=asked_url,
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
    )


def text_digest(article: Article) -> bytes:
    """Of what a reader of the article sees, as trafilatura's quick mode finds it; of all there is where it
    finds nothing, or where the page is too long to ask.
    """
    text = _readable(article.raw.content) if article.raw.format == "html" else article.raw.content
    return blake2b(
        normalise_text(text or article.raw.content).encode("utf-8", "replace"), digest_size=16
    ).digest()


def _readable(page: str) -> str:
    from trafilatura import extract
    from trafilatura.utils import load_html

    page = without_long_tags(page)
    try:
        tree = load_html(page) if len(page) <= READABLE_CHARACTERS_MAX else None
        if tree is None or overgrowth(tree):
            return _TAG.sub(" ", page)
        return extract(tree, fast=True, include_comments=False, deduplicate=False) or ""
    except Exception:  # a parser that breaks on a page; the stages will say so, and the page itself stands
        return ""


def _article(response: Response, hints: Hints, now_ms: int) -> Article:
    content = page_text(response.body, response.headers.get("content-type", ""))
    form = _form(response)
    url = response.url
    if form == "html":
        url = own_address(content, response.url, response.headers.get("link", ""))
    given = Input(path=response.url, folder="web", seen_ms=now_ms, source=hints.source, lane=hints.lane)
    return build_article(
        content,
        form,
        given,
        source=hints.source or url_domain(url) or "web",
        url=url,
        external_id=hints.external_id,
        feed_published_at=hints.published_at,
    )


def _form(response: Response) -> Literal["text", "html"]:
    return "text" if _media_type(response) == "text/plain" else "html"


def _media_type(response: Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


def _ensure_page(response: Response) -> None:
    status = response.status
    if status in GONE:
        raise PageError("gone", f"{response.url} answered {status}")
    if status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = retry_after_seconds(response.headers)
        raise PageError("failing", f"{response.url} answered {status}", retry_after_seconds=wait)
    if not 200 <= status < 300:
        raise PageError("refused", f"{response.url} answered {status}")
    if canonical_url(response.url) is None:
        reason = "gone" if response.redirects else "not_a_page"
        raise PageError(reason, f"{response.url} is a front page and no article")
    if _media_type(response) not in HTML | {"text/plain"}:
        raise PageError("not_a_page", f"{response.url} is {_media_type(response)[:60]!a}")
