from __future__ import annotations

import pytest

from processors.stories.likeness import likeness
from processors.stories.shingles import TOKENS_MAX, shingles

PAIRS = {
    "ar": (
        "أعلنت الحكومةُ اليوم تعليق الرّحلات إلى العاصـــمة بسبب الأحوال الجويّة، ودعت المسافرين إلى مراجعة الشركات ٢٠٢٤",
        "اعلنت الحكومة اليوم تعليق الرحلات الى العاصمه بسبب الاحوال الجوية ودعت المسافرين الي مراجعة الشركات 2024",
    ),
    "fa": (
        "دولت امروز پروازهای پایتخت را به‌ دلیل شرایط جوی لغو کرد و از مسافران خواست با شرکت‌ها تماس بگیرند",
        "دولت امروز پروازهاي پايتخت را به دليل شرايط جوي لغو کرد و از مسافران خواست با شركت ها تماس بگيرند",
    ),
    "zh": (
        "由于恶劣天气，政府今天宣布暂停飞往首都的航班，并要求旅客联系航空公司。",
        "由于恶劣天气 政府今天宣布暂停飞往首都的航班 并要求旅客联系航空公司",
    ),
    "ko": (
        "정부는 악천후로 인해 오늘 수도로 가는 항공편을 중단한다고 발표했다",
        "정부는 악천후로 인해 오늘 수도로가는 항공편을 중단 한다고 발표했다",
    ),
    "ru": (
        "Правительство сегодня объявило об отмене всех рейсов в столицу из‑за погоды",
        "ПРАВИТЕЛЬСТВО сегодня объявило об отмене всех рейсов в столицу из-за погоды",
    ),
    "tr": (
        "İSTANBUL'da yetkililer bugün kötü hava nedeniyle bütün uçuşların durdurulduğunu duyurdu",
        "İstanbul’da yetkililer bugün kötü hava nedeniyle bütün uçuşların durdurulduğunu duyurdu",
    ),
}


@pytest.mark.parametrize("language", PAIRS)
def test_spelling_that_differs_between_outlets_is_the_same_text(language: str) -> None:
    one, other = (shingles(None, text) for text in PAIRS[language])
    assert len(one.distinct) >= 4
    assert likeness(one, other).jaccard == 1.0


def test_likeness_is_what_counting_gives() -> None:
    one = shingles(None, "a b c d e f g h")  # 6 shingles
    other = shingles(None, "a b c d e x y z")  # 6 shingles, 3 shared
    alike = likeness(one, other)
    assert alike.jaccard == pytest.approx(3 / 9)
    assert alike.containment == pytest.approx(3 / 6)
    assert likeness(other, one) == alike


def test_a_text_without_letters_has_no_shingles() -> None:
    assert len(shingles("?!", " …\n***\n").hashes) == 0
    assert likeness(shingles(None, ""), shingles(None, "")).relation is None


def test_the_title_counts_only_where_there_is_no_text() -> None:
    assert shingles("Flights stopped", "").hashes.size == 1
    assert shingles("A", "one two three").hashes.tolist() == shingles("B", "one two three").hashes.tolist()


def test_a_long_text_is_cut() -> None:
    cut = shingles(None, "\n".join(f"{i} word" for i in range(200_000)))
    assert len(cut.hashes) <= TOKENS_MAX
    assert all(start < len(cut.hashes) for start in cut.starts)
    one_word = shingles(None, "x" * 200_000)
    assert len(one_word.hashes) == 1


def test_hashes_are_the_same_in_every_process() -> None:
    assert shingles(None, "one two three four").hashes.tolist() == [56317756, 2893616480]
