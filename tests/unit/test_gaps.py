"""What is committed, and when."""

from __future__ import annotations

import pytest
from faust.types import TP

from processors.gaps import UnskippingConsumer

PARTITION = TP("articles.raw", 0)


@pytest.mark.parametrize(
    ("sought", "committed", "acked", "offset"),
    [
        (4, 4, [4, 5], 6),
        (4, None, [4, 5, 7], 6),  # a group that has committed nothing yet
        (None, None, [4, 5], None),  # between a rebalance and its seek
        (4, 4, [5, 6], None),
        (4, None, [7, 8], None),
        (4, 6, [6], 7),
    ],
)
def test_nothing_is_committed_past_a_record_that_was_not_handled(
    sought: int | None, committed: int | None, acked: list[int], offset: int | None
) -> None:
    consumer = object.__new__(UnskippingConsumer)
    vars(consumer).update(
        _sought={} if sought is None else {PARTITION: sought},
        _acked={PARTITION: acked},
        _acked_index={PARTITION: set(acked)},
        _gap={PARTITION: []},
        _committed_offset={PARTITION: committed},
    )
    assert consumer._new_offset(PARTITION) == offset


class Told(UnskippingConsumer):
    """One that knows the end of its partition without a broker."""

    def _stream_partitions(self) -> set[TP]:
        return {PARTITION}

    def _end(self, tp: TP) -> int | None:  # noqa: ARG002
        end: int | None = vars(self)["end_offset"]
        return end


@pytest.mark.parametrize(
    ("read", "committed", "end", "rests"),
    [
        (5, 6, 7, True),
        (5, 6, 6, False),  # nothing is behind it
        (6, 6, 7, False),  # one more has been handed out
        (None, None, 7, False),
        (5, 6, None, False),
    ],
)
def test_a_partition_rests_where_all_that_was_handed_out_is_committed(
    read: int | None, committed: int | None, end: int | None, rests: bool
) -> None:
    consumer = object.__new__(Told)
    vars(consumer).update(
        _sought={PARTITION: 4},
        _read_offset={PARTITION: read},
        _committed_offset={PARTITION: committed},
        end_offset=end,
    )
    assert consumer._resting() == ({PARTITION: (committed, end)} if rests else {})
