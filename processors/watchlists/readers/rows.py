"""CSV files row by row, in UTF-8, a broken row told and passed over."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from processors.watchlists.faults import Fault
from processors.watchlists.readers.lines import lines

_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """The cells of a row, and where it begins."""

    place: str
    cells: list[str]


def rows(path: Path, delimiter: str = ",") -> Iterator[Row | Fault]:
    """Each row that is not blank. A cell may hold line breaks within its quotes."""
    told: list[Fault] = []
    text = _Text(path, told)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        text.first = 0
        try:
            cells = next(reader)
        except StopIteration:
            yield from told
            return
        except csv.Error as error:
            yield Fault(
                _place(text.first, text.number), "", f"it is no row of CSV ({error}): is a quote missing?"
            )
            continue
        yield from told
        told.clear()
        if any(cell.strip() for cell in cells):
            yield Row(_place(text.first, text.number), cells)


def delimiter_of(header: str) -> str:
    """What parts the columns of a header: the sign that stands in it most often."""
    return max(_DELIMITERS, key=header.count)


def _place(first: int, last: int) -> str:
    return f"line {first}" if last <= first else f"lines {first}-{last}"


class _Text:
    """The lines of a file as text, one after the other; those that are none are put in `told`.

    `first` is the number of the first line given since it was set to 0, `number` that of the last.
    """

    def __init__(self, path: Path, told: list[Fault]) -> None:
        self._lines = lines(path)
        self._told = told
        self.first = self.number = 0

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            if isinstance(line, Fault):
                self.number += 1
                self._told.append(line)
                continue
            self.number, data = line
            try:
                decoded = data.decode("utf-8-sig" if self.number == 1 else "utf-8")
            except UnicodeDecodeError:
                self._told.append(
                    Fault(
                        f"line {self.number}",
                        "",
                        "it is not UTF-8: save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)",
                    )
                )
            else:
                self.first = self.first or self.number
                return decoded
        raise StopIteration
