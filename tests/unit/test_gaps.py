"""What is committed, and when."""

from __future__ import annotations

import pytest
from faust.types import TP

from processors.gaps import UnskippingConsumer


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
