from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.folding import fold, fold_with_offsets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أميركا", "اميركا"),
        ("الخزانة", "الخزانه"),
        ("علي", "على"),
        ("ایران", "إيران"),
        ("کیم", "كيم"),
        ("مـــحمّد", "محمد"),
        ("٢٠٢٤", "2024"),
        ("۲۰۲۴", "2024"),
        ("Erdoğan", "ERDOGAN"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("Kim Jong-un", "kim jong un"),
        ("e\u0301t\u00e9", "été"),
        ("ＵＳＡ", "usa"),
        ("كوريا\u00a0الشمالية", "كوريا الشمالية"),
        ("می‌شود", "می شود"),
    ],
)
def test_what_readers_take_for_the_same_folds_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("북한", "남한"), ("روسيا", "سوريا"), ("國", "国")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_offsets_lead_back(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    if folded.text:
        start, end = folded.span(0, len(folded.text))
        assert 0 <= start < end <= len(text)
    assert folded.span(0, 0) == (0, 0)
