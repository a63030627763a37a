from __future__ import annotations

import pytest

from processors.stories.likeness import Telling, likeness
from processors.stories.shingles import TOKENS_MAX, shingles
from processors.stories.wording import UNITS_MAX, rarity, sketch, units, wording

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


def told(text: str, title: str | None = None, *, language: str = "en", source: str = "a") -> Telling:
    return Telling(shingles(title, text), wording(title, text), source, language)


@pytest.mark.parametrize("language", PAIRS)
def test_spelling_that_differs_between_outlets_is_the_same_text(language: str) -> None:
    one, other = (told(text, language=language) for text in PAIRS[language])
    assert len(one.shingles.distinct) >= 4
    assert likeness(one, other).jaccard == 1.0


def test_likeness_is_what_counting_gives() -> None:
    one = told("a b c d e f g h")  # 6 shingles
    other = told("a b c d e x y z")  # 6 shingles, 3 shared
    alike = likeness(one, other)
    assert alike.jaccard == pytest.approx(3 / 9)
    assert alike.containment == pytest.approx(3 / 6)
    assert likeness(other, one) == alike


def test_a_text_without_letters_has_no_shingles() -> None:
    assert len(shingles("?!", " …\n***\n").hashes) == 0
    assert likeness(told(""), told("")).relation is None


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


NOTICE = "{name} was {n} when he died on Sunday. {name} kept the bakery by the old mill for {n} years, sang in the choir, and taught half the town to swim in the river below the weir."


def test_one_form_filled_in_twice_is_two_stories() -> None:
    one, other = (
        told(NOTICE.format(name=name, n=n), f"Obituary: {name}")
        for name, n in (("Harold Vane", 81), ("Peter Lusk", 67))
    )
    assert likeness(one, other).jaccard > 0.5
    assert likeness(one, other).is_another_instance
    assert likeness(one, other).relation is None


def test_a_copy_under_another_headline_is_no_other_instance() -> None:
    text = NOTICE.format(name="Harold Vane", n=81)
    one, other = (
        told(text, "Obituary: Harold Vane"),
        told(text, "The baker of the old mill is dead", source="b"),
    )
    assert likeness(one, other).relation == "copy"


FLOOD = """The Ormey burst its banks at Tarrick on Monday night and flooded 340 houses, mayor Anna Quill said.
Firefighters carried 27 patients out of the hospital by boat, and the railway to Greston stays shut until Friday.
Insurers put the damage at 18 million crowns. Quill asked the army for 60 pumps."""
RETOLD = """At Tarrick 340 houses stand under water since the Ormey rose over its banks, according to mayor Anna Quill.
Boats of the fire brigade brought 27 patients to safety from the hospital. Trains to Greston will run again on Friday.
Quill wants 60 army pumps; for insurers the flood means damage of 18 million crowns."""


def test_the_same_in_other_words_is_related() -> None:
    alike = likeness(told(FLOOD, "Flood at Tarrick"), told(RETOLD, "Tarrick under water", source="b"))
    assert alike.jaccard < 0.15
    assert alike.relation == "related"


def test_background_taken_over_makes_no_story() -> None:
    background = "\n".join(FLOOD.split("\n")[:2])
    other = "Tarrick opened its new swimming hall on Saturday after nine years of quarrels over the site and the cost.\n"
    assert likeness(told(FLOOD), told(other + background)).relation is None


def test_units_are_words_without_endings_pairs_of_letters_and_numbers() -> None:
    assert list(units("sanctioned 12 of 7")) == ["sancti", "12", "of"]
    assert list(units("二十六吨苯胺")) == ["0二十六", "六吨", "吨苯", "苯胺"]
    assert list(units("والمدينه بالبحر")) == ["مدينه", "بحر"]


def test_common_words_weigh_nothing_and_unknown_ones_all() -> None:
    of, unknown = wording(None, "the").units, wording(None, "Tarrick").units
    assert rarity(of, "en")[0] == 0
    assert rarity(unknown, "en")[0] == 1
    assert rarity(of, "xx")[0] == 1


def test_a_rewrite_shares_words_it_is_filed_under() -> None:
    one, other = wording(None, FLOOD), wording(None, RETOLD)
    assert len(set(sketch(one, "en")) & set(sketch(other, "en"))) >= 3


def test_the_words_of_a_long_text_are_cut() -> None:
    assert len(wording(None, "\n".join(f"word{i}x" for i in range(5000))).units) == UNITS_MAX
