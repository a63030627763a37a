"""What goes into a fetch and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "bad_url",
    "private_address",
    "forbidden_by_robots",
    "asked_to_wait",
    "budget_spent",
    "connection_failed",
    "tls_failed",
    "timeout",
    "too_large",
    "undecodable",
    "too_many_redirects",
]


@dataclass(frozen=True)
class Request:
    """A page, feed or sitemap to get.

    `etag` and `last_modified` are those of the last answer, sent back so that an unchanged thing costs a
    304. `max_bytes` replaces the options' own.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True)
class Response:
    """An answer of any status. `url` is where it came from in the end, `headers` have lower-case names,
    `body` is free of gzip, br and zstd. `redirects` are those followed: status and where it led.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[tuple[int, str], ...] = ()


class FetchError(Exception):
    """No answer, and why. `retry_after_seconds` is set where waiting as long may help.

    `asked_to_wait`: the domain answered 429 or 503 a while ago and its pause isn't over.
    `forbidden_by_robots` has a time to wait where robots.txt could not be had, rather than forbade.
    """

    def __init__(self, reason: Reason, detail: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
