"""Articles as rows of CSV and JSON Lines. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sinks.elasticsearch.query.cards import LISTED

COLUMNS = (
    "id", "fetched_at", "published_at", "source", "language", "title", "url", "byline", "agency", "lane",
    "cluster_id", "relation", "thread_id", *LISTED,
)  # fmt: skip
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take UTF-8 for whatever is usual where they run."""
_FORMULA = frozenset("=+-@\t\r")


def csv_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The head, and a row an article; several values of one field stand apart by `; `."""
    yield BYTE_ORDER_MARK + _row(COLUMNS)
    for document in documents:
        yield _row([cell(document.get(column)) for column in COLUMNS])


def json_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """An object an article: the columns of the CSV, lists as lists, and the text."""
    for document in documents:
        kept = {name: document[name] for name in (*COLUMNS, "text") if name in document}
        yield msgspec.json.encode(kept).decode() + "\n"


def cell(value: Any) -> str:
    """A value for a spreadsheet, which must not take a title for a formula."""
    text = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA else text


def _row(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()
