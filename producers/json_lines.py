"""Articles from JSON Lines: an object a line, `{"id", "text" or "html", "source", "url", "fetched_at"}`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO

import msgspec

from producers.page import Input, build_article, time_ms, url_domain
from producers.unreadable import ReadError, Unreadable, unreadable
from schemas.article import Article
from schemas.wire import RECORD_BYTES_MAX, WireError, parse

LINE_BYTES_MAX = 4 * RECORD_BYTES_MAX
"""An article at its largest may be three times as long again where its letters are written `\\u0646`."""
SAMPLE_LINES = 20
MARK = b"\xef\xbb\xbf"


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken from an object; anything else in it is left."""

    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    source: str | None = None
    url: str | None = None
    fetched_at: str | None = None


def read_lines(stream: IO[bytes], given: Input) -> Iterator[Article | Unreadable]:
    """An article or a report for each line that is not blank. Raises only what reading `stream` raises."""
    for number, line, size_bytes in _lines(stream):
        try:
            _check_size(size_bytes)
            yield line_article(line, given)
        except ReadError as error:
            yield unreadable(given.path, number, error, line, size_bytes)


def line_article(line: bytes, given: Input) -> Article:
    """The article in one line. Its `html` is taken where it has no `text`. Raises `ReadError`."""
    found = _decode(line)
    has_text = bool(found.text and found.text.strip())
    content = found.text if has_text else found.html
    url = (found.url or "").strip() or None
    return build_article(
        content or "",
        "text" if has_text else "html",
        given,
        source=(found.source or "").strip() or given.source or url_domain(url) or given.folder,
        url=url,
        external_id=None if found.id is None else str(found.id),
        seen_ms=None if found.fetched_at is None else time_ms(found.fetched_at, "fetched_at"),
    )


def holds_articles(stream: IO[bytes]) -> bool:
    """Whether a JSON Lines file looks like articles: in its first lines, an object with text or html and
    something to know it by, or a line so broken that it had better be reported.
    """
    for _, line, _ in islice(_lines(stream), SAMPLE_LINES):
        try:
            found = _decode(line)
        except ReadError:
            return True
        if (found.text or found.html) and not (
            found.id is None and found.url is None and found.source is None
        ):
            return True
    return False


def _check_size(size_bytes: int) -> None:
    if size_bytes > LINE_BYTES_MAX:
        raise ReadError("too_large", f"{size_bytes} bytes in one line; the limit is {LINE_BYTES_MAX}")


def _decode(line: bytes) -> _Line:
    try:
        return parse(line, _Line)
    except WireError as error:
        raise ReadError(error.reason, str(error)) from None


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes, int]]:
    """Number (from 1), bytes and length of each line that is not blank.

    Of a line longer than the limit only the beginning is kept, so that none fills the memory.
    """
    number = 0
    while line := stream.readline(LINE_BYTES_MAX + 2):
        number += 1
        rest_bytes = 0 if line.endswith(b"\n") or len(line) < LINE_BYTES_MAX + 2 else _skip_line(stream)
        line = (line.removeprefix(MARK) if number == 1 else line).rstrip(b"\r\n")
        if line.strip():
            yield number, line, len(line) + rest_bytes


def _skip_line(stream: IO[bytes]) -> int:
    """Read to the end of the line; how many bytes that were."""
    skipped = 0
    while part := stream.readline(1 << 20):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped
