"""What the line classifier sees: a row of numbers a line, from its characters, page and neighbours.

Nothing here knows a language but the cue lexicon. Rows are float32; the same code feeds training and
run time.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.cues import Cue, read_cue
from processors.boilerplate.lines import Line, LineSigns, Numbers, line_signs

GOOD_WORDS = 12  # a line this long that ends like a sentence is article text more often than not
SEGMENT_PENALTY_WORDS = 8.0
_FAR = 99.0
_SHIFTS = (-4, -3, -2, -1, 1, 2, 3, 4)
_WINDOWS = (2, 5, 12)


def features(lines: list[Line]) -> Numbers:
    """The matrix of `lines` (at least one) by the columns of `feature_columns`."""
    columns = feature_columns(lines, line_signs(lines), [read_cue(line.text) for line in lines])
    return np.stack(list(columns.values()), axis=1).astype(np.float32)


def feature_columns(lines: list[Line], signs: LineSigns, cues: list[Cue]) -> dict[str, Numbers]:
    """Every feature by its name, a number a line; the order is the model's."""
    flags = np.array([2 if cue.is_chrome else 1 if cue.label else 0 for cue in cues], np.float32)
    return _own(lines, signs, flags) | _in_page(signs) | _around(signs, flags)


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


def _around(signs: LineSigns, cues: Numbers) -> dict[str, Numbers]:
    words, ends = signs.words, signs.ends_sentence
    count = len(words)
    good = (words >= GOOD_WORDS) & (ends > 0)
    columns: dict[str, Numbers] = {}
    for shift in _SHIFTS:
        columns[f"words{shift:+d}"] = _shifted(words, shift)
        columns[f"ends{shift:+d}"] = _shifted(ends, shift)
        if abs(shift) <= 2:
            columns[f"cue{shift:+d}"] = _shifted(cues, shift)
            columns[f"digits{shift:+d}"] = _shifted(signs.digits / signs.chars, shift)
    index = np.arange(count)
    for reach in _WINDOWS:
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
        columns[f"good_within_{reach}"] = _window_sum(good, low, high) - good
        columns[f"good_words_within_{reach}"] = _window_sum(words * good, low, high) - words * good
        columns[f"words_within_{reach}"] = _window_sum(words, low, high) / (high - low)
        columns[f"cues_within_{reach}"] = _window_sum(cues > 0, low, high) / (high - low)
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
