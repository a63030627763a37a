"""What travels: every version's samples decode for ever, and no bytes whatsoever raise anything unforeseen.

`wire_samples/v1` was written by the first version and is never rewritten. When a record gains a field, add
a sample of the next version beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Raw, Record
from schemas.json_schema import RECORDS, json_schema
from schemas.wire import RECORD_BYTES_MAX, SCHEMA_VERSION, WireError, decode, encode

SAMPLES = sorted((Path(__file__).parent / "wire_samples").glob("v*/*.json"))
MINIMAL: dict[str, Any] = {
    "id": "a",
    "source": "s",
    "fetched_at": "2024-01-01T00:00:00Z",
    "raw": {"content": "x"},
}


def _record(sample: Path) -> Record:
    return decode(sample.read_bytes(), RECORDS[sample.stem])


def _with(field: bytes) -> bytes:
    return json.dumps(MINIMAL).encode()[:-1] + b", " + field + b"}"


def test_there_is_a_sample_of_every_record() -> None:
    assert {sample.stem for sample in SAMPLES if sample.parent.name == "v1"} == set(RECORDS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}-{sample.stem}")
def test_a_sample_is_read_in_full(sample: Path) -> None:
    """What was written then is still there, field by field; fields added since have their defaults."""
    written = json.loads(sample.read_bytes())
    read = json.loads(encode(_record(sample)))
    assert _within(written, read)


def _within(written: Any, read: Any) -> bool:
    if isinstance(written, dict):
        return all(key in read and _within(value, read[key]) for key, value in written.items())
    if isinstance(written, list):
        return len(written) == len(read) and all(map(_within, written, read))
    return bool(written == read)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    """Every object in a record, the record itself among them."""
    if isinstance(found, dict):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _objects(inner)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}-{sample.stem}")
def test_a_field_this_reader_does_not_know_is_refused_wherever_it_stands(sample: Path) -> None:
    """Were it passed over, a stage would write the record on without it."""
    for place in range(len(list(_objects(json.loads(sample.read_bytes()))))):
        newer = json.loads(sample.read_bytes())
        list(_objects(newer))[place]["added_later"] = {"deep": [1, None, {}]}
        with pytest.raises(WireError, match="added_later") as caught:
            decode(json.dumps(newer).encode(), RECORDS[sample.stem])
        assert caught.value.reason == "from_the_future"


@pytest.mark.parametrize("name", RECORDS)
def test_no_object_in_a_record_is_open(name: str) -> None:
    """Those that no sample holds among them."""
    parts = json_schema(name)["$defs"].values()
    assert parts
    assert all(part["additionalProperties"] is False for part in parts)


def test_what_a_later_version_made_of_a_known_field_is_from_the_future() -> None:
    for version, reason in ((SCHEMA_VERSION, "wrong_type"), (SCHEMA_VERSION + 1, "from_the_future")):
        with pytest.raises(WireError) as caught:
            decode(_with(b'"lane": "fast", "schema_version": %d' % version), Article)
        assert caught.value.reason == reason


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}-{sample.stem}")
def test_a_record_from_the_future_is_refused(sample: Path) -> None:
    newer = json.loads(sample.read_bytes()) | {"schema_version": SCHEMA_VERSION + 1}
    with pytest.raises(WireError) as caught:
        decode(json.dumps(newer).encode(), RECORDS[sample.stem])
    assert caught.value.reason == "from_the_future"


def test_the_offsets_of_the_sample_point_at_its_words() -> None:
    (sample,) = [sample for sample in SAMPLES if sample.parent.name == "v1" and sample.stem == "article"]
    article = decode(sample.read_bytes(), Article)
    quoted = [article.clean.text[m.start : m.end] for m in article.mentions] if article.clean else []
    assert quoted == ["وزارة الخزانة الأميركية", "نجم البحر"]
    assert article.quote(article.events[0].trigger) == "فرض عقوبات"


def test_only_what_must_be_given_must_be_given() -> None:
    assert decode(json.dumps(MINIMAL).encode(), Article) == Article(
        id="a", source="s", fetched_at="2024-01-01T00:00:00Z", raw=Raw(content="x")
    )


POISON: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b"   ", "not_json"),
    "NUL": (b"\x00", "not_json"),
    "Avro": (b"\x00\x00\x00\x00\x01abc", "not_json"),
    "gzip": (b"\x1f\x8b\x08\x00", "not_json"),
    "a byte-order mark": (b"\xef\xbb\xbf{}", "not_json"),
    "UTF-16": (json.dumps(MINIMAL).encode("utf-16"), "not_json"),
    "cp1256": (_with('"url": "خبر"'.encode("cp1256")), "not_utf8"),
    "a raw surrogate": (_with(b'"url": "\xed\xa0\x80"'), "not_utf8"),
    "half a pair": (_with(rb'"url": "\ud800"'), "not_utf8"),
    "the other half": (_with(rb'"url": "\udc00 and more text"'), "not_utf8"),
    "a pair turned round": (_with(rb'"url": "\ude00\ud83d"'), "not_utf8"),
    "half a pair in an unknown field": (_with(rb'"other": "\ud800"'), "from_the_future"),
    "cut": (json.dumps(MINIMAL).encode()[:-5], "not_json"),
    "two records": (json.dumps(MINIMAL).encode() * 2, "not_json"),
    "a bare control character": (_with(b'"url": "\x01"'), "not_json"),
    "null": (b"null", "wrong_type"),
    "a list": (b"[]", "wrong_type"),
    "a text": (b'"article"', "wrong_type"),
    "no id": (b'{"source": "s"}', "wrong_type"),
    "a number for a text": (_with(b'"url": 5'), "wrong_type"),
    "a text for a list": (_with(b'"mentions": "many"'), "wrong_type"),
    "an unknown lane": (_with(b'"lane": "fast"'), "wrong_type"),
    "a huge number": (_with(b'"revision": ' + b"9" * 5000), "wrong_type"),
    "a number larger than 64 bits": (_with(b'"revision": ' + b"9" * 25), "wrong_type"),
    "a number that versions can't hold": (_with(b'"revision": 9007199254740993'), "wrong_type"),
    "a negative revision": (_with(b'"revision": -1'), "wrong_type"),
    "a fraction": (_with(b'"revision": 1.5'), "wrong_type"),
    "a truth value": (_with(b'"revision": true'), "wrong_type"),
    "NaN": (_with(b'"revision": NaN'), "not_json"),
    "infinity": (_with(b'"language": {"code": "ar", "confidence": 1e999}'), "wrong_type"),
    "deep lists": (b'{"other": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "from_the_future"),
    "deep objects": (b'{"a":' * 100_000, "from_the_future"),
    "deep lists that are cut": (b"[" * 100_000, "wrong_type"),
    "an unknown field with a long name": (b'{"' + b"x" * 1_000_000 + b'": 1}', "from_the_future"),
    "30 MB": (_with(b'"url": "' + b"x" * 30_000_000 + b'"'), "too_large"),
    "one byte too many": (b" " * (RECORD_BYTES_MAX + 1), "too_large"),
}


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON)
def test_poison_has_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(WireError) as caught:
        decode(data, Article)
    assert caught.value.reason == reason
    assert str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_proper_pair_is_no_poison() -> None:
    assert decode(_with(rb'"url": "\ud83d\ude00"'), Article).url == "😀"
    assert decode(_with(rb'"url": "\\ud800"'), Article).url == r"\ud800"


@given(st.binary())
def test_any_bytes_give_a_record_or_a_reason(data: bytes) -> None:
    for kind in RECORDS.values():
        with pytest.raises(WireError):
            decode(data, kind)


@given(st.dictionaries(st.sampled_from([*Article.__struct_fields__, "other"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3))))  # fmt: skip
def test_any_object_gives_a_record_that_travels_or_a_reason(fields: dict[str, Any]) -> None:
    with suppress(WireError):
        article = decode(json.dumps(MINIMAL | fields).encode(), Article)
        assert decode(encode(article), Article) == article


@pytest.mark.parametrize(
    ("content", "reason"), [("\ud800", "not_utf8"), ("x" * RECORD_BYTES_MAX, "too_large"), ("\x01" * (RECORD_BYTES_MAX // 5), "too_large")],
    ids=["surrogate", "large", "large once escaped"],
)  # fmt: skip
def test_what_could_not_be_read_is_not_written(content: str, reason: str) -> None:
    article = msgspec.structs.replace(decode(json.dumps(MINIMAL).encode(), Article), raw=Raw(content=content))
    with pytest.raises(WireError) as caught:
        encode(article)
    assert caught.value.reason == reason
