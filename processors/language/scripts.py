"""Writing systems, told by counting letters.

Code points are looked up in one table with numpy, so that a page of a million characters takes
milliseconds. Script codes are ISO 15924.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
COMMON = 0  # not a letter: digits, signs, spaces
OTHER = 1  # a letter of a script without a row below
_RANGES = {
    "Latn": [(0x41, 0x24F), (0x1E00, 0x1EFF), (0xFF21, 0xFF5A)],
    "Cyrl": [(0x400, 0x52F)],
    "Arab": [(0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)],
    "Hebr": [(0x590, 0x5FF)],
    "Grek": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "Armn": [(0x530, 0x58F)],
    "Deva": [(0x900, 0x97F)],
    "Beng": [(0x980, 0x9FF)],
    "Guru": [(0xA00, 0xA7F)],
    "Gujr": [(0xA80, 0xAFF)],
    "Taml": [(0xB80, 0xBFF)],
    "Telu": [(0xC00, 0xC7F)],
    "Knda": [(0xC80, 0xCFF)],
    "Mlym": [(0xD00, 0xD7F)],
    "Sinh": [(0xD80, 0xDFF)],
    "Thai": [(0xE00, 0xE7F)],
    "Laoo": [(0xE80, 0xEFF)],
    "Mymr": [(0x1000, 0x109F)],
    "Geor": [(0x10A0, 0x10FF), (0x1C90, 0x1CBF)],
    "Ethi": [(0x1200, 0x139F)],
    "Khmr": [(0x1780, 0x17FF)],
    "Mong": [(0x1800, 0x18AF)],
    "Kana": [(0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)],
    "Hang": [(0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)],
    "Hani": [(0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)],
}
_CODES = [None, None, *_RANGES]
SCRIPTS = len(_CODES)
_KANA, _HAN = _CODES.index("Kana"), _CODES.index("Hani")
KANA_SHARE = 0.05  # of kana among kana and Han letters, from which a text is Japanese


@cache
def script_table() -> NDArray[np.uint8]:
    """For every code point the number of its script, `COMMON` where it is not a letter."""
    table = np.zeros(0x110000, np.uint8)
    letters = [point for point in range(0x10000) if chr(point).isalpha()]
    table[letters] = OTHER
    table[0x10000:0x20000] = [OTHER if chr(point).isalpha() else COMMON for point in range(0x10000, 0x20000)]
    for number, ranges in enumerate(_RANGES.values(), start=2):
        for first, last in ranges:
            points = np.arange(first, last + 1)
            letters_here = (table[points] != COMMON) | (points >= 0x20000)
            table[points[letters_here]] = number
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """The text as numbers, one a code point; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def script_counts(text: str) -> Counts:
    """Letters of each script in `text`, by the script's number; `COMMON` is always 0."""
    counts = np.bincount(script_table()[code_points(text)], minlength=SCRIPTS)
    counts[COMMON] = 0
    return counts


def script_code(counts: Counts) -> str | None:
    """The ISO 15924 code of the script with most letters: `Jpan` for Han with kana, `None` where the
    text has no letters, or its letters no script of ours.
    """
    kana, han = counts[_KANA], counts[_HAN]
    joined = counts.copy()
    joined[_HAN] += kana
    joined[_KANA] = 0
    code = _CODES[int(joined.argmax())]
    return "Jpan" if code == "Hani" and kana > KANA_SHARE * (kana + han) else code


def letters_of(counts: Counts, script: str | None) -> int:
    """Letters of one script among `counts`; all letters where `script` is `None`."""
    if script is None:
        return int(counts.sum())
    parts = ("Kana", "Hani") if script == "Jpan" else (script,)
    return sum(int(counts[_CODES.index(part)]) for part in parts)
