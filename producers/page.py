"""One article from one page: a whole file, or the text of one JSON Lines object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from courlan import extract_domain

from producers.decoding import decode_text
from producers.unreadable import ReadError
from schemas.article import Article, Lane, Raw
from schemas.identity import article_id, canonical_url
from schemas.wire import WireError, encode


@dataclass(frozen=True)
class Input:
    """Where articles are being read from, and what to say of them where they don't say it themselves.

    `source` is the outlet as the user named it, `folder` what to fall back on. `seen_ms` is when the input
    was last changed, epoch milliseconds: the `fetched_at` and `revision` of what it holds.
    """

    path: str
    folder: str
    seen_ms: int
    source: str | None = None
    lane: Lane = "live"


def page_article(data: bytes, form: Literal["text", "html"], given: Input) -> Article:
    """The article that a whole file is. Raises `ReadError`."""
    content = decode_text(data, html=form == "html")
    return build_article(content, form, given, source=given.source or given.folder)


def build_article(  # noqa: PLR0913 - each is a field of the article
    content: str,
    form: Literal["text", "html"],
    given: Input,
    *,
    source: str,
    url: str | None = None,
    external_id: str | None = None,
    feed_published_at: str | None = None,
    seen_ms: int | None = None,
) -> Article:
    """The article, checked to be one that can travel.

    Raises `ReadError`: `no_text`, `too_large`, or `not_utf8` for a lone surrogate.
    """
    if not content.strip().strip("\ufeff\u200b"):
        raise ReadError("no_text", "there is no text in it")
    seen_ms = given.seen_ms if seen_ms is None else seen_ms
    article = Article(
        id=article_id(url, source, content),
        source=source,
        fetched_at=iso_time(seen_ms),
        raw=Raw(content=content, format=form),
        revision=seen_ms,
        lane=given.lane,
        url=url,
        external_id=external_id,
        feed_published_at=feed_published_at,
    )
    try:
        encode(article)
    except WireError as error:
        raise ReadError(error.reason, str(error)) from None
    return article


def time_ms(text: str, name: str) -> int:
    """Epoch milliseconds of an ISO 8601 time; one without offset is UTC.

    Raises `ReadError` (`wrong_type`), which calls the field by its `name`, for anything else and before 1970.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        found = int(moment.astimezone(UTC).timestamp() * 1000)  # beyond the year 9999 it raises
    except (ValueError, OverflowError):
        found = -1
    if found < 0:
        raise ReadError("wrong_type", f"{name} is no ISO 8601 time since 1970: {text[:40]!a}")
    return found


def iso_time(epoch_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds, as `2024-04-27T10:00:00.000Z`."""
    moment = datetime.fromtimestamp(epoch_ms // 1000, UTC).replace(microsecond=epoch_ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def url_domain(url: str | None) -> str | None:
    """The registered domain of a page's URL (`example.co.uk`), or its host where none is registered."""
    if not url or canonical_url(url) is None:
        return None
    domain: str | None = extract_domain(url)
    return domain or urlsplit(url).hostname
