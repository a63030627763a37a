"""Who is let in, how often, and how much is held at once."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus

from producers.endpoint.answers import RefusedError
from producers.endpoint.options import ANY_SOURCE, Token

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
    """A bucket of requests for each token: full it holds a minute's worth, and it fills steadily."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[Token, tuple[float, float]] = {}

    def take(self, token: Token) -> None:
        """Take one request out. Raises `RefusedError` (429) with the seconds until there is one again."""
        now = self._clock()
        left, then = self._buckets.get(token, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - then) * self._per_minute / 60)
        self._buckets[token] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_requests",
                f"more than {self._per_minute} requests a minute",
                (1 - left) * 60 / self._per_minute,
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
