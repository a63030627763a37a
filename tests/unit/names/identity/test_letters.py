"""What each script writes as one sound."""

import pytest

from processors.names.identity.letters import letters, script_of
from processors.names.identity.words import (
    INITIAL,
    MIDDLE,
    OUTER,
    PARTICLE,
    PATRONYMIC,
    skip_weight,
    words_of,
)


@pytest.mark.parametrize(
    ("word", "script", "expected"),
    [
        ("Джейкоб", "cyrillic", ["дж", "ей", "к", "о", "б"]),
        ("تشيك", "arabic", ["تش", "ي", "ك"]),
        ("مُحَمَّد", "arabic", ["م", "ح", "م", "د"]),
        ("정", "korean", ["정:ㅈ", "정:ㅓ", "정:-ㅇ"]),
        ("바이", "hangul", ["바:ㅂ", "바:ㅏㅣ"]),
        ("尔", "han", ["尔:er/"]),
        ("Moore", "latin", ["m", "oo", "r", "e$"]),
        ("Mbappé", "latin", ["m", "b", "a", "p", "p", "e"]),
        ("Đoković", "latin", ["d", "o", "k", "o", "v", "i", "č"]),
    ],
)
def test_letters(word: str, script: str, expected: list[str]) -> None:
    assert letters(word, script) == expected


@pytest.mark.parametrize(
    ("letter", "script"),
    [("ü", "latin"), ("ж", "cyrillic"), ("ڤ", "arabic"), ("한", "hangul"), ("漢", "han"), ("ა", "other")],
)
def test_scripts(letter: str, script: str) -> None:
    assert script_of(letter) == script


def test_words_part_at_hyphens_dots_and_scripts() -> None:
    assert words_of("Jean-Luc O'Hara") == [("Jean", "latin"), ("Luc", "latin"), ("O'Hara", "latin")]
    assert words_of("乔·拜登") == [("乔", "han"), ("拜登", "han")]
    assert words_of("JD 밴스") == [("JD", "latin"), ("밴스", "hangul")]
    assert words_of("محمـــد\u200f") == [("محمد", "arabic")]


@pytest.mark.parametrize(
    ("word", "place", "count", "weight"),
    [
        ("bin", 1, 3, PARTICLE),
        ("W", 1, 3, INITIAL),
        ("Викторович", 1, 3, PATRONYMIC),
        ("Luiz", 0, 3, OUTER),
        ("Inacio", 1, 3, MIDDLE),
        ("Silva", 2, 3, OUTER),
    ],
)
def test_what_it_weighs_to_leave_a_word_out(word: str, place: int, count: int, weight: float) -> None:
    assert skip_weight(word, place, count) == weight
