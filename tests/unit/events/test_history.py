from __future__ import annotations

import pytest

from processors.events.history import is_recalled
from processors.folding import fold


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("In 2015 the two states signed an accord.", 2026, True),
        ("In 2026 the two states signed an accord.", 2026, False),
        ("In 2015 the two states signed an accord.", None, True),
        ("The two states signed an accord.", None, False),
        ("It promised help against attacks that go on since 2022.", 2026, False),
        ("وعدت بالرد على الهجمات المستمرة منذ عام 2022", 2026, False),
        ("وقعت الدولتان اتفاقا عام 2015", 2026, True),
        ("2022년 이후 처음으로 회담했다", 2026, False),
        ("2022년에 회담했다", 2026, True),
        ("自2022年以来首次会谈", 2026, False),
        ("2022'den beri ilk kez görüştüler", 2026, False),
        ("Since then, in 2019, they met twice.", 2026, True),
    ],
)
def test_an_earlier_year_tells_history_unless_it_lasts_since(
    text: str, year: int | None, *, expected: bool
) -> None:
    assert is_recalled(fold(text), year, "en") is expected


def test_persian_years_are_of_their_own_calendar() -> None:
    assert is_recalled(fold("در سال ۱۳۹۴ توافق کردند"), 2026, "fa")
    assert not is_recalled(fold("در سال ۱۴۰۴ توافق کردند"), 2026, "fa")
    assert not is_recalled(fold("1394 prisoners were freed"), 2026, "en")
