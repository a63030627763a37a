"""A gap is met twice before it is passed; what was skipped is met once."""

from __future__ import annotations

from pathlib import Path

import pytest
from faust.types import TP

from processors.gaps import MET_MAX, Gaps, UnskippingConsumer

RAW = "articles.raw-0"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note.gaps"


def test_a_gap_is_believed_by_the_life_after_the_one_that_met_it(note: Path) -> None:
    assert not Gaps(note).is_empty(RAW, 48_132)
    assert Gaps(note).is_empty(RAW, 48_132)


def test_another_gap_is_not(note: Path) -> None:
    assert not Gaps(note).is_empty(RAW, 48_132)
    assert not Gaps(note).is_empty(RAW, 48_140)
    assert not Gaps(note).is_empty("articles.raw-1", 48_140)


def test_two_gaps_that_each_life_meets_anew_are_both_believed(note: Path) -> None:
    assert not Gaps(note).is_empty(RAW, 22)
    life = Gaps(note)
    assert life.is_empty(RAW, 22)
    assert not life.is_empty(RAW, 24)
    life = Gaps(note)
    assert life.is_empty(RAW, 22)
    assert life.is_empty(RAW, 24)


def test_what_was_lost_before_takes_nothing_from_the_watch(note: Path) -> None:
    for offset in range(10 * MET_MAX):
        assert not Gaps(note).is_empty(RAW, offset)
    assert len(note.read_bytes()) < 200


def test_where_nothing_can_be_noted_no_worker_ends_for_ever(tmp_path: Path) -> None:
    assert Gaps(tmp_path / "no such folder" / "note").is_empty(RAW, 5)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_a_note_that_is_none_is_begun_anew(note: Path, content: bytes) -> None:
    note.write_bytes(content)
    assert not Gaps(note).is_empty(RAW, 5)
    assert Gaps(note).is_empty(RAW, 5)


@pytest.mark.parametrize(("sought", "offset"), [(False, None), (True, 6)])
def test_between_a_rebalance_and_its_seek_nothing_is_committed(sought: bool, offset: int | None) -> None:
    partition = TP("articles.raw", 0)
    consumer = object.__new__(UnskippingConsumer)
    vars(consumer).update(
        _sought={partition} if sought else set(),
        _acked={partition: [4, 5]},
        _acked_index={partition: {4, 5}},
        _gap={partition: None},
        _committed_offset={partition: None},
    )
    assert consumer._new_offset(partition) == offset
