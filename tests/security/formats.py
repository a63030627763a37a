"""What stands in our descriptions as a format, made by the dozen: schemathesis loads this as its hooks.

With them it has questions, moments and cursors that must be taken, as well as texts that must not.
"""

from __future__ import annotations

import json
from datetime import datetime

import schemathesis
from hypothesis import strategies as st

from sinks.elasticsearch.query.cursor import Arrival, Page, written

WORDS = (
    "sanctions", "عقوبات", "санкции", "制裁", "제재", "تحریم", "yaptırım", "Kim Jong Un", "Köln", "x\u202ey",
    "{{7*7}}", "${jndi:ldap://x}", "';--", "<script>", "%s%n", "a\u0000", "a\u0300\u0301", "👩🏽‍⚖️",
)  # fmt: skip

words = st.sampled_from(WORDS).map(lambda word: '"' + word.replace('"', "") + '"')
terms = words | st.tuples(st.sampled_from(["title", "place", "person", "source"]), words).map(":".join)
questions = st.recursive(
    terms,
    lambda inner: (
        st.tuples(inner, st.sampled_from([" ", " OR ", " AND "]), inner).map(
            lambda all_: f"({''.join(all_)})"
        )
        | inner.map(lambda one: f"NOT {one}")
    ),
    max_leaves=6,
)
moments = (
    st.dates().map(str)
    | st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds") + "Z")
    | st.tuples(st.integers(0, 999), st.sampled_from("mhdw")).map(lambda ago: f"{ago[0]}{ago[1]}")
    | st.sampled_from(["", "today", "yesterday", "2026-03"])
)
pages = st.builds(Page, offset=st.integers(0, 1000), until=st.just("") | st.dates().map(str))
arrivals = st.builds(Arrival, index=st.just("none"), position=st.integers(-1, 2**40))
past = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2026, 1, 1))  # noqa: DTZ001 - "Z" is added
lines = st.sampled_from(WORDS).map(lambda word: json.dumps({"text": f"{word} text"}).encode())
json_lines = st.lists(lines, min_size=1, max_size=5).map(b"\n".join)

schemathesis.openapi.format("question", questions)
schemathesis.openapi.format("moment", moments)
schemathesis.openapi.format("cursor", (pages | arrivals).map(written))
schemathesis.openapi.format("date-time", past.map(lambda moment: moment.isoformat() + "Z"))
schemathesis.openapi.media_type("application/x-ndjson", json_lines)
