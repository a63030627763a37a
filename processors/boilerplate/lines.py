"""A page's lines, and what the characters of each say: counts, ends, signs.

Characters are looked up in one table of classes with numpy and summed over each line, so that nothing
here runs once a character in Python.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from processors.language.scripts import COMMON, code_points, script_table

Numbers = NDArray[np.floating]
LETTER, DIGIT, UPPER, LOWER, PUNCTUATION, SPACE, UNSPACED, ENDS_SENTENCE = (1 << bit for bit in range(8))
QUOTE, CLOSER, COMMA, BAR, COLON, SYMBOL, DATE_SIGN, OPENER = (1 << bit for bit in range(8, 16))
CREDIT_CHARACTERS_MAX = 40
UNSPACED_LETTERS_PER_WORD = 1.7  # Han, kana, Hangul, Thai, Lao, Burmese, Khmer: letters that make a word
_UNSPACED = [(0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF)]
_SIGNS = {
    ENDS_SENTENCE: ".!?؟。！？…۔।॥｡",
    QUOTE: "\"“”«»„‟「」『』'‘’‹›",
    CLOSER: "\"'”’»)]›」』）】〉》*",
    COMMA: ",،、，;؛；",
    BAR: "|›»>•·→←▶►/▼▲",
    COLON: ":：",
    SYMBOL: "©@#&+=_®™ⓒ",
    DATE_SIGN: "./-年月日",
    OPENER: "-–—•*([{【（<«▪■●◆▲►#@©",
}  # fmt: skip


_DASHES = np.array([ord(sign) for sign in "-–—―"], np.uint32)


@dataclass(frozen=True)
class Line:
    """One line that is not blank: its words without the space around them, and its span in the page."""

    text: str
    start: int
    end: int


def split_lines(content: str) -> list[Line]:
    """The page's lines that hold more than white space, in order; spans are code points."""
    lines: list[Line] = []
    start = 0
    for line in content.splitlines(keepends=True):
        text = line.strip()
        if text:
            offset = start + len(line) - len(line.lstrip())
            lines.append(Line(text, offset, offset + len(text)))
        start += len(line)
    return lines


@cache
def class_table() -> NDArray[np.uint16]:
    """For every code point the bits of its classes."""
    table = np.zeros(0x110000, np.uint16)
    for point in range(0x20000):
        table[point] = _classes_of(unicodedata.category(chr(point)))
    table[0x20000:0x32400] = LETTER
    for first, last in [*_UNSPACED, (0xAC00, 0xD7AF), (0x20000, 0x323FF)]:
        table[first : last + 1] |= np.where(table[first : last + 1] & LETTER, UNSPACED, 0).astype(np.uint16)
    for bit, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] |= bit
    return table


def _classes_of(category: str) -> int:
    if category[0] == "L":
        return LETTER | {"Lu": UPPER, "Ll": LOWER}.get(category, 0)
    return {"N": DIGIT if category == "Nd" else 0, "P": PUNCTUATION, "S": PUNCTUATION, "Z": SPACE}.get(
        category[0], SPACE if category == "Cc" else 0
    )


@dataclass(frozen=True)
class LineSigns:
    """What the characters of each line say; one number a line in every array."""

    chars: Numbers
    letters: Numbers
    digits: Numbers
    upper: Numbers
    lower: Numbers
    punctuation: Numbers
    words: Numbers
    commas: Numbers
    bars: Numbers
    symbols: Numbers
    quotes: Numbers
    inner_ends: Numbers
    clock_signs: Numbers
    date_signs: Numbers
    ends_sentence: Numbers
    ends_colon: Numbers
    starts_signed: Numbers
    starts_quoted: Numbers
    starts_lower: Numbers
    starts_dashed: Numbers
    in_page_script: Numbers


@dataclass(frozen=True)
class Characters:
    """The code points of all lines, each closed by a newline, with their classes; a line begins at each of
    `starts` and has as many characters as `lengths` says.
    """

    points: NDArray[np.uint32]
    bits: NDArray[np.uint16]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


def characters_of(lines: list[Line]) -> Characters:
    """The characters of at least one line."""
    points = code_points("\n".join(line.text for line in lines) + "\n")
    lengths = np.array([len(line.text) for line in lines])
    starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])
    return Characters(points, class_table()[points], starts, lengths)


def line_signs(lines: list[Line], characters: Characters | None = None) -> LineSigns:
    """The signs of at least one line; `characters` where they have been read already."""
    read = characters or characters_of(lines)
    points, bits, starts, lengths = read.points, read.bits, read.starts, read.lengths

    def count(flags: NDArray[np.bool_]) -> Numbers:
        return np.add.reduceat(flags, starts, dtype=np.int64).astype(np.float32)

    def has(bit: int) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (bits & bit) != 0
        return found

    letter, digit, unspaced, sentence_end = has(LETTER), has(DIGIT), has(UNSPACED), has(ENDS_SENTENCE)
    in_word = (letter | digit) & ~unspaced
    before, after = np.roll(digit, 1), np.roll(digit, -1)
    positions = np.arange(len(points))
    solid = np.where(has(CLOSER) | has(SPACE), -1, positions)
    last = np.maximum.reduceat(solid, starts)
    last = np.where(last < starts, starts + lengths - 1, last)
    first_bits, last_bits = bits[starts], bits[last]
    return LineSigns(
        chars=lengths.astype(np.float32),
        letters=count(letter),
        digits=count(digit),
        upper=count(has(UPPER)),
        lower=count(has(LOWER)),
        punctuation=count(has(PUNCTUATION)),
        words=count(in_word & ~np.roll(in_word, 1)) + count(unspaced) / np.float32(UNSPACED_LETTERS_PER_WORD),
        commas=count(has(COMMA)),
        bars=count(has(BAR)),
        symbols=count(has(SYMBOL)),
        quotes=count(has(QUOTE)),
        inner_ends=count(sentence_end & np.roll(has(SPACE) | unspaced, -1)),
        clock_signs=count(has(COLON) & before & after),
        date_signs=count(has(DATE_SIGN) & before),
        ends_sentence=_ends(lines, (last_bits & ENDS_SENTENCE) != 0),
        ends_colon=((last_bits & COLON) != 0).astype(np.float32),
        starts_signed=((first_bits & OPENER) != 0).astype(np.float32),
        starts_quoted=((first_bits & QUOTE) != 0).astype(np.float32),
        starts_lower=((first_bits & LOWER) != 0).astype(np.float32),
        starts_dashed=np.isin(points[starts], _DASHES).astype(np.float32),
        in_page_script=_share_in_page_script(points, starts),
    )


def _ends(lines: list[Line], ends: NDArray[np.bool_]) -> Numbers:
    """`ends`, and the lines that end a sentence before a closing credit in brackets."""
    table = class_table()
    for index, line in enumerate(lines):
        if not ends[index] and line.text[-1] in ")]）】":
            opening = max(line.text.rfind(sign, -CREDIT_CHARACTERS_MAX) for sign in "([（【")
            before = line.text[: max(opening, 0)].rstrip().rstrip("\"'”’»").rstrip()
            ends[index] = bool(before) and bool(table[ord(before[-1])] & ENDS_SENTENCE)
    return ends.astype(np.float32)


def _share_in_page_script(points: NDArray[np.uint32], starts: NDArray[np.int64]) -> Numbers:
    """The share of each line's letters that are of the page's main script; 1 for a line without letters."""
    scripts = script_table()[points]
    counts = np.bincount(scripts)
    counts[COMMON] = 0
    ours = np.add.reduceat(scripts == counts.argmax(), starts, dtype=np.int64)
    letters = np.add.reduceat(scripts != COMMON, starts, dtype=np.int64)
    share: Numbers = np.where(letters == 0, 1.0, ours / np.maximum(letters, 1)).astype(np.float32)
    return share
