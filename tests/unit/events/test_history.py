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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Three years ago the two armies fought near the river.", True),
        ("en", "The man was freed, whose brother had been killed in the same town two years ago.", False),
        ("ar", "وسبق أن نددت الوزارة بالهجوم", True),
        ("ru", "Два года назад стороны подписали договор.", True),
        ("fa", "سال گذشته دو کشور توافق کردند", True),
        ("tr", "İki yıl önce görüşmüşlerdi.", True),
        ("fr", "Il y a deux ans, ils avaient signé.", True),
        ("es", "El año pasado firmaron un acuerdo.", True),
        ("ko", "지난해 두 나라는 합의했다.", True),
        ("zh", "去年双方签署协议", True),
        ("de", "Vor drei Jahren stritten sie.", True),
    ],
)
def test_words_for_the_past_near_the_beginning(language: str, text: str, *, expected: bool) -> None:
    assert is_recalled(fold(text), 2026, language) is expected
