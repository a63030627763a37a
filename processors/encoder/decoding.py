"""From the scores of pieces to mentions: the best well-formed path, then spans that end where words do.

Labels are B(egin) and I(nside) for each type and O(utside) (Ramshaw and Marcus, 1995); the path through
them is found by Viterbi's algorithm with every step from a label to another type's I ruled out.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.article import MentionType

TYPES: tuple[MentionType, ...] = ("PER", "ORG", "LOC")
LABELS = ("O", *(f"{mark}-{kind}" for kind in TYPES for mark in "BI"))
OUTSIDE = 0
NAME_LETTERS_MAX = 200
PROCLITICS = frozenset(
    lead + middle for lead in ("", "و", "ف", "أ") for middle in ("", "ب", "ل", "ك", "س")
) - {"", "أ", "س", "أس"}
PREPOSITIONS = frozenset({"به", "از", "در", "با", "تا", "بر", "و", "که"})
_FORBIDDEN = np.float32(-1e9)
_EDGES = "\"'“”„‟‘’‚‛«»‹›「」『』《》〈〉()[]{}<>,;:!?…·،؛؟。、，；：！？*_|/\\-–—ـ."
_EDGE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "So", "Zs", "Zl", "Zp"})
_PAIRS = {"(": ")", "«": "»", "“": "”", "[": "]"}
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.integer]


class Guess(NamedTuple):
    """A mention the model found: code points, end exclusive, and how sure it was (0–1)."""

    start: int
    end: int
    type: MentionType
    confidence: float


@cache
def _steps(labels: int) -> tuple[Floats, Floats]:
    """What a step from label to label costs, and to begin with one: O, then B and I of each type."""
    inside = range(2, labels, 2)
    steps = np.zeros((labels, labels), np.float32)
    for before in range(labels):
        for after in inside:
            if before not in {after, after - 1}:
                steps[before, after] = _FORBIDDEN
    first = np.array([_FORBIDDEN if label in inside else 0 for label in range(labels)], np.float32)
    return steps, first


def best_path(scores: Floats) -> npt.NDArray[np.int64]:
    """The best well-formed labels of a row of pieces; `scores` are log odds of shape (pieces, labels).

    Where the likeliest labels are well formed as they stand, which is nearly always, they are the best.
    """
    steps, begins = _steps(scores.shape[1])
    greedy: npt.NDArray[np.int64] = scores.argmax(-1)
    if begins[greedy[0]] == 0 and not steps[greedy[:-1], greedy[1:]].any():
        return greedy
    state = scores[0] + begins
    came_from = np.zeros(scores.shape, np.int64)
    for i in range(1, len(scores)):
        options = state[:, None] + steps
        came_from[i] = options.argmax(0)
        state = options.max(0) + scores[i]
    path = [int(state.argmax())]
    for i in range(len(scores) - 1, 0, -1):
        path.append(int(came_from[i, path[-1]]))
    return np.array(path[::-1])


def guesses(text: str, path: Integers, offsets: Integers, odds: Floats) -> list[Guess]:
    """The mentions that a path says, ends put right; `offsets` (pieces, 2), `odds` the pieces' probabilities.

    One that begins inside the last word of another of its type goes on with that. What is longer than 200
    code points is no name, and is left out.
    """
    found: list[Guess] = []
    read = 0
    for first, last, kind in _runs(path):
        begin = int(offsets[first, 0])
        goes_on = begin < read and bool(found) and (found[-1].end, found[-1].type) == (read, kind)
        start, end = tidy(text, max(read, begin), int(offsets[last, 1]))
        sure = odds[np.arange(first, last + 1), path[first : last + 1]].mean()
        if goes_on and start < end:
            start, _, _, sure = found.pop()
        if start < end <= start + NAME_LETTERS_MAX:
            found.append(Guess(start, end, kind, round(float(sure), 3)))
        read = max(read, end)
    return found


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without marks at its edges and with whole words, save for proclitics and particles."""
    start, end = _trimmed(text, start, end)
    if not any(map(str.isalnum, text[start:end])):
        return start, start
    start, end = _trimmed(text, _word_start(text, start), _word_end(text, end))
    return _without_lone_bracket(text, start, end)


def is_word(letter: str) -> bool:
    """A letter, digit or sign that belongs to a word."""
    return letter.isalnum() or letter in "\u0640\u200c" or _is_mark(letter)


def has_no_spaces(letter: str) -> bool:
    """Whether names of the letter's script end inside words: Han, kana, Hangul, Thai."""
    return "\u3040" <= letter <= "\u9fff" or "가" <= letter <= "힣" or "\u0e00" <= letter <= "\u0e7f"


def _is_mark(letter: str) -> bool:
    """A mark that belongs to the letter before it."""
    return unicodedata.category(letter)[0] == "M"


def _runs(path: Integers) -> list[tuple[int, int, MentionType]]:
    runs: list[tuple[int, int, MentionType]] = []
    for i, label in enumerate(path):
        if label != OUTSIDE and label % 2 == 1:
            runs.append((i, i, TYPES[(label - 1) // 2]))
        elif label != OUTSIDE and runs:
            runs[-1] = (runs[-1][0], i, runs[-1][2])
    return runs


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (_is_edge(text[start]) or _is_mark(text[start])):
        start += 1
    while start < end:
        last = end - 1
        while last > start and _is_mark(text[last]):
            last -= 1
        if not _is_edge(text[last]) or (text[last] == "." and _is_initial(text, end)):
            break
        if text[last] in _PAIRS.values() and _opened(text, start, end):
            break
        end = last
    return start, end


def _is_edge(letter: str) -> bool:
    """A sign that no name begins or ends with: punctuation, emoji, control and bidi marks."""
    return letter in _EDGES or unicodedata.category(letter) in _EDGE_CATEGORIES


def _is_initial(text: str, end: int) -> bool:
    """Whether the dot before `end` belongs to the name: `U.S.`, `Samuel L.`, `Inc.`"""
    word = text[: end - 1].rpartition(" ")[2]
    return (
        (len(word) == 1 and word.isupper())
        or "." in word
        or word in {"Inc", "Ltd", "Co", "Corp", "Jr", "Sr", "St"}
    )


def _opened(text: str, start: int, end: int) -> bool:
    inside = text[start : end - 1]
    return any(close == text[end - 1] and inside.count(opening) > inside.count(close)
               for opening, close in _PAIRS.items())  # fmt: skip


def _without_lone_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    for opening, close in _PAIRS.items():
        inside = text[start:end]
        if opening in inside and close not in inside:
            end = _trimmed(text, start, start + inside.index(opening))[1]
    return start, end


def _word_start(text: str, start: int) -> int:
    if has_no_spaces(text[start]) or not is_word(text[start]):
        return start
    first = start
    while first > 0 and is_word(text[first - 1]) and not has_no_spaces(text[first - 1]):
        first -= 1
    lead = "".join(letter for letter in text[first:start] if letter.isalpha() and letter != "\u0640")
    joined = lead in PREPOSITIONS and text[start - 1] == "\u200c"
    return start if joined or lead in PROCLITICS else first


def _word_end(text: str, end: int) -> int:
    if has_no_spaces(text[end - 1]) or not is_word(text[end - 1]):
        return end
    while end < len(text) and is_word(text[end]) and not has_no_spaces(text[end]):
        end += 1
    return end
