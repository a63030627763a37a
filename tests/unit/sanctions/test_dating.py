"""When acts of sanctions were done."""

from __future__ import annotations

from datetime import date

import pytest

from processors.sanctions.dating import is_long_ago, told_date

NOVEMBER = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("words", "published", "expected"),
    [
        ("in October", NOVEMBER, True),
        ("в октябре", NOVEMBER, True),
        ("في أكتوبر", NOVEMBER, True),
        ("Ekim ayında", NOVEMBER, True),
        ("10月", NOVEMBER, True),
        ("지난 10월", NOVEMBER, True),
        ("en juillet", NOVEMBER, True),
        ("in November", NOVEMBER, False),
        ("in March", NOVEMBER, False),  # the one to come, as likely
        ("in October", date(2026, 11, 3), False),  # some days ago
        ("Friday", NOVEMBER, False),
        ("from May to July", NOVEMBER, False),
    ],
)
def test_a_month_before_is_no_news(words: str, published: date, expected: bool) -> None:
    assert is_long_ago(words, None, published) is expected


def test_a_year_before_is_no_news() -> None:
    assert told_date("in March 2025", "en") == "2025"
    assert is_long_ago("in March 2025", "2025", NOVEMBER)
    assert not is_long_ago("in March 2026", "2026", NOVEMBER)
