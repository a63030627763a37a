"""The desk's query language and the parameters of its API."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from schemas.article import Entity
from sinks.elasticsearch.query import FIELDS, Meant, QueryError, Question, Reading, ask, parse
from sinks.elasticsearch.query import cursor as cursors
from sinks.elasticsearch.query.moments import moment
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import NASTY, SENTENCES, any_text, pieces, short_text, written
from wirewatch.desk.answers import DeskError
from wirewatch.desk.parameters import QUESTION, by_of, order_of, question_of, size_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def _meant(name: str) -> list[Entity]:
    return [Entity(id="state:IR", name="Iran")] if name.lower() in {"iran", "ايران", "إيران"} else []


MEANT: Meant = _meant


def read_query(data: bytes) -> None:
    """A query that Elasticsearch can be sent, or the place of a fault that is in the text."""
    text = text_of(data)
    for language in (None, "ar", "zh", "xx"):
        try:
            asked = ask(Question(q=text), Reading(language=language, meant=MEANT, now=NOW))
        except QueryError as error:
            holds(0 <= error.at <= len(text), f"the fault is at {error.at} of {len(text)}")
            continue
        holds(len(json.dumps(asked.query)) < 400_000, "a query out of all proportion")
        holds(parse(text) == parse(text), "parsed twice, it differs")
        _check_words(asked.query, text)
    with suppress(QueryError):
        moment(text, NOW)


def _check_words(query: object, text: str) -> None:
    """No query string, script or regular expression, whatever was written."""
    if isinstance(query, dict):
        holds(
            not query.keys() & {"query_string", "simple_query_string", "script", "regexp", "wildcard"},
            "words became syntax",
        )
    for inner in query.values() if isinstance(query, dict) else query if isinstance(query, list) else ():
        _check_words(inner, text)


def read_parameters(data: bytes) -> None:
    """A query string as the API takes it."""
    parameters = QueryParams(data.decode("latin-1"))
    for reader in (lambda: size_of(parameters), lambda: order_of(parameters), lambda: by_of(parameters)):
        with suppress(DeskError):
            reader()
    with suppress(DeskError, QueryError):
        ask(question_of(parameters, ("size", "cursor")), Reading(meant=MEANT, now=NOW))
    with suppress(QueryError):
        read = cursors.read(parameters.get("cursor", ""))
        holds(cursors.read(cursors.written(read)) == read, "a cursor that does not come back")
        if isinstance(read, cursors.Arrival):
            holds(read.after([]).seen() == read.seen(), "having had nothing more, it stands elsewhere")


_QUERIES = (
    'sanctions Iran -football "asset freeze" sanction* (place:Iran OR issuer:"European Union") since:7d',
    "عقوبات AND NOT كرة source:(a.example OR b.example) published:2026-03-01..2026-03-07",
    "制裁 | 제재 fetched:[2026-03 TO 2026-04] act:imposed until:yesterday", "since:>=2026-11-27T10:00Z «наложены санкции» entity:state:IR",
)  # fmt: skip
_SIGNS = (
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "（",
    "|",
    "-",
    "−",
    '"',
    "“",
    "”",
    "«",
    "»",
    "「",
    "*",
    ":",
    "：",
    "..",
    ">=",
    "<",
    "[",
    "]",
    " TO ",
    " ",
    "+",
    "7d",
    "99999w",
    "2026-02-30",
    "*:*",
    "place:(",
    "~",
    "^2",
    "\\",
)
_WORDS = tuple(map(written, (*_SIGNS, *(f"{name}:" for name in FIELDS))))
_CURSOR = cursors.written(cursors.Arrival("i", 7, "3f")).encode()
_PARAMETERS = (
    b"q=sanctions&language=ar&since=7d&size=20&order=newest&by=article",
    b"cursor=" + _CURSOR + b"&size=1",
    b"q=%D8%B9&place=Iran&place=Iraq&until=2026",
)

TARGETS = (
    Target("query", read_query, tuple(map(written, _QUERIES)), pieces((*_SIGNS, *(f"{name}:" for name in FIELDS)), any_text | st.sampled_from(SENTENCES), 40), _WORDS, bytes_max=16 * 1024),
    Target(
        "desk-parameters",
        read_parameters,
        (*_PARAMETERS, b"cursor=" + cursors.written(cursors.Page(20, "2026-11-27T10:00:00Z")).encode()),
        st.lists(st.tuples(st.sampled_from((*QUESTION, "size", "cursor", "by", "order")) | short_text, any_text), max_size=6).map(
            lambda told: "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in told).encode()
        ),
        (b"size=", b"cursor=", b"&", b"=", b"%", b"%00", "²".encode(), b"size=%C2%B2", b"WyJhcnJpdmFsIiwi", b"%ED%A0%80", b";", *(f"{name}=".encode() for name in QUESTION), *map(written, NASTY[:6])),
        bytes_max=64 * 1024,
    ),
)  # fmt: skip
