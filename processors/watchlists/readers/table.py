"""A list of one's own in CSV: the first row names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from processors.watchlists.draft import Draft
from processors.watchlists.faults import Fault, ListError, shown
from processors.watchlists.readers.fields import KNOWN, MEANING, column, draft_of, unknown
from processors.watchlists.readers.lines import lines
from processors.watchlists.readers.rows import Row, delimiter_of, rows


def read(path: Path) -> Iterator[Draft | Fault]:
    """Each row after the first. Raises `ListError` where no column is called `name`."""
    header: list[str] | None = None
    for row in rows(path, delimiter_of(_first_line(path))):
        if isinstance(row, Fault):
            yield row
        elif header is None:
            header = row.cells
            yield from _checked(header, row)
        elif len(row.cells) > len(header):
            yield Fault(
                row.place,
                "",
                f"it has {len(row.cells)} columns, the header {len(header)}: quote what holds a comma",
            )
        else:
            yield draft_of(dict(zip(header, row.cells, strict=False)), row.place)
    if header is None:
        raise ListError(f"it is empty: its first line should name the columns ({KNOWN})")


def _first_line(path: Path) -> str:
    first = next((line for line in lines(path) if not isinstance(line, Fault)), (0, b""))
    return first[1].decode("utf-8-sig", "replace")


def _checked(header: list[str], row: Row) -> Iterator[Fault]:
    if "name" not in {MEANING.get(column(one)) for one in header}:
        raise ListError(
            f"{row.place}: no column is called name, among {shown(', '.join(header))}: "
            f"the first line should name the columns ({KNOWN})"
        )
    if left := unknown(header):
        yield Fault(row.place, "", f"columns not known are not read: {shown(', '.join(left))}", skipped=False)
