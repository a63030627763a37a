"""From a request's body to articles, each with its line, and the faults of the other lines."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from producers.endpoint.answers import Fault, RefusedError, fault
from producers.endpoint.options import ANY_SOURCE, Token
from producers.fetching.content_encoding import gunzipped
from producers.json_lines import line_article
from producers.page import Input
from producers.unreadable import ReadError
from schemas.article import Article

AHEAD = timedelta(hours=1)
"""How far a sender's clock may be ahead: a text from far in the future could never be revised."""
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Submission:
    """What a body holds: an article or `None` for each line that is not blank, their numbers, the faults."""

    articles: list[Article | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def unpacked(body: bytes, size_bytes_max: int) -> bytes:
    """A gzipped body's content. Raises `RefusedError`: 400, or 413 as soon as it grows too large."""
    try:
        content = gunzipped(body, size_bytes_max + 1)
    except (zlib.error, EOFError) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "broken_gzip", str(error)) from None
    if len(content) > size_bytes_max:
        raise too_large(size_bytes_max)
    return content


def too_large(size_bytes_max: int) -> RefusedError:
    """The refusal of a body that is larger than may be."""
    detail = f"the body is larger than {size_bytes_max} bytes"
    return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)


def read_submission(content: bytes, token: Token, now: datetime, *, many: bool, lines_max: int) -> Submission:
    """The articles in a body of JSON (`many` false) or JSON Lines.

    Raises `RefusedError` where there are too many lines or none.
    """
    content = content.removeprefix(MARK)
    if many and content.count(b"\n") > lines_max:
        detail = f"there are more than {lines_max} lines"
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_many_lines", detail)
    found = Submission()
    for number, line in enumerate(content.split(b"\n") if many else [content], start=1):
        if line.strip():
            _read_line(line, number, token, now, found)
    if not found.lines:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "empty", "there is nothing in the body")
    return found


def _read_line(line: bytes, number: int, token: Token, now: datetime, found: Submission) -> None:
    found.lines.append(number)
    try:
        found.articles.append(_article(line, token, now))
    except ReadError as error:
        found.articles.append(None)
        found.faults.append(fault(error.reason, str(error), number))


def _article(line: bytes, token: Token, now: datetime) -> Article:
    source = None if token.source == ANY_SOURCE else token.source
    given = Input(path="push", folder="push", seen_ms=_epoch_ms(now), source=source)
    article = line_article(line, given)
    if source is not None and article.source != source:
        raise ReadError("wrong_source", f"this token speaks for {source}, not for {article.source[:100]!a}")
    if article.revision > _epoch_ms(now + AHEAD):
        raise ReadError("from_the_future", f"fetched_at is {article.fetched_at}, now is {now.isoformat()}")
    return article


def _epoch_ms(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
