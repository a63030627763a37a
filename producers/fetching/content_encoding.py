"""From bytes as they were sent to bytes as they were meant, never more than so many."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

import brotli

from producers.fetching.exchange import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
ZSTD_WINDOW_LOG_MAX = 23  # 8 MiB, which RFC 9659 bids a client take, and no more
ENCODINGS_MAX = 3
GZIP_MARK = b"\x1f\x8b"
ZSTD_MARK = b"\x28\xb5\x2f\xfd"


def decoded(body: bytes, content_encoding: str, max_bytes: int) -> bytes:
    """`body` without its content encodings (`content_encoding` is the header), at most `max_bytes`.

    Raises `FetchError`: `too_large`, as soon as it grows beyond; `undecodable` for broken or unfinished
    data, and for encodings that we did not ask for.
    """
    names = [name for name in re.split(r"[\s,]+", content_encoding.lower()) if name not in ("", "identity")]
    if len(names) > ENCODINGS_MAX:
        raise FetchError("undecodable", f"encoded {len(names)} times")
    for name in reversed(names):
        if name not in _DECODERS:
            raise FetchError("undecodable", f"unknown content encoding {name[:40]!a}")
        try:
            body = _DECODERS[name](body, max_bytes + 1) if body else body
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise FetchError("undecodable", f"broken {name}: {error}") from None
        if len(body) > max_bytes:
            raise FetchError("too_large", f"more than {max_bytes} bytes once decoded")
    return body


def gunzipped(data: bytes, limit_bytes: int) -> bytes:
    """All members of a gzip file, cut at `limit_bytes`. Raises `zlib.error` and `EOFError`."""
    return _all_members(data, limit_bytes, lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), GZIP_MARK)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _all_members(
    data: bytes, limit_bytes: int, member: Callable[[], _Decompressor], mark: bytes | None = None
) -> bytes:
    """Members one after the other; what follows them and does not begin with `mark` is no member."""
    parts: list[bytes] = []
    while data and limit_bytes > 0:
        decompressor = member()
        parts.append(decompressor.decompress(data, limit_bytes))
        limit_bytes -= len(parts[-1])
        if limit_bytes > 0 and not decompressor.eof:
            raise EOFError("it ends too early")
        rest = decompressor.unused_data
        data = rest if mark is not None and rest.startswith(mark) else b""
    return b"".join(parts)


def _inflated(data: bytes, limit_bytes: int) -> bytes:
    """The form that zlib has, or the bare one that some servers send."""
    try:
        return _all_members(data, limit_bytes, lambda: zlib.decompressobj(zlib.MAX_WBITS))
    except zlib.error:
        return _all_members(data, limit_bytes, lambda: zlib.decompressobj(-zlib.MAX_WBITS))


def _unzstd(data: bytes, limit_bytes: int) -> bytes:
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG_MAX}
    return _all_members(data, limit_bytes, lambda: zstd.ZstdDecompressor(options=options), ZSTD_MARK)


def _unbrotli(data: bytes, limit_bytes: int) -> bytes:
    decompressor = brotli.Decompressor()
    parts: list[bytes] = []
    while limit_bytes > 0 and not decompressor.is_finished():
        parts.append(decompressor.process(data, output_buffer_limit=limit_bytes)[:limit_bytes])
        limit_bytes -= len(parts[-1])
        if not parts[-1] and not decompressor.is_finished():
            raise EOFError("it ends too early")
        data = b""
    return b"".join(parts)


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzipped,
    "x-gzip": gunzipped,
    "deflate": _inflated,
    "br": _unbrotli,
    "zstd": _unzstd,
}
