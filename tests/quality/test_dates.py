"""Dates as pages write them: strings made for this test, each `part`, language, day or `-`, and the line.

The parts were divided by hash before anything was tuned: `dev` was looked at, of `held` only the figures.
The same person wrote strings and reader, so expect a little less of pages. Relative forms count from
`FETCHED_AT`.
"""

from pathlib import Path

import pytest

from processors.boilerplate.dates import written_dates

FETCHED_AT = "2026-03-18T12:30:00+00:00"
RIGHT_MIN = {"dev": 0.98, "held": 0.97}
LANGUAGES_MIN = 12


def _read(line: str, language: str) -> str:
    """The first day that is not an update's, as a page's publication would be taken."""
    dates = written_dates(line, language, FETCHED_AT)
    return next((written.iso[:10] for written in dates if written.label != "updated"), "-")


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    text = (Path(__file__).parent / "data" / "dates.tsv").read_text(encoding="utf-8")
    return [line.split("\t", 3) for line in text.splitlines()]


@pytest.mark.parametrize("part", RIGHT_MIN)
def test_days_are_read_and_none_is_invented(part: str, rows: list[list[str]]) -> None:
    mine = [(iso, _read(line, language), line) for of, language, iso, line in rows if of == part]
    wrong = [row for row in mine if row[1] not in {row[0], "-"}]
    missed = [row for row in mine if row[0] != row[1]]
    assert not wrong
    assert 1 - len(missed) / len(mine) >= RIGHT_MIN[part], missed


def test_the_strings_are_many_and_in_many_languages(rows: list[list[str]]) -> None:
    assert sum(row[0] == "held" for row in rows) >= 120
    assert len({row[1] for row in rows if row[0] == "held"}) >= LANGUAGES_MIN
