"""JSON Lines: any line is an article or a report, and never an exception."""

from __future__ import annotations

import io
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers import json_lines
from producers.json_lines import read_lines
from producers.page import Input, url_domain
from producers.unreadable import Unreadable, dead_letter
from schemas.article import Article
from schemas.identity import article_id
from schemas.wire import decode, encode

GIVEN = Input("feed.jsonl", folder="feeds", seen_ms=1_700_000_000_000)


def _read(data: bytes, given: Input = GIVEN) -> list[Article | Unreadable]:
    return list(read_lines(io.BytesIO(data), given))


def _one(given: Input = GIVEN, **fields: object) -> Article | Unreadable:
    (item,) = _read(json.dumps(fields).encode(), given)
    return item


def test_what_an_object_says_is_kept() -> None:
    article = _one(
        id="a-7", text="نص", source="Outlet", url=" https://www.news.example.co.uk/7?utm_source=x ",
        fetched_at="2024-04-27T12:00:00+02:00", unknown={"deep": [1]},
    )  # fmt: skip
    assert isinstance(article, Article)
    assert article.id == article_id("https://www.news.example.co.uk/7", "", "")
    assert (article.external_id, article.source, article.raw.content, article.raw.format) == (
        "a-7",
        "Outlet",
        "نص",
        "text",
    )
    assert article.url == "https://www.news.example.co.uk/7?utm_source=x"
    assert (article.fetched_at, article.revision) == ("2024-04-27T10:00:00.000Z", 1_714_212_000_000)


@pytest.mark.parametrize(
    ("said", "url", "option", "source"),
    [
        ("Outlet", "https://a.example.com/1", "option", "Outlet"),
        (" ", "https://a.example.com/1", "option", "option"),
        (None, "https://a.example.com/1", None, "example.com"),
        (None, "https://www.haber.example.com.tr/1", None, "example.com.tr"),
        (None, "https://192.0.2.7:8080/1", None, "192.0.2.7"),
        (None, "http://[::1", None, "feeds"),
        (None, "", None, "feeds"),
        (None, None, None, "feeds"),
    ],
)
def test_the_source_is_what_the_object_says_else_the_option_else_the_domain_else_the_folder(
    said: str | None, url: str | None, option: str | None, source: str
) -> None:
    article = _one(Input("feed.jsonl", "feeds", 0, option), text="x", source=said, url=url)
    assert isinstance(article, Article)
    assert article.source == source


def test_html_is_taken_where_there_is_no_text() -> None:
    both, blank = _one(text="t", html="<p>h"), _one(text=" ", html="<p>h")
    assert isinstance(both, Article)
    assert isinstance(blank, Article)
    assert (both.raw.content, blank.raw.content, blank.raw.format) == ("t", "<p>h", "html")


def test_the_same_text_from_two_outlets_is_two_articles() -> None:
    one, other = _one(text="نص", source="a"), _one(text="نص", source="b")
    assert isinstance(one, Article)
    assert isinstance(other, Article)
    assert one.id != other.id


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not_json"),
        (b"[1]", "wrong_type"),
        (b"null", "wrong_type"),
        (b'"text"', "wrong_type"),
        (b"NaN", "not_json"),
        (b'{"text": 5}', "wrong_type"),
        (b'{"text": "x", "id": 1.5}', "wrong_type"),
        (b'{"text": "x", "id": ' + b"9" * 5000 + b"}", "wrong_type"),
        (b'{"text": "x", "fetched_at": "yesterday"}', "wrong_type"),
        (b'{"text": "x", "fetched_at": "1969-12-31"}', "wrong_type"),
        (b'{"text": "x", "fetched_at": "0001-01-01T00:00:00+14:00"}', "wrong_type"),
        (b'{"text": "x", "fetched_at": "9999-12-31T23:59:59-14:00"}', "wrong_type"),
        (b"{}", "no_text"),
        (b'{"text": "", "html": null}', "no_text"),
        (b'{"text": "\xff"}', "not_utf8"),
        (b'{"text": "\\ud800"}', "not_utf8"),
        (b'{"text": "\xed\xa0\x80"}', "not_utf8"),
        (b'{"a":' * 100_000, "not_json"),
        (b"\x00", "not_json"),
        (b'{"text": "' + b"x" * 9_000_000 + b'"}', "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else ascii(value[:24]),
)
def test_a_bad_line_is_reported_and_the_next_is_read(line: bytes, reason: str) -> None:
    bad, good = _read(line + b'\r\n\n{"text": "good"}')
    assert isinstance(bad, Unreadable)
    assert (bad.reason, bad.line, bad.place, bad.payload_bytes) == (reason, 1, "feed.jsonl:1", len(line))
    assert bad.payload == line[: len(bad.payload)]
    assert isinstance(good, Article)
    encode(dead_letter(bad))


def test_lines_are_counted_with_the_blank_ones_and_a_mark_is_no_part_of_the_first() -> None:
    items = _read(b'\xef\xbb\xbf{"text": "a"}\n\n  \n{\n{"text": "b"}')
    assert [item.line if isinstance(item, Unreadable) else item.raw.content for item in items] == [
        "a",
        4,
        "b",
    ]


def test_a_line_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LINE_BYTES_MAX", 100)
    long, good = _read(b"x" * 5_000_000 + b'\n{"text": "good"}\n')
    assert isinstance(long, Unreadable)
    assert (long.reason, long.payload_bytes, len(long.payload)) == ("too_large", 5_000_001, 102)
    assert isinstance(good, Article)
    exact = b'{"text": "' + b"y" * 88 + b'"}'
    assert [type(item) for item in _read(exact + b"\n" + exact + b"\r\n")] == [Article, Article]
    assert [type(item) for item in _read(exact + b"zz\n" + exact)] == [Unreadable, Article]


@given(st.text() | st.text(alphabet="a.:/[]@%?#٣0-", max_size=20))
def test_the_domain_of_any_url_is_survived(rest: str) -> None:
    assert url_domain("http://" + rest) != ""
    assert url_domain(rest) is None or rest.startswith("http")


@given(st.binary())
@settings(max_examples=300)
def test_any_bytes_are_survived(data: bytes) -> None:
    for item in _read(data):
        assert isinstance(item, Unreadable)


_values = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text(), max_size=2)
_fields = st.sampled_from(["id", "text", "html", "source", "url", "fetched_at", "other"])


@given(st.lists(st.dictionaries(_fields, _values), max_size=5), st.booleans())
@settings(max_examples=300)
def test_any_objects_come_out_one_for_one_and_can_travel(
    objects: list[dict[str, object]], escaped: bool
) -> None:
    text = "\n".join(json.dumps(each, ensure_ascii=escaped) for each in objects)
    items = _read(text.encode("utf-8", "surrogatepass"))
    assert len(items) == len(objects)
    for item in items:
        if isinstance(item, Article):
            assert decode(encode(item), Article) == item
        else:
            assert msgspec.json.decode(encode(dead_letter(item)))["reason"] == item.reason
