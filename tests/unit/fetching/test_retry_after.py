"""`Retry-After` in every form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.fetching import retry_after_seconds

DATE = "Wed, 05 Jun 2024 08:00:00 GMT"
LATER = "Wed, 05 Jun 2024 08:02:00 GMT"
EPOCH = 1717574400.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None), ({"retry-after": ""}, None), ({"retry-after": "soon"}, None), ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None), ({"retry-after": "120"}, 120), ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "-5"}, 0), ({"retry-after": LATER, "date": DATE}, 120), ({"retry-after": LATER}, 150),
        ({"retry-after": DATE, "date": LATER}, 0), ({"retry-after": LATER, "date": "yesterday"}, 150),
    ],
)  # fmt: skip
def test_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, now_seconds=EPOCH - 30) == seconds


@given(st.text(), st.text())
def test_nothing_raises(told: str, date: str) -> None:
    found = retry_after_seconds({"retry-after": told, "date": date}, EPOCH)
    assert found is None or found >= 0
