from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.sentences import SENTENCE_CHARS_MAX, sentences
from tests.pace import within


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. imposed sanctions. Iran objected.", ["The U.S. imposed sanctions.", "Iran objected."]),
        ("It rose 3.5 points. Then fell.", ["It rose 3.5 points.", "Then fell."]),
        (
            "AB 16. yaptırım paketini onayladı. Rusya kınadı.",
            ["AB 16. yaptırım paketini onayladı.", "Rusya kınadı."],
        ),
        ("Am 27. Mai beschlossen. Danach nicht.", ["Am 27. Mai beschlossen.", "Danach nicht."]),
        ("هل فرضت عقوبات؟ نعم. قالت ذلك", ["هل فرضت عقوبات؟", "نعم.", "قالت ذلك"]),
        ("عقوبات جديدة.. زيارة", ["عقوبات جديدة..", "زيارة"]),
        ("中国宣布制裁。“好的！”他说。", ["中国宣布制裁。", "“好的！”", "他说。"]),
        ("첫 줄\n둘째 줄", ["첫 줄", "둘째 줄"]),
        ("Mr. Smith met Gen. Lee. They spoke.", ["Mr. Smith met Gen. Lee.", "They spoke."]),
        ("J. K. Rowling wrote. We read.", ["J. K. Rowling wrote.", "We read."]),
        ("В 2024 г. санкции ввели. Это 5 млн. руб.", ["В 2024 г. санкции ввели.", "Это 5 млн. руб."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_splits_as_readers_do(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=400))
def test_spans_are_trimmed_ordered_and_lose_nothing(text: str) -> None:
    spans = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert "".join("".join(words(text)).split()) == "".join(text.split())


def test_a_sentence_without_end_is_cut() -> None:
    with within(1):
        assert all(
            end - start <= SENTENCE_CHARS_MAX for start, end in sentences("عقوبات " * 20_000 + "ا" * 50_000)
        )
