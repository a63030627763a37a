"""Requests are counted by what they were answered, also where the answer is a fault of ours."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wirewatch.watching.producing import produced_samples
from wirewatch.watching.requests import Requests


def _answering(status: int) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if status == 0:
            raise RuntimeError("a fault of ours")
        await send({"type": "http.response.start", "status": status})
        await send({"type": "http.response.body"})

    return app


def _ask(requests: Requests, status: int, path: str = "/articles", kind: str = "http") -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(requests.counting(_answering(status))({"type": kind, "path": path}, receive, send))
    return sent


def _counted(requests: Requests) -> dict[str, float]:
    return {one.labels["status"]: one.value for one in requests.samples() if one.labels}


def test_requests_of_the_path_are_counted_by_status_and_go_through_unchanged() -> None:
    requests = Requests("/articles")
    assert _counted(requests) == {"202": 0, "207": 0, "503": 0}
    assert [message["type"] for message in _ask(requests, 202)] == [
        "http.response.start",
        "http.response.body",
    ]
    for status in (202, 413, 503):
        _ask(requests, status)
    assert _counted(requests) == {"202": 2, "207": 0, "413": 1, "503": 1}
    [seconds] = [one.value for one in requests.samples() if not one.labels]
    assert 0 < seconds < 5


def test_what_falls_counts_as_a_failure_and_falls_on() -> None:
    requests = Requests("/articles")
    with pytest.raises(RuntimeError):
        _ask(requests, 0)
    assert _counted(requests)["500"] == 1


def test_nothing_else_is_counted() -> None:
    requests = Requests("/articles")
    _ask(requests, 200, "/health")
    _ask(requests, 200, kind="lifespan")
    assert sum(_counted(requests).values()) == 0


def test_every_fate_of_articles_is_told_from_nought() -> None:
    samples = produced_samples("feeds", {"new": 3})
    assert {one.labels["fate"]: one.value for one in samples} == {
        "new": 3, "changed": 0, "unchanged": 0, "failed": 0,
    }  # fmt: skip
