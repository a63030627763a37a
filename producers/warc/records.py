"""From a WARC record to the page it holds."""

from __future__ import annotations

import io
from dataclasses import dataclass

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from producers.fetching import FetchError, Response
from producers.fetching.content_encoding import decoded
from producers.page import time_ms
from producers.pages.page import Hints, Page, PageError, read_page
from producers.unreadable import ReadError
from producers.warc.members import RECORD_BYTES_MAX, Damaged, Member
from schemas.article import Lane

PAGES = frozenset({"text/html", "application/xhtml+xml"})
PASSED_OVER = frozenset({"gone", "refused", "failing", "not_a_page"})


@dataclass(frozen=True)
class PassedOver:
    """A record that is no page, and what it is instead."""

    what: str


def page_of(member: Member | Damaged, lane: Lane) -> Page | PassedOver:
    """The page in a record, known by its own address and of the time at which it was archived.

    Only answers with HTML are pages. Raises `ReadError` for one that can't be read.
    """
    if isinstance(member, Damaged):
        raise ReadError("broken_record", member.detail)
    try:
        record = ArcWarcRecordLoader().parse_record_stream(io.BytesIO(member.data))
    except Exception as error:  # warcio's own, and whatever it trips over where a field is missing
        raise ReadError("broken_record", f"{type(error).__name__}: {error}"[:200]) from None
    if record.rec_type != "response" or record.http_headers is None:
        return PassedOver(str(record.rec_type))
    headers = {name.lower(): value for name, value in reversed(record.http_headers.headers)}
    if headers.get("content-type", "").partition(";")[0].strip().lower() not in PAGES:
        return PassedOver("not HTML")
    if not member.complete:
        raise ReadError("too_large", f"a page of more than {RECORD_BYTES_MAX} bytes")
    return _page(record, headers, lane)


def _page(record: ArcWarcRecord, headers: dict[str, str], lane: Lane) -> Page | PassedOver:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    body = _body(record, headers)
    response = Response(url=url, status=_status(record), headers=headers, body=body, redirects=())
    try:
        archived_ms = time_ms(record.rec_headers.get_header("WARC-Date") or "", "WARC-Date")
        return read_page(response, url, Hints(lane=lane), archived_ms)
    except PageError as error:
        if error.reason in PASSED_OVER:
            return PassedOver(error.reason)
        raise ReadError(error.reason, error.detail) from None


def _status(record: ArcWarcRecord) -> int:
    status = record.http_headers.get_statuscode()
    return int(status) if status.isdecimal() else 0


def _body(record: ArcWarcRecord, headers: dict[str, str]) -> bytes:
    """The body without chunks and content encoding. Some archivers unpack it and leave the header."""
    stream = record.raw_stream
    if headers.get("transfer-encoding", "").lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=None)
    body: bytes = stream.read(RECORD_BYTES_MAX)
    try:
        return decoded(body, headers.get("content-encoding", ""), RECORD_BYTES_MAX)
    except FetchError as error:
        if error.reason == "undecodable" and body.lstrip()[:1] == b"<":
            return body
        reason = "too_large" if error.reason == "too_large" else "broken_record"
        raise ReadError(reason, str(error)) from None
