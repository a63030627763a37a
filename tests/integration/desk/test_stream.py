"""Pollers and the live stream: nothing that comes in is missed, nothing comes twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from elasticsearch import Elasticsearch

from sinks.elasticsearch.query.cursor import WINDOW, Arrival, read, written
from tests.integration.desk.conftest import store
from tests.integration.desk.told import alert, article
from wirewatch.desk.stream import HEARTBEAT_SECONDS

Get = Callable[..., Any]
PATIENCE_SECONDS = 15


def test_a_poller_gets_each_article_once_and_revisions_again(
    get: Get, client: Elasticsearch, filled: str
) -> None:
    answer = get("/api/articles", order="arrival", size=6, lane="live")
    first = [card["id"] for card in answer["cards"]]
    answer = get("/api/articles", cursor=answer["cursor"], size=6, lane="live")
    assert len({*first, *(card["id"] for card in answer["cards"])}) == 10
    assert get("/api/articles", cursor=answer["cursor"], lane="live")["cards"] == []
    late = msgspec.structs.replace(article(3), id="late", fetched_at="2026-01-01T00:00:00Z", lane="live")
    store(client, filled, [late, msgspec.structs.replace(article(4), revision=99)], [])
    after = get("/api/articles", cursor=answer["cursor"], lane="live")
    assert {card["id"] for card in after["cards"]} == {"late", "ko-1"}
    assert get("/api/articles", cursor=after["cursor"])["cards"] == []
    client.delete(index=f"{filled}-articles-000001", id="late", refresh=True)


def test_what_comes_to_light_late_is_not_missed() -> None:
    """A number below the cursor's, taken by another writer at the same time."""
    at = Arrival("i").after([0, 1, 3, 7])
    assert at.position == 7
    assert set(at.seen()) == {0, 1, 3, 7}
    assert set(at.after([5]).seen()) == {0, 1, 3, 5, 7}
    assert read(written(at)) == at
    assert len(written(Arrival("i").after(list(range(5 * WINDOW))))) < 1000


def test_a_cursor_of_another_index_begins_anew(get: Get) -> None:
    other = written(Arrival("test-other-000009", 10**9))
    assert len(get("/api/articles", cursor=other, size=100)["cards"]) == 10


@pytest.fixture
def heard(desk: httpx.Client) -> Iterator[list[tuple[str, Any]]]:
    """What a page that is open hears."""
    found: list[tuple[str, Any]] = []
    is_open, is_over = threading.Event(), threading.Event()

    def listen() -> None:
        alone = httpx.Client(base_url=desk.base_url, timeout=30, trust_env=False)
        with alone, alone.stream("GET", "/api/stream") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            kind = ""
            for line in answer.iter_lines():
                is_open.set()
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    found.append((kind, json.loads(line.removeprefix("data: "))))
                if is_over.is_set():
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    assert is_open.wait(PATIENCE_SECONDS)
    time.sleep(1)
    yield found
    is_over.set()
    thread.join(PATIENCE_SECONDS + HEARTBEAT_SECONDS)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_open_page_hears_stories_and_each_alert_once(
    heard: list[tuple[str, Any]], client: Elasticsearch, filled: str
) -> None:
    store(client, filled, [msgspec.structs.replace(article(0), revision=50)], [alert(7)])
    until(lambda: {kind for kind, _ in heard} == {"story", "alert"})
    [story] = [data for kind, data in heard if kind == "story"]
    assert (story["id"], story["articles"], story["source_count"]) == ("en-1", 2, 2)
    client.update(index=f"{filled}-alerts-000001", id="alert-7", doc={"status": "sent"}, refresh=True)
    store(client, filled, [msgspec.structs.replace(article(2), revision=51)], [])
    until(lambda: [data["id"] for kind, data in heard if kind == "story"] == ["en-1", "ar-1"])
    assert [data["id"] for kind, data in heard if kind == "alert"] == ["alert-7"]
    client.delete(index=f"{filled}-alerts-000001", id="alert-7", refresh=True)
    store(
        client, filled, [msgspec.structs.replace(article(9), revision=60)], []
    )  # lets the reader see it is over
