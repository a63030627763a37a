"""JSON Lines, and whatever else `produce` reads from files and standard input."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable

import msgspec
from hypothesis import strategies as st

from producers.files import Format, read_articles
from producers.json_lines import holds_articles, read_lines
from producers.page import Input
from producers.unreadable import Unreadable, dead_letter
from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.wire import decode, encode
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import any_text, as_json, mapping, pieces, short_text, written

GIVEN = Input("in.jsonl", "folder", 1_795_000_000_000)
REASONS = {
    "missing", "no_permission", "not_readable", "unknown_format", "broken_gzip", "not_utf8", "not_json", "wrong_type",
    "no_text", "too_large", "empty",
}  # fmt: skip
FORMS: tuple[Format | None, ...] = (None, "text", "html", "jsonl")


def travels(found: Iterable[Article | Unreadable]) -> list[str]:
    """The ids of what was read. Every article and every report can go into Kafka."""
    ids = []
    for item in found:
        if isinstance(item, Article):
            holds(decode(encode(item), Article) == item, "the article does not travel")
            ids.append(item.id)
        else:
            holds(item.reason in REASONS, f"unknown reason {item.reason}")
            letter = dead_letter(item)
            holds(decode(encode(letter), DeadLetter).id == letter.id, "the dead letter does not travel")
            ids.append(letter.id)
    return ids


def read_json_lines(data: bytes) -> None:
    """Each line an article or a report, the same twice."""
    ids = travels(read_lines(io.BytesIO(data), GIVEN))
    holds(ids == travels(read_lines(io.BytesIO(data), GIVEN)), "read twice, the ids differ")
    holds(len(ids) <= data.count(b"\n") + 1, "more articles than lines")
    holds_articles(io.BytesIO(data))


def read_files(data: bytes) -> None:
    """As standard input in every form, and as a gzipped file."""
    for form in FORMS:
        travels(read_articles(["-"], form=form, stdin=io.BytesIO(data)))
    from producers import files

    stream = gzip.GzipFile(fileobj=io.BytesIO(data))
    travels(files._read_stream(stream, "jsonl", GIVEN))  # type: ignore[arg-type]


_LINE = {
    "id": 1,
    "text": "خبر\nثان",
    "url": "https://example.org/a?utm_source=x",
    "source": "example.org",
    "fetched_at": "2026-11-27T10:00:00+02:00",
}
_line = mapping(dict.fromkeys(("id", "text", "html", "source", "url", "fetched_at", "other"), any_text)).map(
    as_json
)
_lines = st.lists(_line | short_text.map(written), max_size=6).map(b"\n".join)
_SAMPLES = (
    as_json(_LINE) + b"\n" + as_json({"html": "<p>a</p>", "url": "http://b.example/c"}),
    as_json(_LINE),
)
_WORDS = (
    b'"text":',
    b'"html":',
    b'"url":',
    b'"fetched_at":',
    b'"0001-01-01T00:00:00+23:59"',
    b'"9999-12-31T23:59:59-23:59"',
    b"\n",
    b"\r\n",
    b"\xef\xbb\xbf",
)
_PAGE = b'<!DOCTYPE html><html><head><meta charset="windows-1256"><title>a</title></head><body><p>b</p></body></html>'

TARGETS = (
    Target("json-lines", read_json_lines, _SAMPLES, _lines, _WORDS),
    Target(
        "files",
        read_files,
        (
            *_SAMPLES,
            _PAGE,
            gzip.compress(as_json(_LINE), mtime=0),
            "Titel\n\nText.".encode("utf-16"),
            msgspec.json.encode(_LINE),
        ),
        st.one_of(
            _lines.map(lambda data: gzip.compress(data, 1, mtime=0)),
            pieces(
                (
                    "<meta charset=",
                    "utf-7",
                    "utf-16",
                    "hz",
                    "iso-2022-jp",
                    "unicode_escape",
                    "<p>",
                    "~{",
                    "\x1b$B",
                    ">",
                )
            ),
            any_text.flatmap(
                lambda text: st.sampled_from(["utf-16", "utf-32", "utf-8-sig"]).map(
                    lambda code: text.encode(code, "replace")
                )
            ),
        ),
        (
            *_WORDS,
            b"charset=",
            b"utf-16",
            b"utf-7",
            b"iso-2022-kr",
            b"hz-gb-2312",
            b"raw_unicode_escape",
            b"idna",
            b"rot13",
            b"~{",
            b"\x1b$)C",
        ),
    ),
)
