"""Text from strangers on a terminal: nothing in it may command the screen or turn it round."""

from __future__ import annotations

import re

# Controls (but tab and line feed), what ends a line besides, lone surrogates, and what turns direction.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@\"']{1,1000}@")


def without_credentials(text: str) -> str:
    """The text with user and password of every address in it left out."""
    return _CREDENTIALS.sub("…@", text)


def printable(text: str) -> str:
    r"""The text with every character that steers a terminal written out (`\x1b`), fit for any output.

    Arabic, marks of direction (U+200E, U+200F) and joiners stay as they are. Rich reads brackets as
    markup: give it this as `rich.text.Text`, or print with `markup=False`.
    """
    return STEERING.sub(lambda match: ascii(match[0])[1:-1], text)


def one_line(text: str, length: int) -> str:
    """The text on one line, printable, cut to `length` characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= length else line[: length - 1] + "…"
