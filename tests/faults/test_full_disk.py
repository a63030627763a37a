"""What a node with a full disk says of writes is no proof of them. Needs root, to mount a small disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import ApiError, Elasticsearch, TransportError

from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import BulkAction
from sinks.elasticsearch.patience import settled, written_if
from tests.faults.disks import Disk
from wirewatch.local import LocalServices
from wirewatch.local.elasticsearch import Elasticsearch as Node
from wirewatch.settings import load_settings

INDEX = "alerts"
TEXT = "x" * 3_000
WRITTEN_BEFORE = 20
SOURCE = b'{"text": "%s"}' % TEXT.encode()
FULL_SECONDS = 4.0
CREATES_MAX = 50


class SmallDisk:
    """A node on a disk of its own, and a client that waits no longer than it must."""

    def __init__(self, disk: Disk, node: Node) -> None:
        self.disk = disk
        self._freeing: threading.Timer | None = None
        self.client = Elasticsearch(node.url, max_retries=0, request_timeout=5)
        self.client.indices.create(
            index=f"{INDEX}-000001",
            settings={"number_of_replicas": 0},
            mappings={"properties": {"text": {"type": "binary"}}},
            aliases={INDEX: {}},
        )
        for number in range(WRITTEN_BEFORE):
            self.client.index(index=INDEX, id=str(number), document={"text": TEXT})

    def fill_for_a_while(self) -> None:
        """No room is left, and then there is again."""
        self.disk.fill()
        self.free_soon()

    def free_soon(self) -> None:
        """There is room again after a while, and the node tries anew to open its shards."""
        self._freeing = threading.Timer(FULL_SECONDS, self._free)
        self._freeing.start()

    def end(self) -> None:
        """Before the node ends: a test that needed no room may be over before there is some."""
        if self._freeing is not None:
            self._freeing.cancel()
            self._freeing.join()

    def _free(self) -> None:
        self.disk.free()
        self.client.options(request_timeout=30).cluster.reroute(retry_failed=True)

    def failed_create(self) -> str:
        """The id of the first create that failed: there may be some room in a page, or a file has gone."""
        for number in range(CREATES_MAX):
            try:
                self.client.create(index=INDEX, id=f"a{number}", document={"text": TEXT})
            except (ApiError, TransportError):
                return f"a{number}"
        pytest.fail(f"{CREATES_MAX} creates found room on a full disk")

    def has(self, name: str) -> bool:
        """Whether a document is there once its shard has been opened anew, from what is on the disk."""
        self.client.indices.close(index=f"{INDEX}-000001")
        self.client.indices.open(index=f"{INDEX}-000001", wait_for_active_shards=1)
        return bool(self.client.exists(index=INDEX, id=name))


@pytest.fixture
def small(services: LocalServices, tmp_path: Path) -> Iterator[SmallDisk]:
    disk = Disk(tmp_path / "node")
    if not disk.is_small:
        pytest.skip("no file system may be mounted here")
    node = Node(disk.folder, load_settings(data_dir=tmp_path))
    try:
        node.start()
        one = SmallDisk(disk, node)
        try:
            yield one
        finally:
            one.end()
    finally:
        node.stop()
        disk.close()


def test_a_create_that_failed_at_the_disk_is_made_all_the_same(small: SmallDisk) -> None:
    small.fill_for_a_while()
    [answer] = bulk.write(small.client, [BulkAction(INDEX, "a", SOURCE, op="create")], time.sleep)
    assert answer.verdict in {"written", "conflict"}
    assert small.has("a")


def test_a_create_that_failed_for_a_sink_that_is_gone_is_made_by_the_next(small: SmallDisk) -> None:
    small.disk.fill()
    name = small.failed_create()
    small.free_soon()
    bulk.write(small.client, [BulkAction(INDEX, name, SOURCE, op="create")], time.sleep)
    assert small.has(name)


def test_a_conditional_write_that_failed_at_the_disk_is_made_all_the_same(small: SmallDisk) -> None:
    stands = small.client.index(index=INDEX, id="a", document={"text": "before"})
    small.fill_for_a_while()
    written_if(  # or not, where a try of its own that failed came to the disk
        small.client, INDEX, time.sleep, "conditional", id="a", document={"text": TEXT},
        if_seq_no=stands["_seq_no"], if_primary_term=stands["_primary_term"],
    )  # fmt: skip
    assert small.has("a")
    assert small.client.get(index=INDEX, id="a")["_source"] == {"text": TEXT}


def test_a_create_of_what_is_there_is_a_conflict_at_once(small: SmallDisk) -> None:
    action = BulkAction(INDEX, "a", SOURCE, op="create")
    assert [bulk.write(small.client, [action], _never)[0].verdict for _ in range(2)] == [
        "written",
        "conflict",
    ]


def _never(_: float) -> None:
    raise AssertionError("nothing is to be waited for")


def test_what_can_not_be_flushed_is_waited_for(small: SmallDisk) -> None:
    small.fill_for_a_while()
    with pytest.raises((ApiError, TransportError)):
        small.client.index(index=INDEX, id="b", document={"text": TEXT})
    started = time.monotonic()
    settled(small.client, INDEX, time.sleep)
    assert time.monotonic() - started > FULL_SECONDS / 2
    assert not small.has("b")
