"""What no stage or sink could handle, kept with the reason so that it can be mended and replayed."""

from __future__ import annotations

from typing import Literal

from schemas.article import Record


class Origin(Record, frozen=True, kw_only=True):
    """Where a record was read from. A producer that could not even write it names its file as `topic`."""

    topic: str
    partition: int = -1
    offset: int = -1
    key: str | None = None


class DeadLetter(Record, frozen=True, kw_only=True):
    """A record set aside.

    `kind` tells a record that failed (`dead`) from one that was read and is of no use (`dropped`, such as
    an empty page): both are kept here, so that every record can be accounted for.
    `reason` is a constant word (`not_utf8`, `not_json`, `wrong_type`, `too_large`, `stage_failed`,
    `rejected_by_elasticsearch`, …) for counting, `detail` a sentence for reading. `payload` is the
    record's bytes, base64 on the wire, cut to `schemas.wire.DEAD_LETTER_PAYLOAD_BYTES`; `truncated`
    says so, and such a record cannot be replayed from here. `article_id` is set where it could be read.
    """

    id: str
    reason: str
    detail: str
    stage: str
    origin: Origin
    failed_at: str
    kind: Literal["dead", "dropped"] = "dead"
    payload: bytes = b""
    payload_bytes: int = 0
    truncated: bool = False
    traceback: str | None = None
    article_id: str | None = None
    schema_version: int = 1
