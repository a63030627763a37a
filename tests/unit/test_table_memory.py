"""A table as memory: what stages change is on the changelog, then on the disk, before it counts as kept."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from faust.streams import _current_event
from faust.types import TP
from rocksdict import AccessType, Options, Rdict

from processors import tables
from processors.tables import KeyTable, TableMemory

FIRST, SECOND = TP("articles.clean", 0), TP("articles.clean", 1)
OFFSET_KEY = b"offset"


class Changelog:
    """Kafka, as far as a changelog goes. `faults` are its answers to the first batches, in order."""

    def __init__(self, *faults: Exception | None, batch_bytes: int = 16_384) -> None:
        self.records: dict[int, list[tuple[bytes, bytes | None]]] = {0: [], 1: []}
        self.batches = 0
        self.futures: list[asyncio.Future[Any]] = []
        self.holds = False
        self._faults = list(faults)
        self._batch_bytes = batch_bytes

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(self._batch_bytes, 0)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]:
        assert topic == "changelog"
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        self.batches += 1
        fault = self._faults.pop(0) if self._faults else None
        if fault is not None:
            future.set_exception(fault)
        elif not self.holds:
            log = self.records[partition]
            future.set_result(SimpleNamespace(offset=len(log)))
            log += [(one.key, one.value) for one in DefaultRecordBatch(bytearray(batch._build()))]
        return future


class Worker:
    """An app, a table on a real RocksDB, and its memory."""

    def __init__(self, folder: Path, changelog: Changelog) -> None:
        self.changelog = changelog
        self.ours = {FIRST, SECOND}
        self.ended: list[str] = []
        self.disks = {
            number: Rdict(
                str(folder / str(number)), Options(raw_mode=True), access_type=AccessType.read_write()
            )
            for number in (0, 1)
        }
        self.revoked: list[Any] = []
        app = SimpleNamespace(
            producer=SimpleNamespace(_producer=changelog),
            consumer=SimpleNamespace(assignment=lambda: self.ours),
            on_partitions_revoked=SimpleNamespace(connect=self.revoked.append),
        )
        table = SimpleNamespace(
            changelog_topic=SimpleNamespace(get_topic_name=lambda: "changelog"),
            data=SimpleNamespace(offset_key=OFFSET_KEY, _db_for_partition=lambda number: self.disks[number]),
        )
        self.memory = TableMemory(app, table, lambda why, error: self.ended.append(f"{why}: {error}"))  # type: ignore[arg-type]

    def kept(self, partition: int) -> dict[bytes, bytes]:
        kept: dict[Any, Any] = dict(self.disks[partition].items())
        return {key: value for key, value in kept.items() if key != OFFSET_KEY}

    def settle(self) -> None:
        asyncio.run(asyncio.wait_for(self.memory.settled(), 5))


@contextmanager
def at_hand(tp: TP) -> Iterator[None]:
    event = SimpleNamespace(message=SimpleNamespace(tp=tp))
    held = type("Event", (), {"message": event.message})()
    token = _current_event.set(weakref.ref(held))
    try:
        yield
    finally:
        _current_event.reset(token)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "RESEND_SECONDS", 0.0)


def test_a_change_is_at_hand_at_once_in_its_own_partition(tmp_path: Path) -> None:
    memory = Worker(tmp_path, Changelog()).memory
    with at_hand(FIRST):
        memory["a"] = b"1"
        assert memory["a"] == b"1"
        assert memory.pop("a") == b"1"
        assert memory.get("a") is None
        memory["a"] = b"2"
    with at_hand(SECOND), pytest.raises(KeyError):
        memory["a"]


def test_what_changed_is_on_the_changelog_and_the_disk_once_with_its_place(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    with at_hand(FIRST):
        worker.memory["a"] = b"1"
        worker.memory["a"] = b"2"
        worker.memory["b"] = b"3"
    with at_hand(SECOND):
        worker.memory["a"] = b"4"
    worker.settle()
    assert worker.changelog.records == {0: [(b"a", b"2"), (b"b", b"3")], 1: [(b"a", b"4")]}
    assert (worker.kept(0), worker.kept(1)) == ({b"a": b"2", b"b": b"3"}, {b"a": b"4"})
    assert worker.disks[0][OFFSET_KEY] == b"1"
    with at_hand(FIRST):
        del worker.memory["a"]
        assert worker.memory["b"] == b"3"
    worker.settle()
    assert worker.changelog.records[0][2:] == [(b"a", None)]
    assert worker.kept(0) == {b"b": b"3"}
    assert worker.disks[0][OFFSET_KEY] == b"2"
    worker.settle()  # nothing is left
    assert len(worker.changelog.records[0]) == 3


def test_more_than_a_batch_holds_goes_in_several(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog(batch_bytes=2000))
    wanted = {f"k{i}".encode(): b"x" * 90 for i in range(50)} | {b"large": b"y" * 9000}
    with at_hand(FIRST):
        for key, value in wanted.items():
            worker.memory[key.decode()] = value
    worker.settle()
    assert worker.changelog.batches > 2
    assert dict(worker.changelog.records[0]) == worker.kept(0) == wanted
    assert worker.disks[0][OFFSET_KEY] == b"50"


def test_what_fails_is_sent_again_and_until_then_is_not_on_the_disk(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog(ConnectionError("away"), None, ConnectionError("still away")))
    with at_hand(FIRST):
        worker.memory["a"] = b"1"
    with at_hand(SECOND):
        worker.memory["b"] = b"2"
    worker.settle()
    assert worker.changelog.batches == 4
    assert worker.changelog.records == {0: [(b"a", b"1")], 1: [(b"b", b"2")]}
    assert (worker.kept(0), worker.kept(1)) == ({b"a": b"1"}, {b"b": b"2"})


def test_the_disk_has_nothing_that_kafka_has_not(tmp_path: Path) -> None:
    async def run() -> None:
        worker = Worker(tmp_path, Changelog())
        worker.changelog.holds = True
        with at_hand(FIRST):
            worker.memory["a"] = b"1"
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(worker.memory.settled(), 0.05)
        assert not worker.changelog.futures[0].cancelled()
        assert worker.kept(0) == {}
        with at_hand(FIRST):
            assert worker.memory["a"] == b"1"

    asyncio.run(run())


def test_what_belongs_to_another_by_now_is_let_go(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    with at_hand(FIRST):
        worker.memory["a"] = b"1"
    worker.ours.discard(FIRST)
    worker.settle()
    assert worker.changelog.batches == 0
    worker.ours.add(FIRST)
    with at_hand(FIRST):
        assert worker.memory.get("a") is None
        worker.memory["a"] = b"2"
    [let_go] = worker.revoked
    asyncio.run(let_go(None, {FIRST}))
    worker.settle()
    assert worker.changelog.batches == 0


def test_what_was_taken_before_a_partition_was_given_up_is_held_no_more(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    events = [_event(b"a", FIRST), _event(b"b", SECOND)]
    with at_hand(FIRST):
        worker.memory["a"] = b"1"
    assert worker.memory.held(events) == events
    [let_go] = worker.revoked
    asyncio.run(let_go(None, {FIRST}))  # and all partitions are ours again
    worker.settle()
    assert worker.kept(0) == {}
    assert worker.memory.held(events) == events[1:]
    KeyTable(worker.memory).keep(events, {"a": b"2", "b": b"3"})
    worker.settle()
    assert (worker.kept(0), worker.kept(1)) == ({}, {b"b": b"3"})
    again = _event(b"a", FIRST)
    assert worker.memory.held([again, *events]) == [again, events[1]]


def test_what_was_taken_before_another_had_the_partition_is_held_no_more(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    event = _event(b"a", FIRST)
    with at_hand(FIRST):
        worker.memory["a"] = b"1"
    worker.ours.discard(FIRST)
    worker.settle()
    assert worker.memory.held([event]) == []


def test_a_full_disk_ends_the_worker(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    full = Exception("IO error: No space left on device")

    def write(_: object) -> None:
        raise full

    worker.disks[0] = SimpleNamespace(write=write)  # type: ignore[assignment]
    with at_hand(FIRST):
        worker.memory["b"] = b"2"
    with pytest.raises(Exception, match="No space left"):
        worker.settle()
    assert worker.ended == ["state: IO error: No space left on device"]


def test_a_fault_of_the_stage_does_not(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    with at_hand(FIRST), pytest.raises(KeyError):
        worker.memory["nothing"]
    assert worker.ended == []


def _event(key: bytes | None, tp: TP = FIRST) -> Any:
    """An event that a stream takes now, and that can be referred to weakly, as Faust's can."""
    return type("Event", (), {"message": SimpleNamespace(tp=tp, key=key, time_in=monotonic())})()


def test_a_large_value_that_changes_by_little_is_kept_as_what_it_was_and_a_patch(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    table, event, drawn = KeyTable(worker.memory), _event(b"harbour.example"), Random(3)
    value, values = drawn.randbytes(15_000), []
    for _ in range(60):
        value = value[100:] + drawn.randbytes(100)
        table.keep([event], {"harbour.example": value})
        worker.settle()
        values.append(table.values([event])["harbour.example"] == value)
    assert all(values)
    written = sum(len(logged or b"") for _, logged in worker.changelog.records[0])
    assert written < 60 * len(value) / 5
    again = KeyTable(Worker(tmp_path / "another", Changelog()).memory)
    assert again.values([event]) == {}


def test_what_says_nothing_new_is_not_written(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    table, event = KeyTable(worker.memory), _event(b"a")
    for value in (b"x" * 5_000, b"x" * 4_990 + b"y" * 10):
        for _ in range(3):
            table.keep([event], {"a": value})
            worker.settle()
    assert len(worker.changelog.records[0]) == 2


def test_keys_that_are_no_text_or_none_have_nothing(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Changelog())
    table = KeyTable(worker.memory)
    events = [_event(key) for key in (None, b"", b"\xff", b"a\0patch")]
    table.keep(events, {"": b"1", "a\0patch": b"2"})
    worker.settle()
    assert (table.values(events), worker.changelog.batches) == ({}, 0)
