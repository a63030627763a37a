from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.encoder.windows import CONTEXT_PIECES, WINDOW_PIECES, windows

COUNTED = WINDOW_PIECES - 2 * CONTEXT_PIECES


def line(words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """A line of words and a piece for each."""
    offsets, start = [], 0
    for word in words:
        offsets.append((start, start + len(word)))
        start += len(word) + 1
    return " ".join(words), offsets


@settings(max_examples=100, deadline=None)
@given(
    pieces=st.integers(0, 1500),
    ends=st.lists(st.tuples(st.integers(0, 1499), st.sampled_from(".!?。؟…۔"))),
)
def test_every_piece_counts_in_one_window(pieces: int, ends: list[tuple[int, str]]) -> None:
    words = ["w"] * pieces
    for place, mark in ends:
        if place < pieces:
            words[place] = "w" + mark
    found = windows(*line(words))
    counted = [piece for window in found for piece in range(window.begin, window.stop)]
    assert counted == list(range(pieces))
    for window in found:
        assert 0 <= window.first <= window.begin < window.stop <= window.last <= pieces
        assert window.last - window.first <= WINDOW_PIECES


@settings(max_examples=50, deadline=None)
@given(pieces=st.integers(WINDOW_PIECES + 1, 1500))
def test_what_counts_has_context_on_both_sides(pieces: int) -> None:
    for window in windows(*line(["w"] * pieces)):
        assert window.begin - window.first == min(CONTEXT_PIECES, window.begin)
        assert window.last - window.stop == min(CONTEXT_PIECES, pieces - window.stop)


def test_a_line_that_fits_is_one_window() -> None:
    assert windows("", []) == []
    assert windows(*line(["w"] * WINDOW_PIECES)) == [(0, WINDOW_PIECES, 0, WINDOW_PIECES)]
    assert len(windows(*line(["w"] * (WINDOW_PIECES + 1)))) == 2


def test_a_window_ends_with_the_last_sentence_in_its_second_half() -> None:
    words = ["w"] * 600
    for place in (20, 120, 150):
        words[place] = "end。"
    assert windows(*line(words))[0].stop == 151
    words[150] = words[120] = "w"
    assert windows(*line(words))[0].stop == COUNTED, "a sentence of the first half is too far back"


def test_a_dot_inside_a_word_ends_no_sentence() -> None:
    text = "".join(["w"] * 149 + ["3", ".", "5"] + ["w"] * 300)
    offsets = [(i, i + 1) for i in range(len(text))]
    assert windows(text, offsets)[0].stop == COUNTED
