"""How many an act hits, when its article tells it in more than one way."""

from __future__ import annotations

import pytest

from schemas.article import Count, Sanction

Told = list[tuple[int, str]]


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ([(12, "individuals"), (4, "entities")], [(12, "individuals"), (4, "entities")]),
        (
            [(2, "entities"), (17, "individuals and entities"), (9, "vessels")],
            [(17, "individuals and entities"), (9, "vessels")],
        ),
        (
            [(20, "entities"), (17, "individuals and entities")],
            [(20, "entities"), (17, "individuals and entities")],
        ),
        ([], []),
    ],
)
def test_parts_of_a_sum_are_in_it(told: Told, now: Told) -> None:
    counts = [Count(n=n, of=of, text=str(n)) for n, of in told]
    total = Count(n=300, of="individuals", text="300", cumulative=True)
    sanction = Sanction(act="imposed", evidence=[], confidence=0.9, counts=[*counts, total])
    assert [(count.n, count.of) for count in sanction.counts_now] == now
