"""Requests of an HTTP application, counted by what they were answered."""

from __future__ import annotations

import time
from collections import Counter
from http import HTTPStatus
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wirewatch.metrics import Sample

EXPECTED = (HTTPStatus.ACCEPTED, HTTPStatus.MULTI_STATUS, HTTPStatus.SERVICE_UNAVAILABLE)
"""Told of from the beginning: of a series that appears with its first request no increase is seen."""


class Requests:
    """Counts requests of one path by their status, and adds up the seconds from request to answer."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = Lock()
        self._statuses: Counter[int] = Counter({int(status): 0 for status in EXPECTED})
        self._seconds = 0.0

    def counting(self, app: ASGIApp) -> ASGIApp:
        """The application, counted; what it raises counts as its failure, and goes on."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != self._path:
                await app(scope, receive, send)
                return
            started, status = time.perf_counter(), int(HTTPStatus.INTERNAL_SERVER_ERROR)

            async def sent(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, sent)
            finally:
                self._add(status, time.perf_counter() - started)

        return counted

    def samples(self) -> list[Sample]:
        """What was counted since the start."""
        with self._lock:
            statuses, seconds = dict(self._statuses), self._seconds
        counted = [
            Sample("wirewatch_push_requests_total", number, {"status": str(status)})
            for status, number in sorted(statuses.items())
        ]
        return [*counted, Sample("wirewatch_push_request_seconds_total", seconds)]

    def _add(self, status: int, seconds: float) -> None:
        with self._lock:
            self._statuses[status] += 1
            self._seconds += seconds
