"""Records as JSON bytes, and back.

Evolution is additive: a new field has a default, a field is never renamed or retyped, and unknown
fields are ignored, so consumers are upgraded before producers. `schema_version` rises only when a
reader must be told; a record from the future is refused with a reason rather than half understood.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from schemas.article import Record

SCHEMA_VERSION = 1
RECORD_BYTES_MAX = 8 * 1024 * 1024
DEAD_LETTER_PAYLOAD_BYTES = 512 * 1024

_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)

R = TypeVar("R", bound=Record)
_encoder = msgspec.json.Encoder()
_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


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
        raise WireError("from_the_future", "schema_version is newer than this reader; upgrade it first")
    return record


def parse(data: bytes, kind: type[R]) -> R:
    """The record in `data`, of any size and version.

    Raises `WireError` with reason `not_utf8`, `not_json` or `wrong_type`.
    """
    decoder = _decoders.get(kind) or _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        record: R = decoder.decode(data)
    except UnicodeDecodeError as error:
        raise WireError("not_utf8", str(error)) from error
    except msgspec.ValidationError as error:
        raise WireError("wrong_type", str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        if _HALF_PAIR.search(data):  # msgspec calls it truncated where it stands near the end
            raise WireError(
                "not_utf8", "text holds half a surrogate pair, which UTF-8 cannot carry"
            ) from error
        raise WireError("not_json", str(error)) from error
    return record
