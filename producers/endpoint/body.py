"""A request's body, within bounds of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from producers.endpoint.answers import RefusedError
from producers.endpoint.submission import too_large

MEDIA_TYPES = ("application/json", "application/x-ndjson", "application/jsonl", "application/jsonlines")
LINES = "application/x-ndjson"
DRAIN_SECONDS = 1.0


def media_type(request: Request) -> str:
    """`application/json` or `application/x-ndjson`. Raises `RefusedError`: 411, 415."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in MEDIA_TYPES:
        raise _unsupported(f"content type {given[:100]!a}")
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "gzip"}:
        raise _unsupported(f"content encoding {encoding[:100]!a}")
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "length_required", "the length is not told")
    return given if given == MEDIA_TYPES[0] else LINES


async def read_body(
    request: Request, size_bytes_max: int, patience_seconds: float, hold: Callable[[int], None]
) -> bytes:
    """The body as it was sent; `hold` is told of each part before it is kept.

    Raises `RefusedError`: 408, 413, and what `hold` raises; `starlette.requests.ClientDisconnect`.
    """
    if int(request.headers.get("content-length", "0")) > size_bytes_max:
        raise too_large(size_bytes_max)
    parts: list[bytes] = []
    size_bytes = 0
    try:
        async with asyncio.timeout(patience_seconds):
            async for part in request.stream():
                size_bytes += len(part)
                if size_bytes > size_bytes_max:
                    raise too_large(size_bytes_max)
                hold(len(part))
                parts.append(part)
    except TimeoutError:
        detail = f"the body did not come within {patience_seconds:g} seconds"
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, "too_slow", detail) from None
    return b"".join(parts)


async def drain(request: Request) -> None:
    """Read and drop what still comes, for a moment: a client that is cut off while it sends does not read
    why.
    """
    with suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in request.stream():
                pass


def _unsupported(what: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_type", f"{what} is not taken")
