"""Dates in every form they come in: read where they are stated, and never guessed."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.feeds.dates import instant, stated_time

STATED = {
    "Fri, 27 Nov 2026 10:05:06 GMT": "2026-11-27T10:05:06+00:00",
    "Fri, 27 Nov 2026 10:05:06 +0300": "2026-11-27T10:05:06+03:00",
    "Fri, 27 Nov 2026 10:05 -0500": "2026-11-27T10:05:00-05:00",
    "27 Nov 2026 10:05:06 UT": "2026-11-27T10:05:06+00:00",
    "Friday, 27 November 2026 10:05:06 EST": "2026-11-27T10:05:06-05:00",
    "Fri,  27\n Nov  2026 10:05:06   Z": "2026-11-27T10:05:06+00:00",
    "Fri, 4 Sept 2026 01:02:03 MSK": "2026-09-04T01:02:03+03:00",
    "Fri, 27 Nov 26 10:05:06 GMT": "2026-11-27T10:05:06+00:00",
    "Fri, 27-Nov-2026 10:05:06 GMT": "2026-11-27T10:05:06+00:00",
    "Fri, 27 Nov 2026 10:05:06 +0000 (Coordinated Universal Time)": "2026-11-27T10:05:06+00:00",
    "Fri Nov 27 10:05:06 UTC 2026": "2026-11-27T10:05:06+00:00",
    "Fri, 27 Nov 2026 10:05:06 GMT+3": "2026-11-27T10:05:06+03:00",
    "2026-11-27T10:05:06Z": "2026-11-27T10:05:06+00:00",
    "2026-11-27T10:05:06.123+09:00": "2026-11-27T10:05:06+09:00",
    "2026-11-27T10:05+0530": "2026-11-27T10:05:00+05:30",
    "2026-11-27 10:05:06 +03": "2026-11-27T10:05:06+03:00",
    "2026-11-27": "2026-11-27",
    "٢٠٢٦-١١-٢٧": "2026-11-27",
    "27 Nov 2026": "2026-11-27",
}
NO_ZONE = (
    "2026-11-27T10:05:06",
    "2026-11-27 10:05:06",
    "Fri, 27 Nov 2026 10:05:06",
    "Fri, 27 Nov 2026 10:05:06 CST",  # Chicago or Shanghai
    "Fri, 27 Nov 2026 10:05:06 IST",  # Delhi, Dublin or Tel Aviv
    "Fri Nov 27 10:05:06 2026",
)
NOT_STATED = (
    "", "   ", "yesterday", "2 hours ago", "10:05", "20261127", "1764237906", "12345", "2026", "2026-11", "Nov 2026",
    "30 Feb 2026", "Sat, 30 Feb 2026 10:00:00 GMT", "2026-02-29", "2026-13-01", "2026-11-27T25:00:00Z",
    "2026-11-27T10:60:00Z", "Mon, 27 Nov 2026 10:05:06 GMT",  # it was a Friday
    "27/11/2026", "11/27/2026", "27.11.2026", "27 Nov 26", "Nov 27, 2026", "27 نوفمبر 2026", "27 ноября 2026",
    "2026年11月27日", "1405-09-06", "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT",
    "-0001-11-30T00:00:00+00:00", "2026-11-27T10:05:06+99:00", "T10:05:06Z", "Invalid Date", "null", "<p>2026-11-27</p>",
    "2026-11-27" * 20,
)  # fmt: skip


@pytest.mark.parametrize(("told", "stated"), STATED.items())
def test_what_is_stated_is_read(told: str, stated: str) -> None:
    assert stated_time(told) == stated


@pytest.mark.parametrize("told", NO_ZONE)
def test_a_time_without_a_clear_zone_gives_its_day(told: str) -> None:
    assert stated_time(told) == "2026-11-27"


@pytest.mark.parametrize("told", [*NOT_STATED, None])
def test_what_would_have_to_be_guessed_is_none(told: str | None) -> None:
    assert stated_time(told) is None


def test_an_instant_is_in_utc_and_a_day_its_noon() -> None:
    assert instant("2026-11-27T01:00:00+03:00") == datetime.fromisoformat("2026-11-26T22:00:00+00:00")
    assert instant("2026-11-27") == datetime.fromisoformat("2026-11-27T12:00:00+00:00")
    assert instant(None) is None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_every_time_in_both_standard_forms_is_read_back(moment: datetime) -> None:
    expected = f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"
    assert stated_time(f"{moment:%a, %d %b %Y %H:%M:%S} GMT") == expected
    assert stated_time(f"{moment:%Y-%m-%dT%H:%M:%S}Z") == expected


@given(st.text(alphabet="0123456789٠٢ -:/,.TZ+GMTFriNov年月日", max_size=70))
def test_nothing_raises_and_whatever_is_read_is_a_date(told: str) -> None:
    stated = stated_time(told)
    assert stated is None or datetime.fromisoformat(stated).year >= 1990
    assert (instant(stated) is None) == (stated is None)
