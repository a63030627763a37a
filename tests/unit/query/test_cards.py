"""What is made of Elasticsearch's answers: passages with marks, counts over time, rows, likeness, cursors."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.elasticsearch.query import QueryError, cursor
from sinks.elasticsearch.query.cards import STRETCHES_MAX, over_time
from sinks.elasticsearch.query.export import COLUMNS, cell, csv_lines, json_lines
from sinks.elasticsearch.query.similar import ranked
from sinks.elasticsearch.query.snippets import AFTER, BEFORE, SNIPPET_CHARACTERS, marked, snippet

MENTION = {"field": "text", "start": 500, "end": 504, "entity": {"id": "state:IR"}}


def test_marks_count_code_points() -> None:
    text, marks = marked(f"🚢 в {BEFORE}Иране{AFTER} и {BEFORE}制{AFTER}{BEFORE}裁{AFTER}")
    assert [text[start:end] for start, end in marks] == ["Иране", "制裁"]
    assert text == "🚢 в Иране и 制裁"


@given(st.text(st.sampled_from(f"ab {BEFORE}{AFTER}"), max_size=30))
def test_whatever_marks_a_text_brings_along_they_stay_inside(passage: str) -> None:
    text, marks = marked(passage)
    assert not {BEFORE, AFTER} & set(text)
    ends = [place for mark in marks for place in mark]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(text) for place in ends)


def test_a_name_far_down_is_shown_with_what_stands_around_it() -> None:
    source = {"text": "x" * 99 + " y" * 200 + " Iran" + " z" * 400, "record": {"mentions": [MENTION]}}
    shown = snippet(source, {}, frozenset({"state:IR"}))
    assert [shown["text"][start:end] for start, end in shown["marks"]] == ["Iran"]
    assert len(shown["text"]) <= SNIPPET_CHARACTERS
    assert shown["text"].startswith("y")
    assert snippet(source, {}, frozenset({"state:FR"}))["marks"] == []


def test_found_words_come_before_names() -> None:
    found = {"text_fa": [f"a {BEFORE}b{AFTER}"], "text": [f"{BEFORE}a{AFTER} {BEFORE}b{AFTER}"]}
    shown = snippet({"text": "a b", "record": {"mentions": [MENTION]}}, found, frozenset({"state:IR"}))
    assert (shown["text"], shown["marks"]) == ("a b", [[0, 1], [2, 3]])


def test_counts_over_time_are_few_however_long_it_was() -> None:
    days = {
        f"{year}-{month:02d}-{day:02d}": 1
        for year in range(2000, 2026)
        for month in range(1, 13)
        for day in (1, 2)
    }
    assert over_time({"2026-03-01": 2, "2026-03-02": 1}) == [
        {"value": "2026-03-01", "count": 2},
        {"value": "2026-03-02", "count": 1},
    ]
    assert over_time(dict(list(days.items())[:100]))[0] == {"value": "2000-01", "count": 2}
    assert over_time(days)[0] == {"value": "2000", "count": 24}
    assert len(over_time(days)) <= STRETCHES_MAX
    assert over_time({}) == []


@pytest.mark.parametrize("title", ["=1+1", "+7", "-x", "@a", "\tx", 'a "b", c\nd', "عقوبات؛ x"])
def test_no_title_is_a_formula_or_breaks_its_row(title: str) -> None:
    text = "".join(csv_lines([{"id": "1", "title": title, "places": ["a", "b"]}]))
    head, row = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    told = dict(zip(head, row, strict=True))
    assert tuple(head) == COLUMNS
    assert told["title"].removeprefix("'") == title
    assert told["title"][0] not in "=+-@\t"
    assert told["places"] == "a; b"
    assert cell(None) == ""


def test_a_line_of_json_is_one_line() -> None:
    assert list(json_lines([{"id": "1", "text": "a\nb", "record": {}}])) == ['{"id":"1","text":"a\\nb"}\n']


def like(values: list[float], **more: Any) -> dict[str, Any]:
    packed = base64.b64encode(np.array(values, "<f2").tobytes()).decode()
    return {"_source": {"record": {"embedding": {"model": more.pop("model", "m"), "values": packed}}, **more}}


def test_the_likest_come_first_and_those_of_unknown_meaning_last() -> None:
    source = like([1.0, 0.0], places=["Iran", "Riga"])["_source"]
    hits = [
        like([0.0, 1.0]),
        {"_source": {}},
        like([1.0, 0.0], model="other"),
        like([0.8, 0.6], places=["Riga"]),
    ]
    found = ranked(source, hits, 3, lambda _model, values, _language: values)
    assert [likeness for _, likeness, _ in found] == [pytest.approx(0.8, abs=0.01), 0.0, None]
    assert found[0][2] == ["Riga"]


@given(st.lists(st.integers(0, 5000), max_size=60), st.lists(st.integers(0, 5000), max_size=60))
def test_a_pollers_memory_is_what_it_had_of_the_last_numbers(before: list[int], after: list[int]) -> None:
    at = cursor.Arrival("i").after(before).after(after)
    newest = max([*before, *after], default=-1)
    recent = {number for number in (*before, *after) if number > newest - cursor.WINDOW}
    kept = {number for number in before if number > max(before) - cursor.WINDOW} if before else set()
    assert set(at.seen()) == recent & (kept | set(after))
    assert cursor.read(cursor.written(at)) == at


@given(
    st.text(max_size=50) | st.binary(max_size=50).map(lambda some: base64.urlsafe_b64encode(some).decode())
)
def test_what_is_no_cursor_of_ours_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        cursor.read(text)
    assert refused.value.parameter == "cursor"
