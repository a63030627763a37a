"""Pages that behave badly, by path. Every `Site` has them.

- time: `/hang` never answers, `/silence` stops after the head, `/drip` sends a byte each 50 ms for ever,
  `/slow` takes a second, `/endless-head` sends headers for ever
- connections: `/broken` ends in the middle, `/shut` closes at once, `/garbage` is no HTTP
- size: `/huge` never ends, `/huge-declared` says 10 GB, `/bomb/{gzip,br,zstd,twice}` unpack to 64 MB
- encodings: `/mis-declared` says gzip and isn't, `/cut-gzip`, `/cut-br` and `/cut-zstd` lack their end,
  `/unknown-encoding`, `/packed/{gzip,deflate,raw-deflate,br,zstd,members,twice}` are well
- redirects: `/loop` to itself, `/ping` and `/pong` to each other, `/ever-on` to a new address each time,
  `/cookie-wall` to itself until its cookie comes back, `/hop/301` … `/hop/308` to `/landing`,
  `/to/{loopback,metadata,private,mapped,file,script,nowhere}` to where nobody may go
- refusals: `/limited` (429, Retry-After 120), `/limited-date`, `/limited-silently`, `/unavailable` (503 and
  Retry-After 30), `/failing` (500), `/gone` (410), `/forbidden` (403)
- `/tagged` answers 304 to its own ETag
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import zlib
from collections.abc import AsyncIterator
from functools import cache

import brotli
from backports import zstd

from tests.site.site import Answer, Asked, Page, Stream

BOMB_BYTES = 64 * 1024 * 1024
LANDING = "<html><body><p>Hier ist die Seite.</p></body></html>"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
FOR_EVER = 3600.0
ETAG = '"v1"'


async def _hang(_: Asked) -> AsyncIterator[bytes]:
    await asyncio.sleep(FOR_EVER)
    yield b""


async def _silence(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD + b"content-length: 100\r\n\r\n<html>"
    await asyncio.sleep(FOR_EVER)


async def _drip(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b"x"
        await asyncio.sleep(0.05)


async def _endless_head(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD
    for number in itertools.count():
        yield b"x-%d: %s\r\n" % (number, b"y" * 1000)


async def _broken(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD + b"content-length: 1000\r\n\r\n<html><p>The first half"


async def _shut(_: Asked) -> AsyncIterator[bytes]:
    return
    yield b""


async def _garbage(_: Asked) -> AsyncIterator[bytes]:
    yield b"220 mail.example.com ESMTP\r\n\x00\xff\r\n\r\n"


async def _huge(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b"<p>Mehr davon.</p>" * 4000


async def _huge_declared(_: Asked) -> AsyncIterator[bytes]:
    yield HEAD + b"content-length: 10000000000\r\n\r\n<html>"
    await asyncio.sleep(FOR_EVER)


@cache
def _bomb(kind: str) -> bytes:
    nothing = bytes(BOMB_BYTES)
    if kind == "br":
        return bytes(brotli.compress(nothing, quality=1))
    if kind == "zstd":
        return zstd.compress(nothing, 1)
    return gzip.compress(_bomb("gzip")) if kind == "twice" else gzip.compress(nothing, 1)


def _bombing(kind: str) -> Page:
    encoding = "gzip, gzip" if kind == "twice" else kind
    return lambda _: Answer(_bomb(kind), headers={"content-type": "text/html", "content-encoding": encoding})


def _bare(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


def _packed(encoding: str, body: bytes) -> Answer:
    return Answer(body, headers={"content-type": "text/html", "content-encoding": encoding})


def _to(target: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"location": target})


def _ever_on(asked: Asked) -> Answer:
    return _to(f"/ever-on?{int(asked.target.partition('?')[2] or 0) + 1}")


def _cookie_wall(asked: Asked) -> Answer:
    if asked.headers.get("cookie") == "seen=1":
        return Answer(LANDING)
    return Answer(b"", 302, {"location": "/cookie-wall", "set-cookie": "seen=1; Path=/"})


def _tagged(asked: Asked) -> Answer:
    if asked.headers.get("if-none-match") == ETAG:
        return Answer(b"", 304, {"etag": ETAG})
    return Answer(LANDING, headers={"etag": ETAG, "last-modified": "Wed, 05 Jun 2024 08:00:00 GMT"})


_PAGE = LANDING.encode()
_STREAMS: dict[str, Stream] = {
    "/hang": _hang,
    "/silence": _silence,
    "/drip": _drip,
    "/endless-head": _endless_head,
    "/broken": _broken,
    "/shut": _shut,
    "/garbage": _garbage,
    "/huge": _huge,
    "/huge-declared": _huge_declared,
}
HAZARDS: dict[str, Page] = {
    **_STREAMS,
    **{f"/bomb/{kind}": _bombing(kind) for kind in ("gzip", "br", "zstd", "twice")},
    **{f"/hop/{status}": _to("/landing", status) for status in (301, 302, 303, 307, 308)},
    "/landing": Answer(LANDING, headers={"content-type": "text/html"}),
    "/slow": Answer(LANDING, delay_seconds=1.0),
    "/mis-declared": _packed("gzip", _PAGE),
    "/cut-gzip": _packed("gzip", gzip.compress(_PAGE)[:-12]),
    "/cut-br": _packed("br", brotli.compress(_PAGE)[:-4]),
    "/cut-zstd": _packed("zstd", zstd.compress(_PAGE)[:-4]),
    "/unknown-encoding": _packed("rot13", _PAGE),
    "/packed/gzip": _packed("gzip", gzip.compress(_PAGE)),
    "/packed/members": _packed("gzip", gzip.compress(_PAGE[:20]) + gzip.compress(_PAGE[20:]) + b"\0\0"),
    "/packed/deflate": _packed("deflate", zlib.compress(_PAGE)),
    "/packed/raw-deflate": _packed("deflate", _bare(_PAGE)),
    "/packed/br": _packed("br", brotli.compress(_PAGE)),
    "/packed/zstd": _packed("zstd", zstd.compress(_PAGE)),
    "/packed/twice": _packed("gzip, br", brotli.compress(gzip.compress(_PAGE))),
    "/loop": _to("/loop"),
    "/ping": _to("/pong"),
    "/pong": _to("/ping"),
    "/ever-on": _ever_on,
    "/cookie-wall": _cookie_wall,
    "/to/loopback": _to("http://127.0.0.1:9/"),
    "/to/metadata": _to("http://169.254.169.254/latest/meta-data/"),
    "/to/private": _to("//10.0.0.1/admin"),
    "/to/mapped": _to("http://[::ffff:192.168.0.1]/"),
    "/to/file": _to("file:///etc/passwd"),
    "/to/script": _to("javascript:alert(1)"),
    "/to/nowhere": _to(""),
    "/limited": Answer(b"", 429, {"retry-after": "120"}),
    "/limited-date": Answer(
        b"", 429, {"date": "Wed, 05 Jun 2024 08:00:00 GMT", "retry-after": "Wed, 05 Jun 2024 08:02:00 GMT"}
    ),
    "/limited-silently": Answer(b"", 429),
    "/unavailable": Answer(b"", 503, {"retry-after": "30"}),
    "/failing": Answer(b"", 500),
    "/gone": Answer(b"", 410),
    "/forbidden": Answer(b"", 403),
    "/tagged": _tagged,
}
