"""Bulk writes against real nodes: one with room, one that can hold a single request at a time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch as Client

from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import BulkAction
from sinks.elasticsearch.client import connect
from wirewatch.local import LocalServiceError
from wirewatch.local.elasticsearch import Elasticsearch
from wirewatch.settings import load_settings


class NarrowElasticsearch(Elasticsearch):
    """A node that rejects what it can't do at once: 429, item by item."""

    def configuration(self) -> dict[str, object]:
        return super().configuration() | {"thread_pool.write.size": 1, "thread_pool.write.queue_size": 1}


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("narrow")
    node = NarrowElasticsearch(folder, load_settings(data_dir=folder))
    try:
        node.start()
    except LocalServiceError as error:
        pytest.fail(str(error))
    yield node.url
    node.stop()


def _index(client: Client, name: str, shards: int = 1) -> str:
    client.indices.create(
        index=f"{name}-000001",
        aliases={name: {"is_write_index": True}},
        settings={"index": {"number_of_shards": shards, "number_of_replicas": 0}},
        mappings={"dynamic": "strict", "properties": {"n": {"type": "long"}}},
    )
    return name


def _creates(index: str, count: int, name: str = "") -> list[BulkAction]:
    return [BulkAction(index, f"{name}{n}", b'{"n":%d}' % n, op="create") for n in range(count)]


def test_items_turned_away_are_tried_again_and_only_those(narrow: str) -> None:
    """Many shards and many writers overfill the queue: the node answers 200 with 429 inside."""
    held: Counter[str] = Counter()

    def write(worker: int) -> list[bulk.Answer]:
        with connect(narrow) as client:

            def hold(seconds: float) -> None:
                held[str(worker)] += 1
                threading.Event().wait(seconds)

            return bulk.write(client, _creates(index, 100, f"{worker}-"), hold, actions_max=100)

    with connect(narrow) as client:
        index = _index(client, "narrow", shards=6)
        with ThreadPoolExecutor(3) as pool:
            answers = [answer for some in pool.map(write, range(3)) for answer in some]
        client.indices.refresh(index=index)
        assert client.count(index=index)["count"] == 300
    assert sum(held.values()) > 0, "the node never turned anything away: this test shows nothing"
    # Creates: had an item that was already written been sent again, it would be a conflict.
    assert Counter(answer.verdict for answer in answers) == {"written": 300}


@pytest.fixture
def client(elasticsearch: str) -> Iterator[Client]:
    with connect(elasticsearch) as opened:
        yield opened


@pytest.fixture
def index(client: Client, request: pytest.FixtureRequest) -> Iterator[str]:
    name = _index(client, f"bulk-{abs(hash(request.node.nodeid))}")
    yield name
    client.indices.delete(index=f"{name}-*")


def _no_hold(seconds: float) -> None:
    pytest.fail(f"waited {seconds} s for what is the document's own fault")


def test_every_item_has_its_own_answer(client: Client, index: str) -> None:
    actions = [
        BulkAction(index, "good", b'{"n":1}'),
        BulkAction(index, "strange", b'{"m":1}'),
        BulkAction(index, "wrong", b'{"n":"word"}'),
        BulkAction(index, "good", b'{"n":2}', op="create"),
        BulkAction(index, "versioned", b'{"n":1}', version=7),
        BulkAction(index, "versioned", b'{"n":2}', version=7),
        BulkAction(index, "versioned", b'{"n":3}', version=6),
    ]
    told = {answer.action: answer for answer in bulk.write(client, actions, _no_hold)}
    answers = [told[action] for action in actions]
    assert [answer.verdict for answer in answers] == [
        "written", "rejected", "rejected", "conflict", "written", "written", "conflict",
    ]  # fmt: skip
    assert "[m]" in answers[1].reason
    assert "[n]" in answers[2].reason
    assert client.get(index=index, id="versioned")["_source"] == {"n": 2}


def test_one_document_that_is_no_json_does_not_take_its_neighbours_along(client: Client, index: str) -> None:
    actions = _creates(index, 20)
    actions[13] = BulkAction(index, "broken", b'{"n":')
    answers = bulk.write(client, actions, _no_hold)
    assert [answer.action.id for answer in answers if answer.verdict == "rejected"] == ["broken"]
    assert sum(answer.verdict == "written" for answer in answers) == 19


def test_an_index_that_is_not_there_is_waited_for_and_not_invented(client: Client, index: str) -> None:
    name = f"{index}-late"
    waits: list[float] = []

    def hold(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            _index(client, name)

    [answer] = bulk.write(client, _creates(name, 1), hold)
    assert answer.verdict == "written"
    assert len(waits) == 3
    assert waits[0] < waits[2]


def test_giving_up_is_the_holders_to_say() -> None:
    class Enough(Exception):  # noqa: N818
        pass

    def hold(seconds: float) -> None:
        raise Enough

    with connect("http://127.0.0.1:1") as nobody, pytest.raises(Enough):
        bulk.write(nobody, _creates("x", 3), hold)
