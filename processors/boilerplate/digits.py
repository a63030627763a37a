"""A line as dates are read in it: ASCII digits, no marks that only shape or point."""

from __future__ import annotations

import unicodedata


class _Plain(dict[int, str | None]):
    """A translation to ASCII digits, without bidi and vowel marks; it learns each character once."""

    def __missing__(self, point: int) -> str | None:
        letter = chr(point)
        plain: str | None = str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        self[point] = None if unicodedata.category(letter) in {"Mn", "Cf"} else plain
        return self[point]


_PLAIN = _Plain({0x200C: " ", 0x640: None})  # Persian's half space parts words; Arabic's tatweel is no letter


def plain_digits(line: str) -> str:
    """The line with ASCII digits, without bidi and vowel marks."""
    return line.translate(_PLAIN)
