"""Records as JSON bytes, and back.

Evolution is additive: a new field has a default, and a field is never renamed or retyped, so a reader
understands all that was ever written. What it does not know (a field, at any depth; a later
`schema_version`) it refuses as `from_the_future`: every reader in the middle writes records on, and would
otherwise lose what it left out. So readers are upgraded before writers, and what they refused meanwhile is
replayed (decision 22). `schema_version` rises when a known field comes to mean something else.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from schemas.article import Record

SCHEMA_VERSION = 1
RECORD_BYTES_MAX = 8 * 1024 * 1024
DEAD_LETTER_PAYLOAD_BYTES = 512 * 1024
DETAIL_CHARACTERS_MAX = 300
UPGRADE = "upgrade this reader, then replay"

_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)

R = TypeVar("R", bound=Record)
T = TypeVar("T")
_encoder = msgspec.json.Encoder()
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_building = threading.Lock()


class WireError(ValueError):
    """Bytes that are not the record they should be. `reason` is the constant word for a dead letter."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def encode(record: Record) -> bytes:
    """The record as compact JSON, UTF-8.

    Raises `WireError`: `not_utf8` where a text holds a lone surrogate, which UTF-8 cannot carry, and
    `too_large` where the reader would refuse it.
    """
    try:
        data = _encoder.encode(record)
    except UnicodeEncodeError as error:
        raise WireError("not_utf8", f"text holds a character UTF-8 cannot carry: {error}") from error
    if len(data) > RECORD_BYTES_MAX:
        raise WireError("too_large", f"{len(data)} bytes; the limit is {RECORD_BYTES_MAX}")
    return data


def decode(data: bytes, kind: type[R]) -> R:
    """The record in `data`.

    Raises `WireError` with reason `empty`, `too_large`, `not_utf8`, `not_json`, `wrong_type` or
    `from_the_future`.
    """
    if not data:
        raise WireError("empty", "the record has no bytes")
    if len(data) > RECORD_BYTES_MAX:
        raise WireError("too_large", f"{len(data)} bytes; the limit is {RECORD_BYTES_MAX}")
    record = parse(data, kind)
    if getattr(record, "schema_version", SCHEMA_VERSION) > SCHEMA_VERSION:
        raise WireError("from_the_future", f"schema_version is newer than this reader; {UPGRADE}")
    return record


def parse(data: bytes, kind: type[T]) -> T:
    """The object in `data`, a record or another Struct, of any size and version.

    Raises `WireError` with reason `not_utf8`, `not_json`, `wrong_type` or `from_the_future`.
    """
    try:
        record: T = decoder_of(kind).decode(data)
    except UnicodeDecodeError as error:
        raise WireError("not_utf8", str(error)) from error
    except msgspec.ValidationError as error:
        raise _misfit(data, str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        if _HALF_PAIR.search(data):  # msgspec calls it truncated where it stands near the end
            raise WireError(
                "not_utf8", "text holds half a surrogate pair, which UTF-8 cannot carry"
            ) from error
        raise WireError("not_json", str(error)) from error
    return record


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The decoder of a kind of record, built when it is first asked for, by one thread at a time.

    msgspec 0.22 shows a Struct to other threads before it knows the types of its fields: where two threads
    read their first record at one moment, the process died of a segmentation fault.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        with _building:
            decoder = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    return decoder


def prepare(*kinds: type) -> None:
    """Have the fields of these kinds known before there are threads (`decoder_of`).

    Whatever decodes or converts to a kind that several threads may meet first wants this at its import.
    """
    for kind in kinds:
        decoder_of(kind)


class _Version(msgspec.Struct):
    schema_version: int = SCHEMA_VERSION


def _misfit(data: bytes, detail: str) -> WireError:
    """What is wrong with JSON that is no such record: written by a later version, or not for us at all."""
    detail = detail[:DETAIL_CHARACTERS_MAX]
    if detail.startswith("Object contains unknown field"):
        return WireError("from_the_future", f"{detail}; {UPGRADE}")
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if decoder_of(_Version).decode(data).schema_version > SCHEMA_VERSION:
            return WireError("from_the_future", f"{detail}; {UPGRADE}")
    return WireError("wrong_type", detail)
