"""Who is let in, how often, and how much is held at once."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus

from producers.endpoint.answers import RefusedError
from producers.endpoint.options import ANY_SOURCE, Token
from producers.serving import Buckets

ANYONE = Token("", ANY_SOURCE)
BUSY_SECONDS = 5.0


def holder(authorization: str, tokens: Iterable[Token]) -> Token:
    """The token that a request carries. Every token is compared, in constant time each, so that how long
    it takes tells nothing. Raises `RefusedError` (401).
    """
    scheme, _, given = authorization.partition(" ")
    secret = given.strip().encode("utf-8", "surrogateescape")
    found = [each for each in tokens if hmac.compare_digest(each.secret.encode(), secret)]
    if scheme.lower() != "bearer" or not found:
        raise RefusedError(HTTPStatus.UNAUTHORIZED, "unauthorized", "no token, or one that is not known here")
    return found[0]


class Rates:
    """How often each token may ask."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._buckets: Buckets[Token] = Buckets(per_minute, clock)

    def take(self, token: Token) -> None:
        """Take one request out. Raises `RefusedError` (429) with the seconds until there is one again."""
        if wait_seconds := self._buckets.take(token):
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_requests",
                f"more than {self._buckets.per_minute} requests a minute",
                wait_seconds,
            )


class Room:
    """How many bytes all requests together may hold."""

    def __init__(self, size_bytes: int) -> None:
        self._size_bytes = size_bytes
        self.held_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Hold so many more. Raises `RefusedError` (429) where there is no room; then nothing is held."""
        if self.held_bytes + size_bytes > self._size_bytes:
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS, "busy", "too much is waiting for Kafka", BUSY_SECONDS
            )
        self.held_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        """Hold so many less."""
        self.held_bytes -= size_bytes
