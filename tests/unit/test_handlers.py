"""How a batch is parted where its stages run in the event loop."""

from dataclasses import dataclass

import pytest

from processors.handlers import PORTION_BYTES, portions


@dataclass
class Event:
    value: bytes | None


@pytest.mark.parametrize(
    ("sizes_bytes", "expected"),
    [
        ([], []),
        ([10, 20, 30], [[10, 20, 30]]),
        ([PORTION_BYTES, 1], [[PORTION_BYTES], [1]]),
        ([1, PORTION_BYTES - 1, 1], [[1, PORTION_BYTES - 1], [1]]),
        ([1, 3 * PORTION_BYTES, 2 * PORTION_BYTES, 1], [[1], [3 * PORTION_BYTES], [2 * PORTION_BYTES], [1]]),
    ],
)
def test_a_portion_is_small_or_one_record(sizes_bytes: list[int], expected: list[list[int]]) -> None:
    batch = [Event(b"x" * size) for size in sizes_bytes]
    assert [[len(event.value or b"") for event in some] for some in portions(batch)] == expected


def test_a_record_without_a_value_is_in_its_place() -> None:
    batch = [Event(b"x"), Event(None), Event(b"y" * PORTION_BYTES)]
    assert list(portions(batch)) == [batch[:2], batch[2:]]
