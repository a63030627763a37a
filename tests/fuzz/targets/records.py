"""Records on the wire."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec
from hypothesis import strategies as st

from schemas.json_schema import RECORDS
from schemas.wire import WireError, decode, encode
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import any_text, any_value, as_json, mapping, short_text

REASONS = {"empty", "too_large", "not_utf8", "not_json", "wrong_type", "from_the_future"}
_PARTY = {"text": "وزارة الخزانة", "name": "Ministry", "entity": "org:x"}
_SANCTION = {
    "act": "imposed", "evidence": [{"field": "text", "start": 0, "end": 9}], "confidence": 0.9, "issuers": [_PARTY],
    "targets": [_PARTY], "counts": [{"n": 14, "of": "individuals", "text": "14 persons"}], "measures": ["asset_freeze"],
}  # fmt: skip
_ARTICLE = {
    "id": "0f" * 16, "source": "example.org", "fetched_at": "2026-11-27T10:00:00.000Z", "revision": 1_795_000_000_000,
    "raw": {"content": "فرضت واشنطن عقوبات على طهران.", "format": "text"}, "url": "https://example.org/a", "lane": "live",
    "stages": ["language", "boilerplate"], "language": {"code": "ar", "confidence": 0.99, "script": "Arab"},
    "clean": {"title": "عقوبات", "text": "فرضت واشنطن عقوبات.", "segments": [{"start": 0, "end": 29, "role": "body"}]},
    "story": {"cluster_id": "0f" * 16, "relation": "copy", "similarity": 0.9, "thread_id": "aa"},
    "mentions": [{"field": "text", "start": 5, "end": 11, "type": "LOC", "confidence": 1, "entity": {"id": "state:US", "name": "US"}}],
    "embedding": {"model": "m", "values": "AAAA"}, "sanctions": [_SANCTION],
    "events": [{"type": "SANCTION", "trigger": {"field": "text", "start": 0, "end": 4}, "sentence": {"field": "text", "start": 0, "end": 9}, "confidence": 0.5}],
}  # fmt: skip
_MENTION = {
    "id": "a-0", "article_id": "a", "revision": 1, "source": "s", "fetched_at": "2026-11-27T10:00:00Z", "language": "ar",
    "sanction": _SANCTION, "quotes": ["فرضت"], "decision": "new", "changes": ["target_named"],
}  # fmt: skip
_DESIGNATION = {
    "id": "d", "issuers": [_PARTY], "targets": [_PARTY], "act": "imposed", "first_seen_at": "2026-11-27T10:00:00Z",
    "last_seen_at": "2026-11-27T10:00:00Z", "counts": [[14, "individuals"]],
    "sightings": [{"mention_id": "a-0", "article_id": "a", "source": "s", "seen_at": "2026", "decision": "new", "why": "first"}],
}  # fmt: skip
_ALERT = {
    "id": "x", "rule": "r", "key": "k", "created_at": "2026-11-27T10:00:00Z", "severity": "critical", "title": "t",
    "text": "e", "article_id": "a", "source": "s", "language": "ar", "status": "sent",
}  # fmt: skip
_LETTER = {
    "id": "l", "reason": "not_json", "detail": "d", "stage": "decode", "origin": {"topic": "t", "partition": 1, "offset": 2},
    "failed_at": "2026-11-27T10:00:00Z", "payload": "eyJ4IjoxfQ==", "payload_bytes": 7,
}  # fmt: skip
_VALID: tuple[dict[str, Any], ...] = (_ARTICLE, _MENTION, _DESIGNATION, _ALERT, _LETTER)


def read(data: bytes) -> None:
    """As a record of every kind: one that travels, or a reason that can be counted."""
    for kind in RECORDS.values():
        try:
            record = decode(data, kind)
        except WireError as error:
            holds(error.reason in REASONS, f"unknown reason {error.reason}")
            holds(len(str(error)) < 1000, "a detail as long as the record")
            continue
        with suppress(WireError):  # what grows beyond the limit where its escapes are written out
            again = encode(record)
            holds(encode(decode(again, kind)) == again, "read and written again it differs")


_fields = sorted({name for kind in RECORDS.values() for name in kind.__struct_fields__})
_records = st.sampled_from(_VALID).flatmap(
    lambda record: st.dictionaries(
        st.sampled_from(_fields) | short_text, any_value | any_text, max_size=3
    ).map(lambda instead: as_json(record | instead))
)
_WORDS = tuple(json.dumps(name).encode() for name in _fields)

TARGETS = (
    Target(
        "wire",
        read,
        tuple(map(msgspec.json.encode, _VALID)),
        _records | mapping(dict.fromkeys(_fields, any_value)).map(as_json),
        (
            *_WORDS,
            b"9007199254740993",
            b"1e999",
            b'"schema_version":2',
            b"1.0",
            b"true",
            b"[[[[",
            b'"\\ud83d\\ude00"',
        ),
    ),
)
