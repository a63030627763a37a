from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.encoder.decoding import LABELS, NAME_LETTERS_MAX, Guess, best_path, guesses, tidy
from tests.pace import within

OUT, B_PER, I_PER, B_ORG, I_ORG, B_LOC, I_LOC = range(len(LABELS))
MARKS = "\u0640\u064b\u0301\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069\u00ad\ufe0f"
SILENT = "\u0640\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069"
TEXTS = st.text(
    st.one_of(
        st.sampled_from("abZкЯبروتالوف한김은李北京ที😀𝓟𠮷9"),
        st.sampled_from(MARKS),
        st.sampled_from(" \u00a0\t.,«»“”()'-·،؟。،"),
        st.characters(),
    ),
    max_size=60,
)


def is_well_formed(path: tuple[int, ...]) -> bool:
    return all(
        label not in {I_PER, I_ORG, I_LOC} or before in {label, label - 1}
        for before, label in zip((OUT, *path), path, strict=False)
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), pieces=st.integers(1, 5))
def test_the_best_path_is_the_best_of_all_well_formed_ones(seed: int, pieces: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(pieces, len(LABELS))).astype(np.float32)
    ways = [way for way in product(range(len(LABELS)), repeat=pieces) if is_well_formed(way)]
    best = max(float(scores[range(pieces), way].sum()) for way in ways)
    path = best_path(scores)
    assert is_well_formed(tuple(path.tolist()))
    assert float(scores[range(pieces), path].sum()) == pytest.approx(best, abs=1e-4)


def test_an_inside_without_a_beginning_becomes_what_scores_best_as_a_whole() -> None:
    scores = np.full((2, len(LABELS)), -9, np.float32)
    scores[0, OUT], scores[0, B_LOC] = 0.0, -0.5
    scores[1, I_LOC], scores[1, OUT] = 0.0, -2.0
    assert best_path(scores).tolist() == [B_LOC, I_LOC]
    scores[0, B_LOC] = -5
    assert best_path(scores).tolist() == [OUT, OUT]


def pieces_of(text: str, cuts: list[int]) -> np.ndarray:
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    spans = [(end - len(text[start:end].lstrip()), end) for start, end in pairwise(edges)]
    return np.array(spans, np.int64).reshape(-1, 2)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, cuts=st.lists(st.integers(0, 1000), max_size=20), seed=st.integers(0, 2**32 - 1))
@example(text="\u200c\u200cا\u200c", cuts=[1, 2, 3], seed=3)
def test_guesses_lie_in_the_text_in_order_and_apart(text: str, cuts: list[int], seed: int) -> None:
    offsets = pieces_of(text, cuts)
    if not len(offsets):
        return
    scores = np.random.default_rng(seed).normal(size=(len(offsets), len(LABELS))).astype(np.float32)
    last = 0
    for guess in guesses(text, best_path(scores), offsets, scores):
        assert last <= guess.start < guess.end <= len(text)
        written = text[guess.start : guess.end]
        assert written.strip() == written
        assert written[0] not in MARKS
        assert written[-1] not in SILENT
        last = guess.end


def spans(text: str, *marked: str) -> list[str]:
    """The spans of a text whose pieces in `marked`, in order, are labelled as the beginnings of a place."""
    offsets, path, start = [], [], 0
    for piece in marked:
        at = text.index(piece, start)
        offsets += [(start, at), (at, at + len(piece))]
        path += [OUT, B_LOC]
        start = at + len(piece)
    offsets.append((start, len(text)))
    odds = np.ones((len(offsets), len(LABELS)), np.float32)
    found = guesses(text, np.array([*path, OUT]), np.array(offsets), odds)
    return [text[guess.start : guess.end] for guess in found]


@pytest.mark.parametrize(
    ("text", "piece", "span"),
    [
        ("in «Berlin» today", "«Berlin»", "Berlin"),
        ('in "Berlin", today', ' "Berlin",', "Berlin"),
        ("in “Berlin”", "“Berlin”", "Berlin"),
        ("在《北京》日报", "《北京》", "北京"),
        ("في «بيروت»، أمس", "«بيروت»،", "بيروت"),
        ("Berlin's", "Berlin", "Berlin"),
        ("Berliner", "Berlin", "Berliner"),
        ("Ankara'da", "Ankara", "Ankara"),
        ("Мюнхена", "Мюнхен", "Мюнхена"),
        ("München", "Mün", "München"),
        ("Mu\u0308nchen", "Mu", "Mu\u0308nchen"),
        ("e\u0301Paris\u0301", "Paris", "e\u0301Paris\u0301"),
        ("서울에서", "서울", "서울"),
        ("北京的", "北京", "北京"),
        ("東京タワー", "東京", "東京"),
        ("กรุงเทพมหานคร", "กรุงเทพ", "กรุงเทพ"),
        ("وبيروت", "بيروت", "بيروت"),
        ("وبـيـروت", "بـيـروت", "بـيـروت"),
        ("وبِبيروت", "بيروت", "بيروت"),
        ("فلبيروت", "بيروت", "بيروت"),
        ("كبيروت", "بيروت", "بيروت"),
        ("مبيروت", "بيروت", "مبيروت"),
        ("بيروت\u064b", "بيروت", "بيروت\u064b"),
        ("به\u200cتهران", "تهران", "تهران"),
        ("از\u200cتهران", "\u200cتهران", "تهران"),
        ("نو\u200cتهران", "تهران", "نو\u200cتهران"),
        ("علی\u200cآباد", "آباد", "علی\u200cآباد"),
        ("\u200fبيروت\u200f", "\u200fبيروت\u200f", "بيروت"),
        ("\u202bبيروت\u202c,", "\u202bبيروت\u202c", "بيروت"),
        ("U.S. troops", "U.S.", "U.S."),
        ("in Paris.", "Paris.", "Paris"),
        ("Norwick Inc. said", "Norwick Inc.", "Norwick Inc."),
        ("Norwick (UK) plc", "Norwick (UK)", "Norwick (UK)"),
        ("Norwick (UK", "Norwick (UK", "Norwick"),
        ("Norwick) plc", "Norwick)", "Norwick"),
        ("😀Paris😀", "😀Paris😀", "Paris"),
        ("Paris❤\ufe0f\u200d🔥", "Paris❤\ufe0f\u200d🔥", "Paris"),
        ("Norwick™", "Norwick™", "Norwick"),
        ("\x00Paris\x00", "\x00Paris\x00", "Paris"),
        ("𝓟aris!", "𝓟aris!", "𝓟aris"),
        ("𠮷田は", "𠮷田", "𠮷田"),
        ("New\u00a0York\u00a0", "New\u00a0York\u00a0", "New\u00a0York"),
    ],
)
def test_a_span_has_the_whole_name_and_nothing_more(text: str, piece: str, span: str) -> None:
    assert spans(text, piece) == [span]


@pytest.mark.parametrize(
    "text",
    ["«»", "\u200f \u200f", "...", "،", "\u00a0", "()", "\u200c", "😀", "❤\ufe0f", "\u0301", "$", "\ud800"],
)
def test_marks_alone_are_no_name(text: str) -> None:
    assert spans(text, text) == []


def test_neighbours_stay_apart() -> None:
    assert spans("미국과중국은", "미국", "중국") == ["미국", "중국"]
    assert spans("中美日", "中", "美", "日") == ["中", "美", "日"]
    assert spans("Paris-London", "Paris", "London") == ["Paris", "London"]
    assert spans("ParisLondon", "Paris", "London") == ["ParisLondon"]


def test_a_name_broken_inside_a_word_goes_on() -> None:
    assert spans("وجوليا لويس", "جول", "يا لويس") == ["جوليا لويس"]
    assert spans("Oakhurst Bay", "Oak", "hurst", " Bay") == ["Oakhurst", "Bay"]
    path, odds = np.array([B_LOC, B_PER]), np.ones((2, len(LABELS)), np.float32)
    assert [(guess.start, guess.end) for guess in guesses("Oakhurst Bay", path, np.array([(0, 3), (3, 12)]), odds)] == [
        (0, 8), (9, 12)
    ]  # fmt: skip


def test_a_guess_is_as_sure_as_its_pieces_on_average() -> None:
    odds = np.zeros((2, len(LABELS)), np.float32)
    odds[0, B_PER], odds[1, I_PER] = 0.9, 0.5
    found = guesses("Lena Hart", np.array([B_PER, I_PER]), np.array([(0, 4), (5, 9)]), odds)
    assert found == [Guess(0, 9, "PER", 0.7)]


def test_a_word_of_many_letters_is_no_name_and_takes_no_time() -> None:
    pieces = 20_000
    text = "ab" * pieces
    offsets = np.array([(i, i + 2) for i in range(0, 2 * pieces, 2)])
    odds = np.ones((pieces, len(LABELS)), np.float32)
    with within(5):
        assert guesses(text, np.full(pieces, B_LOC), offsets, odds) == []


def test_the_longest_name_is_kept() -> None:
    for letters, kept in ((NAME_LETTERS_MAX, 1), (NAME_LETTERS_MAX + 1, 0)):
        assert len(spans("a" * letters + " b", "a" * letters)) == kept


def test_tidy_says_where_nothing_is_left() -> None:
    assert tidy("a .. b", 2, 4) == (4, 4)
