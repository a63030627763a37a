"""Names out of the cases they stand in."""

from __future__ import annotations

import pytest

from processors.watchlists.cases import nominatives


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Сергея Иванова", "Сергей Иванов"), ("Сергею Иванову", "Сергей Иванов"), ("Сергеем Ивановым", "Сергей Иванов"),
        ("Сергее Иванове", "Сергей Иванов"), ("Игоря Вяземского", "Игорь Вяземский"), ("Игорем Вяземским", "Игорь Вяземский"),
        ("Анны Ивановой", "Анна Иванова"), ("Ким Чен Ына", "Ким Чен Ын"), ("Фархада Мозаффариана", "Фархад Мозаффариан"),
        ("Мохаммеда бин Салмана", "Мохаммед бин Салман"), ("Аркадия Великослова", "Аркадий Великослов"),
    ],
)  # fmt: skip
def test_a_name_in_another_case(name: str, expected: str) -> None:
    assert nominatives(name) == (expected,)


@pytest.mark.parametrize(
    "name",
    ["Сергей Иванов", "Анна Иванова", "Александра Бутузова", "Никита Великослов", "Великослова", "Ali Hassan", "محمد علي", "", "а а", "я"],
)  # fmt: skip
def test_a_name_that_is_in_the_nominative_or_none(name: str) -> None:
    assert nominatives(name) == ()
