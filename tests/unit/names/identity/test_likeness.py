"""Two written names: one name in other letters, order or length, or two names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names.identity import compare

LIKELY = 0.85

ONE_NAME = [
    ("Sergei Marev", "Sergey Marev"),
    ("Serguei Marev", "Сергей Марев"),
    ("Сергей Викторович Марев", "Sergey Marev"),
    ("Sergej Marjow", "Сергей Марев"),
    ("Mohammed bin Rashad", "Muhammad ibn Rashad"),
    ("Abd al-Rahman al-Hadidi", "Abdulrahman Al Hadidi"),
    ("عبد الرحمن الحديدي", "Abdulrahman Al-Hadidi"),
    ("Kim Jong Un", "Kim Jong-un"),
    ("Kim Jong Un", "Jong Un Kim"),
    ("Kim Jong Un", "김정은"),
    ("Kim Jong Un", "金正恩"),
    ("Ким Чен Ын", "كيم جونغ أون"),
    ("习近平", "Си Цзиньпин"),
    ("習近平", "习近平"),
    ("安倍晋三", "Shinzo Abe"),
    ("アベ・シンゾウ", "安倍晋三"),
    ("도널드 트럼프", "Donald Trump"),
    ("Olga W. Lindt", "Olga Lindt"),
    ("Lindt, Olga", "Olga Lindt"),
    ("Роснефть", "Rosneft"),
]
TWO_NAMES = [
    ("Ivan Marev", "Oleg Marev"),
    ("Ivan Marev", "Ivan Sidorov"),
    ("Alexander Marev", "Alexandra Mareva"),
    ("Maria Costa", "Mario Costa"),
    ("Kim Jong Un", "Kim Jong Il"),
    ("김정은", "Kim Jong Il"),
    ("Li Na", "Li Wei"),
    ("李强", "李嵩"),
    ("Hanna Sinwari", "Omar Sinwari"),
    ("Vladimir Putin", "Vladimir Potanin"),
    ("Газпром", "Газпромбанк"),
    ("Marev", "Sergei Marev"),
    ("Ho Chi Minh", "Ho Minh"),
]


@pytest.mark.parametrize(("a", "b"), ONE_NAME)
def test_one_name_is_likely_in_both_directions(a: str, b: str) -> None:
    assert compare(a, b).score >= LIKELY
    assert compare(a, b) == compare(b, a)


@pytest.mark.parametrize(("a", "b"), TWO_NAMES)
def test_two_names_stay_below(a: str, b: str) -> None:
    assert compare(a, b).score < LIKELY
    assert compare(a, b) == compare(b, a)


def test_reasons_say_what_met_and_what_was_left_out() -> None:
    reasons = compare("Сергей Викторович Марев", "Sergey Marev").reasons
    assert reasons == ("Сергей ≈ sergey", "Марев ≈ marev", "Викторович left out")
    assert "Oleg left out" in compare("Ivan Marev", "Oleg Marev").reasons
    assert compare("Olga", "olga ").reasons == ("written the same",)


@pytest.mark.parametrize("nothing", ["", " ", "🙂", "123", "·", "\ud800"])
def test_what_has_no_letters_is_like_nothing(nothing: str) -> None:
    assert compare(nothing, "Olga Lindt").score == 0
    assert compare(nothing, nothing).score == 0


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_score_between_0_and_1(a: str, b: str) -> None:
    likeness = compare(a, b)
    assert 0 <= likeness.score <= 1
    assert likeness == compare(b, a)


def test_a_very_long_name_is_cut() -> None:
    assert 0 <= compare("а" * 50_000, "a" * 50_000).score <= 1
    assert 0 <= compare("olga " * 50_000, "Ольга " * 50_000).score <= 1
