"""What comes with an answer: robots.txt, content encodings, charsets, headers that say when and where."""

from __future__ import annotations

import gzip
import math
import sys
import zlib
from contextlib import suppress

import brotli
from hypothesis import strategies as st

from producers.decoding import declared_encoding, decode_text
from producers.feeds.feed import Feed
from producers.feeds.websub import with_link_header
from producers.fetching.content_encoding import decoded
from producers.fetching.exchange import FetchError
from producers.fetching.retry_after import retry_after_seconds
from producers.fetching.robots import robots_of
from producers.pages.charset import header_encoding, page_text
from producers.unreadable import ReadError
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import NASTY, any_text, pieces, prose, short_text, written

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODED_BYTES_MAX = 4 * 1024 * 1024
URLS = (
    "https://example.org/",
    "https://example.org/a/b?c=d",
    "https://example.org/" + "a" * 300,
    "https://example.org/%D8%A7",
)


def read_robots(data: bytes) -> None:
    """It allows or not, and waits some finite time."""
    robots = robots_of(200, data)
    for url in URLS:
        robots.allows(url)
    holds(
        math.isfinite(robots.interval_seconds) and robots.interval_seconds >= 0,
        f"waits {robots.interval_seconds} s",
    )
    holds(all(isinstance(url, str) for url in robots.sitemaps), "a sitemap's address is no text")


def read_encoded(data: bytes) -> None:
    """The first line is the header, the rest the body: never more comes out than may."""
    header, _, body = data.partition(b"\n")
    try:
        content = decoded(body, header.decode("latin-1"), DECODED_BYTES_MAX)
    except FetchError as error:
        holds(error.reason in {"too_large", "undecodable"}, f"unknown reason {error.reason}")
    else:
        holds(len(content) <= DECODED_BYTES_MAX, "more than may be")


def read_charset(data: bytes) -> None:
    """The first line is the Content-Type, the rest a page: text, or a reason."""
    header, _, body = data.partition(b"\n")
    told = header.decode("latin-1")
    header_encoding(told)
    declared_encoding(body)
    with suppress(ReadError):
        page_text(body, told)
    for html in (True, False):
        with suppress(ReadError):
            decode_text(body, html=html)


def read_headers(data: bytes) -> None:
    """`Retry-After`, `Date` and `Link`, a line each."""
    told, date, link = ([*text_of(data).split("\n", 2), "", ""])[:3]
    seconds = retry_after_seconds({"retry-after": told, "date": date}, 1_795_000_000.0)
    holds(seconds is None or (seconds >= 0 and math.isfinite(seconds)), f"stays away for {seconds} s")
    feed = with_link_header(Feed("RSS"), link, "https://example.org/feed")
    holds(all(hub.startswith(("http://", "https://")) for hub in feed.hubs), "a hub's address is none")


_ROBOTS = b"""User-agent: *
Disallow: /a*b$
Allow: /a/%D8%A7
Crawl-delay: 2.5
Request-rate: 1/5m 0900-1700
Sitemap: https://example.org/sitemap.xml

User-agent: wirewatch
Disallow: /private/*/x*y*z$ # comment
"""
_BODY = "<p>Санкции ".encode() * 30
_ENCODED = (
    b"gzip\n" + gzip.compress(_BODY, mtime=0),
    b"br\n" + brotli.compress(_BODY),
    b"zstd\n" + zstd.compress(_BODY),
    b"deflate\n" + zlib.compress(_BODY),
    b"deflate\n" + zlib.compress(_BODY)[2:-4],
    b"gzip, br\n" + brotli.compress(gzip.compress(_BODY, mtime=0)),
    b"gzip\n" + gzip.compress(_BODY, mtime=0) + gzip.compress(b"x", mtime=0) + b"\0\0",
)
_BOMBS = tuple(
    name + b"\n" + pack(bytes(16_000_000))
    for name, pack in ((b"gzip", lambda data: gzip.compress(data, mtime=0)), (b"br", brotli.compress), (b"zstd", zstd.compress), (b"deflate", zlib.compress))
)  # fmt: skip
_CHARSETS = (
    "utf-8",
    "windows-1256",
    "windows-1251",
    "koi8-r",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-kr",
    "iso-2022-jp",
    "hz",
    "utf-16",
    "iso-8859-9",
    "utf-7",
    "idna",
    "unicode_escape",
    "base64",
)


def _page(charset: str, codec: str, text: str) -> bytes:
    body = f'<html><head><meta charset="{charset}"></head><p>{text}</p>'
    return written(f"text/html; charset={charset}\n") + body.encode(codec, "replace")


_codecs = st.sampled_from(
    (
        "utf-8",
        "cp1256",
        "cp1251",
        "koi8_r",
        "gb18030",
        "big5",
        "cp932",
        "cp949",
        "iso2022_jp",
        "hz",
        "utf-16",
        "cp1254",
    )
)
_packers = st.sampled_from((
    (b"gzip", lambda data: gzip.compress(data, 1, mtime=0)), (b"br", lambda data: brotli.compress(data, quality=1)), (b"zstd", zstd.compress), (b"deflate", zlib.compress),
))  # fmt: skip

TARGETS = (
    Target(
        "robots",
        read_robots,
        (_ROBOTS,),
        pieces(("User-agent: *\n", "User-agent: wirewatch\n", "Disallow: /", "Allow: ", "Crawl-delay: ", "Request-rate: ", "Sitemap: ", "*", "$", "\n", "1/0", "1/1s", "inf", "nan", "-1", "#")),
        (b"Disallow: ", b"*", b"$", b"*a" * 50, b"Crawl-delay: 1e400", b"Crawl-delay: nan", b"Request-rate: 0/0", b"Request-rate: 1/9999999999999d", b"User-agent: *", b"\r"),
    ),
    Target(
        "content-encoding",
        read_encoded,
        (*_ENCODED, *_BOMBS),
        st.builds(lambda packer, text, cut: packer[0] + b"\n" + packer[1](written(text))[: cut or None], _packers, any_text, st.integers(0, 60)),
        (b"gzip", b"br", b"zstd", b"deflate", b"identity", b",", b"x-gzip, gzip", b"compress", b"\x1f\x8b\x08\x1f", b"\x28\xb5\x2f\xfd\x00\xff"),
        bytes_max=64 * 1024,
    ),
    Target(
        "charset",
        read_charset,
        (*tuple(_page(charset, "cp1256" if "1256" in charset else "utf-8", "نص قصير للاختبار") for charset in _CHARSETS), _page("windows-1251", "cp1251", "Короткий текст о санкциях"), _page("shift_jis", "cp932", "制裁について"), _page("hz", "hz", "制裁")),
        st.builds(_page, st.sampled_from(_CHARSETS) | short_text, _codecs, prose),
        (*map(written, _CHARSETS), b"charset=", b"<meta ", b"~{", b"~}", b"\x1b$B", b"\x1b(B", b"\x0e", b"\x0f", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"),
        cost=2,
    ),
    Target(
        "headers",
        read_headers,
        (b'120\nFri, 27 Nov 2026 10:00:00 GMT\n<https://hub.example.net/>; rel="hub", </feed>; rel=self', b'Fri, 27 Nov 2026 10:10:00 GMT\nFri, 27 Nov 2026 10:00:00 GMT\n<a>;rel="a hub"'),
        pieces(("\n", "1e400", "nan", "Fri, 27 Nov 2026 10:00:00 GMT", "<", ">", ";", " rel=", '"hub"', "self", ",", "=", "title*=UTF-8''", "Fri, 99 Nov 99999 99:99:99 +9999")),
        (b"\n", b"<", b">; rel=hub", b'; rel="', b" ; a", b"; a=b", b"+9999", b"-2400", b"0001", b"99999", b"inf", *map(written, NASTY[:8])),
    ),
)  # fmt: skip
