"""Who killed the worker is found out in a few lives, and set aside; a worker that dies of everything is not helped so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from processors.in_hand import ASIDE_MAX, DEATHS_MAX, InHand, Place


class DeathError(BaseException):
    """The process is gone."""


class Worker:
    """Lives that follow each other, with one note. `deadly` are the offsets that end a life."""

    def __init__(self, note: Path, deadly: Sequence[int]) -> None:
        self.note = note
        self.deadly = deadly
        self.deaths = 0
        self.taken: list[list[int]] = []

    def live(self, offsets: Sequence[int]) -> list[str] | None:
        """What became of records in one life; `None` where it ended over them."""
        in_hand = InHand(self.note)
        places: list[Place] = [(0, offset) for offset in offsets]

        def stages(some: slice) -> list[str]:
            self.taken.append([offset for _, offset in places[some]])
            if set(self.taken[-1]) & set(self.deadly):
                raise DeathError
            return ["passed"] * len(self.taken[-1])

        try:
            return in_hand.through(places, stages, lambda why: why)
        except DeathError:
            self.deaths += 1
            return None
        finally:
            in_hand.close()

    def live_on(self, offsets: Sequence[int], lives_max: int = 20) -> list[str] | None:
        """The same, started again as often as it takes."""
        return next((made for _ in range(lives_max) if (made := self.live(offsets)) is not None), None)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "app.in-hand"


def test_what_kills_is_set_aside_and_the_rest_passes(note: Path) -> None:
    worker = Worker(note, deadly=[7])
    made = worker.live_on(range(4, 10))
    assert made is not None
    assert [one == "passed" for one in made] == [True, True, True, False, True, True]
    assert f"died {DEATHS_MAX} times" in made[3]
    assert worker.deaths == DEATHS_MAX


def test_after_a_death_each_that_was_in_hand_goes_alone(note: Path) -> None:
    worker = Worker(note, deadly=[2])
    worker.live([1, 2, 3])
    worker.taken.clear()
    worker.live([0, 1, 2, 3, 4, 5])
    assert worker.taken == [[0], [1], [2]]


def test_two_that_kill_are_both_found(note: Path) -> None:
    worker = Worker(note, deadly=[1, 3])
    made = worker.live_on(range(5))
    assert made is not None
    assert [one == "passed" for one in made] == [True, False, True, False, True]


def test_what_was_set_aside_stays_so_until_it_is_past(note: Path) -> None:
    worker = Worker(note, deadly=[1])
    worker.live_on(range(5))
    assert worker.live(range(5)) is not None, (
        "read once more, since the life ended before its dead letter was safe"
    )
    assert worker.live(range(2, 5)) == ["passed"] * 3
    assert worker.live(range(5)) is None, "a replay from before it gets it a chance again"


def test_deaths_that_struck_different_records_set_nothing_aside(note: Path) -> None:
    for at in range(8):  # killed from outside, each time over another record
        assert Worker(note, deadly=[at]).live([at]) is None
    assert Worker(note, deadly=[]).live(range(8)) == ["passed"] * 8


def test_a_worker_that_dies_of_everything_sets_only_a_few_aside(note: Path) -> None:
    worker = Worker(note, deadly=range(100))
    aside = [offset for offset in range(20) if worker.live_on([offset], lives_max=10)]
    assert aside == list(range(ASIDE_MAX))
    assert Worker(note, deadly=[]).live([50]) == ["passed"]
    assert worker.live_on([51]) is not None, "once something went through, a record may be at fault again"


def test_a_note_that_was_cut_or_is_none_is_no_note(note: Path) -> None:
    for written in (b'{"in_hand":[[0,1', b"\x00\xff", b'{"in_hand":[["a",1,2]]}\n', b""):
        note.write_bytes(written)
        assert Worker(note, deadly=[]).live([1, 2]) == ["passed"] * 2


def test_a_shorter_note_over_a_longer_one_is_read_alone(note: Path) -> None:
    worker = Worker(note, deadly=[99])
    worker.live(range(100))
    worker.live([200])
    worker.live([201, 202, 203])
    assert worker.taken[1:] == [[200], [201, 202, 203]]


def test_a_second_worker_goes_without_a_note(note: Path) -> None:
    first = InHand(note)
    try:
        assert Worker(note, deadly=[3]).live([3]) is None
    finally:
        first.close()
    worker = Worker(note, deadly=[])
    worker.live([2, 3])
    assert worker.taken == [[2, 3]]


def test_where_nothing_can_be_noted_records_pass_all_the_same(tmp_path: Path) -> None:
    assert Worker(tmp_path / "no folder" / "note", deadly=[]).live([1, 2]) == ["passed"] * 2
    full = Path("/dev/full")
    if full.exists():
        assert Worker(full, deadly=[]).live([1, 2]) == ["passed"] * 2
