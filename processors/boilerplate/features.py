"""What the line classifier sees: a row of numbers a line, from its characters, page and neighbours.

Nothing here knows a language but the cue lexicon. Rows are float32; the same code feeds training and
run time.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.cues import Cue, read_cue
from processors.boilerplate.lines import Characters, Line, LineSigns, Numbers, characters_of, line_signs
from processors.boilerplate.vocabulary import stems, word_columns

GOOD_WORDS = 12  # a line this long that ends like a sentence is article text more often than not
SEGMENT_PENALTY_WORDS = 8.0
_FAR = 99.0
_SHIFTS = (-4, -3, -2, -1, 1, 2, 3, 4)
_WINDOWS = (2, 5, 12)
SHORT_WORDS = 8
ALIKE_LINES = 3
_WINDOW_WORDS = ("capital_words", "small_words_of_page", "subjects_share")
_NEIGHBOURS_WORDS = (*_WINDOW_WORDS, "same_words")


def features(lines: list[Line]) -> Numbers:
    """The matrix of `lines` (at least one) by the columns of `feature_columns`."""
    characters = characters_of(lines)
    signs = line_signs(lines, characters)
    return matrix(feature_columns(lines, characters, signs, [read_cue(line.text) for line in lines]))


def matrix(columns: dict[str, Numbers]) -> Numbers:
    """Columns side by side, a row a line."""
    rows = np.empty((len(next(iter(columns.values()))), len(columns)), np.float32)
    for at, column in enumerate(columns.values()):
        rows[:, at] = column
    return rows


def feature_columns(
    lines: list[Line], characters: Characters, signs: LineSigns, cues: list[Cue]
) -> dict[str, Numbers]:
    """Every feature by its name, a number a line; the order is the model's."""
    flags = np.array([2 if cue.is_chrome else 1 if cue.label else 0 for cue in cues], np.float32)
    sentences = _sentences(signs)
    words = word_columns(stems(characters), sentences)
    own = _own(lines, signs, flags)
    return own | words | _in_page(signs) | _shape(signs, words) | _around(signs, flags, sentences, words)


def _sentences(signs: LineSigns) -> NDArray[np.bool_]:
    """The long lines that end in a sentence's sign."""
    return (signs.words >= GOOD_WORDS) & (signs.ends_sentence > 0)


def _own(lines: list[Line], signs: LineSigns, cues: Numbers) -> dict[str, Numbers]:
    letters, words = np.maximum(signs.letters, 1), np.maximum(signs.words, 1)
    seen = Counter(line.text.casefold() for line in lines)
    return {
        "words": signs.words,
        "chars": signs.chars,
        "letters_per_word": signs.letters / words,
        "digit_share": signs.digits / signs.chars,
        "punctuation_share": signs.punctuation / signs.chars,
        "upper_share": signs.upper / letters,
        "lower_share": signs.lower / letters,
        "commas": signs.commas,
        "bars": signs.bars,
        "symbols": signs.symbols,
        "quotes": signs.quotes,
        "inner_ends": signs.inner_ends,
        "clock_signs": signs.clock_signs,
        "date_signs": signs.date_signs,
        "ends_sentence": signs.ends_sentence,
        "ends_colon": signs.ends_colon,
        "starts_signed": signs.starts_signed,
        "starts_quoted": signs.starts_quoted,
        "starts_lower": signs.starts_lower,
        "in_page_script": signs.in_page_script,
        "repeats": np.array([seen[line.text.casefold()] for line in lines], np.float32),
        "cue": cues,
    }


def _in_page(signs: LineSigns) -> dict[str, Numbers]:
    count = len(signs.words)
    index = np.arange(count, dtype=np.float32)
    words = signs.words
    long = words >= GOOD_WORDS
    first, last = best_segment(np.where(words >= 8, words, words / 2) - SEGMENT_PENALTY_WORDS)
    return {
        "index": index,
        "index_from_end": count - 1 - index,
        "position": index / max(count - 1, 1),
        "lines": np.full(count, count, np.float32),
        "words_before": np.cumsum(words) / max(float(words.sum()), 1.0),
        "of_longest": words / max(float(words.max()), 1.0),
        "of_long": words / max(float(np.percentile(words, 90)), 1.0),
        "long_that_end": np.full(count, signs.ends_sentence[long].mean() if long.any() else -1.0, np.float32),
        "from_segment": index - first,
        "to_segment_end": last - index,
        "in_segment": ((index >= first) & (index <= last)).astype(np.float32),
    }


def best_segment(scores: NDArray[np.floating]) -> tuple[int, int]:
    """First and last index of the stretch with the largest sum; (0, -1) where every score is negative."""
    sums = np.concatenate([[0.0], np.cumsum(scores)])
    lowest = np.minimum.accumulate(sums)
    gains = sums - lowest
    last = int(gains.argmax())
    if gains[last] <= 0:
        return 0, -1
    first = int(np.flatnonzero(sums[: last + 1] == lowest[last])[-1])
    return first, last - 1


def _shape(signs: LineSigns, said: dict[str, Numbers]) -> dict[str, Numbers]:
    """The page as a whole, and how long the line's stretch of like lines is."""
    words, ends = signs.words, signs.ends_sentence > 0
    long, short = words >= GOOD_WORDS, words < SHORT_WORDS
    page = {
        "median_words": np.median(words),
        "share_ended": ends.mean(),
        "share_short": short.mean(),
        "share_sentences": (long & ends).mean(),
        "share_repeated": (said["same_words"] > 1).mean(),
    }
    return {name: np.full(len(words), value, np.float32) for name, value in page.items()} | {
        "short_in_a_row": _stretch(short),
        "unended_in_a_row": _stretch(~ends),
        "ended_in_a_row": _stretch(ends),
        "long_in_a_row": _stretch(long),
        "starts_dashed": signs.starts_dashed,
    }


def _stretch(flags: NDArray[np.bool_]) -> Numbers:
    """The length of the stretch of true flags that each stands in; 0 where false."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    lengths = edges[1::2] - edges[::2]
    stretches = np.zeros(len(flags), np.float32)
    stretches[flags] = np.repeat(lengths, lengths)
    return stretches


def _around(
    signs: LineSigns, cues: Numbers, good: NDArray[np.bool_], said: dict[str, Numbers]
) -> dict[str, Numbers]:
    words, ends = signs.words, signs.ends_sentence
    count = len(words)
    logarithm = np.log1p(words)
    columns: dict[str, Numbers] = {}
    for shift in _SHIFTS:
        columns[f"words{shift:+d}"] = _shifted(words, shift)
        columns[f"ends{shift:+d}"] = _shifted(ends, shift)
        if abs(shift) <= 2:
            columns[f"cue{shift:+d}"] = _shifted(cues, shift)
            columns[f"digits{shift:+d}"] = _shifted(signs.digits / signs.chars, shift)
            columns |= {f"{name}{shift:+d}": _shifted(said[name], shift) for name in _NEIGHBOURS_WORDS}
        if abs(shift) <= ALIKE_LINES:
            columns[f"unlike{shift:+d}"] = np.abs(logarithm - _shifted(logarithm, shift))
    index = np.arange(count)
    for reach in _WINDOWS:
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
        columns[f"good_within_{reach}"] = _window_sum(good, low, high) - good
        columns[f"good_words_within_{reach}"] = _window_sum(words * good, low, high) - words * good
        columns[f"words_within_{reach}"] = _window_sum(words, low, high) / (high - low)
        columns[f"cues_within_{reach}"] = _window_sum(cues > 0, low, high) / (high - low)
        columns[f"repeated_within_{reach}"] = _window_sum(said["same_words"] > 1, low, high) / (high - low)
        columns[f"dashed_within_{reach}"] = _window_sum(signs.starts_dashed, low, high) / (high - low)
        of_words = np.maximum(_window_sum(words, low, high), 1)
        for name in _WINDOW_WORDS:
            columns[f"{name}_within_{reach}"] = _window_sum(said[name] * words, low, high) / of_words
    previous = np.maximum.accumulate(np.where(good, index, -1))
    following = np.minimum.accumulate(np.where(good, index, 2 * count + 200)[::-1])[::-1]
    before = np.concatenate([[-1], previous[:-1]])
    after = np.concatenate([following[1:], [2 * count + 200]])
    columns["since_good"] = np.where(before < 0, _FAR, np.minimum(index - before, _FAR)).astype(np.float32)
    columns["until_good"] = np.minimum(after - index, _FAR).astype(np.float32)
    columns["good_before"] = (np.cumsum(good) - good).astype(np.float32)
    columns["good_after"] = (good.sum() - np.cumsum(good)).astype(np.float32)
    return columns


def _shifted(values: Numbers, shift: int) -> Numbers:
    """Each line's neighbour `shift` lines away; -1 outside the page."""
    moved = np.full(len(values), -1.0, np.float32)
    if shift < 0:
        moved[-shift:] = values[:shift]
    elif shift < len(values):
        moved[: len(values) - shift] = values[shift:]
    return moved


def _window_sum(
    values: NDArray[np.generic], low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.float64]:
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    between: NDArray[np.float64] = sums[high] - sums[low]
    return between
