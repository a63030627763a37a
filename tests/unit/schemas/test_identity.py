"""Ids: stable under what does not matter, different where anything may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import alert_id, article_id, canonical_url, dead_letter_id, normalise_text

PAGE = "https://ar.example.com/news/2024/1?a=1&b=2"


@pytest.mark.parametrize(
    "same",
    [
        "http://ar.example.com/news/2024/1?b=2&a=1",
        "https://AR.example.com:443/news/2024/1?a=1&b=2#comments",
        "http://ar.example.com:80/news/2024/1/?a=1&amp;b=2",
        "https://ar.example.com//news/2024/1?a=1&b=2&utm_source=x&fbclid=y&_ga=z",
        " \u200fhttps://ar.example.com/news/2024/1?a=1&b=2\u200e\n",
    ],
)
def test_the_same_page_has_one_canonical_url(same: str) -> None:
    assert canonical_url(same) == PAGE
    assert article_id(same, "x", "one text") == article_id(PAGE, "y", "another")


@pytest.mark.parametrize(
    "other",
    [
        "https://ar.example.com/news/2024/1?a=1&b=2&id=4",
        "https://ar.example.com/news/2024/1?a=1&b=2&cid=4",
        "https://ar.example.com/news/2024/1?a=1&b=2&4711",
        "https://ar.example.com/news/2024/1?a=1&b=2#!/4711",
        "https://ar.example.com:8080/news/2024/1?a=1&b=2",
        "https://ar.example.com/News/2024/1?a=1&b=2",
        "https://ar.example.com/news/2024/1?a=1&b=%C7%E1",
    ],
)
def test_a_page_that_may_be_another_keeps_its_own_id(other: str) -> None:
    assert article_id(other, "x", "t") != article_id(PAGE, "x", "t")


def test_a_path_in_arabic_is_the_same_written_out_or_percent_encoded() -> None:
    assert canonical_url("https://example.com/خبر") == canonical_url("https://example.com/%d8%ae%D8%A8%d8%b1")


def test_bytes_that_are_not_utf8_are_kept_apart() -> None:
    assert canonical_url("https://example.com/a?q=%C7%E1") != canonical_url("https://example.com/a?q=%C7%E2")


@pytest.mark.parametrize(
    "nothing",
    ["", "  ", "https://example.com", "https://example.com/", "ftp://example.com/a", "http://[::1", "خبر", "https:///a",
     "https://example.com/\ud800", "mailto:a@example.com", "//example.com/a"],
)  # fmt: skip
def test_what_names_no_page_falls_back_to_the_text(nothing: str) -> None:
    assert canonical_url(nothing) is None
    assert article_id(nothing, "outlet", "text") == article_id(None, "outlet", "text")


@given(st.text())
def test_any_string_is_survived(text: str) -> None:
    canonical_url(text)
    assert len(article_id(text, text, text)) == 32


_parts = st.text(alphabet="aZé خبر?&=;#!:@%/.+-_[]~0248\u200f", max_size=12)


@given(st.sampled_from(["http", "https", "HTTPS"]), _parts, _parts)
def test_canonicalising_twice_is_canonicalising_once(scheme: str, host: str, rest: str) -> None:
    once = canonical_url(f"{scheme}://example.com{host}/{rest}")
    assert once is None or canonical_url(once) == once


@given(st.text())
def test_normalising_a_text_twice_is_normalising_it_once(text: str) -> None:
    assert normalise_text(normalise_text(text)) == normalise_text(text)


def test_invisible_marks_and_line_breaks_do_not_make_another_article() -> None:
    text = "فرضت واشنطن عقوبات\nعلى ١٢ شركة"
    assert article_id(None, "s", text) == article_id(
        None, "s", "\ufeff\u200fفرضت  واشنطن عقوبات\u00a0على ١٢ شركة\u200e\n"
    )
    assert article_id(None, "s", text) != article_id(None, "another outlet", text)
    assert article_id(None, "s", text) != article_id(None, "s", text + " أخرى")


def test_parts_are_told_apart_by_their_length() -> None:
    assert alert_id("ab", "c") != alert_id("a", "bc")
    assert dead_letter_id("t", 1, 11, b"") != dead_letter_id("t", 11, 1, b"")
    assert dead_letter_id("t", 1, 1, b"a") != dead_letter_id("t", 1, 1, b"b")
