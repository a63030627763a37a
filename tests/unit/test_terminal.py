"""Text from strangers can't steer a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wirewatch.terminal import one_line, printable

DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(st.characters(categories=["Cc", "Cs", "Cf", "Lo", "Po"])))
def test_nothing_steers_the_terminal(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in shown)
    assert not set(shown) & set(DIRECTION)
    shown.encode("utf-8")
    assert "\n" not in one_line(text, 40)
    assert len(one_line(text, 40)) <= 40


def test_what_is_written_out_and_what_is_left() -> None:
    assert printable("\x1b[2J\r\x9b\u202eabc\ud800") == r"\x1b[2J\r\x9b\u202eabc\ud800"
    assert printable("می‌خواهم \u200fعقوبات\n\t제재") == "می‌خواهم \u200fعقوبات\n\t제재"


def test_one_line_is_cut_with_a_mark() -> None:
    assert one_line("a\n b\x1b", 20) == r"a b\x1b"
    assert one_line("abcdef", 4) == "abc…"
