"""WARC files."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress

from hypothesis import strategies as st

from producers.pages.page import Page
from producers.unreadable import ReadError
from producers.warc.members import RECORD_BYTES_MAX, read_members
from producers.warc.records import page_of
from producers.warc.source import Source
from schemas.article import Article
from schemas.wire import decode, encode
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import short_text, written


def read(data: bytes) -> None:
    """Members lie in the file one after the other, and each is a page or something else with a name."""
    at = 0
    for member in read_members(Source(io.BytesIO(data))):
        holds(
            at <= member.offset <= member.end <= len(data),
            "a member lies outside the file, or before the last",
        )
        holds(len(member.data) <= RECORD_BYTES_MAX + (1 << 20), "a member is larger than may be")
        at = member.offset
        with suppress(ReadError):
            found = page_of(member, "backfill")
            if isinstance(found, Page):
                holds(decode(encode(found.article), Article) == found.article, "the article does not travel")


def record(http: bytes, head: bytes = b"") -> bytes:
    """A response as archives hold it."""
    told = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Target-URI: https://www.example.org/a/1\r\n"
        b"WARC-Date: 2026-03-01T06:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n" + head
    )
    return told + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"


_PAGE = "<html><body><p>제재 소식입니다.</p></body></html>".encode()
_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + _PAGE
_CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"%x\r\n" % len(_PAGE)
    + _PAGE
    + b"\r\n0\r\n\r\n"
)
_ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(
    _PAGE, mtime=0
)
_INFO = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Date: 2026-03-01T06:00:00Z\r\nContent-Length: 5\r\n\r\na: b\n\r\n\r\n"
_RECORDS = (
    _INFO,
    record(_HTTP),
    record(_CHUNKED),
    record(_ZIPPED),
    record(_HTTP, b"WARC-Truncated: length\r\n"),
)
_WORDS = (
    b"WARC/1.0\r\n", b"WARC/1.", b"\r\n\r\n", b"Content-Length: ", b"Content-Length: -1", b"Content-Length: 999999999999999", b"Content-Length: 0\r\n", b"HTTP/1.1 200", b"HTTP/1.1 abc",
    b"Transfer-Encoding: chunked", b"\r\nffffffff\r\n", b"\r\n-1\r\n", b"Content-Encoding: br", b"\x1f\x8b\x08", b"WARC-Date: 0001-01-01", b"WARC-Target-URI: <http://[>", b"\r\n ", b"Content-Type: text/html",
)  # fmt: skip
_headers = st.builds(
    lambda name, value: name + b": " + written(value).replace(b"\n", b" ") + b"\r\n",
    st.sampled_from(
        (
            b"Content-Type",
            b"Content-Encoding",
            b"Transfer-Encoding",
            b"Content-Length",
            b"WARC-Date",
            b"WARC-Type",
            b"WARC-Target-URI",
            b"X",
        )
    ),
    short_text,
)
_made = st.builds(
    lambda status, mine, theirs, body: record(
        b"HTTP/1.1 " + written(status) + b"\r\n" + b"".join(theirs) + b"\r\n" + body, b"".join(mine)
    ),
    st.sampled_from(("200 OK", "404 Not Found", "", "²", "200")) | short_text,
    st.lists(_headers, max_size=3),
    st.lists(_headers, max_size=4),
    st.sampled_from((_PAGE, b"", b"0\r\n\r\n", b"ffff\r\n" + _PAGE)) | st.binary(max_size=80),
)

TARGETS = (
    Target(
        "warc",
        read,
        (
            b"".join(_RECORDS),
            b"".join(gzip.compress(each, mtime=0) for each in _RECORDS),
            gzip.compress(b"".join(_RECORDS), mtime=0),
            *_RECORDS,
        ),
        st.lists(_made | _made.map(lambda data: gzip.compress(data, 1, mtime=0)), max_size=4).map(b"".join),
        _WORDS,
    ),
)
