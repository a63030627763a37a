"""What a sink could not handle, on its way to the dead-letter topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from schemas.article import Record
from schemas.dead_letter import DeadLetter, Origin
from schemas.designation import Designation
from schemas.hops import article_id_in
from schemas.identity import dead_letter_id
from schemas.topics import DEAD_LETTERS
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES, encode
from sinks.producer import Producer

ACKNOWLEDGED_WITHIN_SECONDS = 30.0

SetAside = Callable[[Sequence[DeadLetter]], None]
"""Returns once all are safe; raises `kafka.errors.KafkaError` where that is not certain."""


def dead_letter(  # noqa: PLR0913 - all of it is needed to mend the record
    *, stage: str, reason: str, detail: str, origin: Origin, payload: bytes, record: Record | None = None
) -> DeadLetter:
    """The dead letter of one record, its payload cut to what the topic takes."""
    return DeadLetter(
        id=dead_letter_id(origin.topic, origin.partition, origin.offset, payload),
        reason=reason,
        detail=detail,
        stage=stage,
        origin=origin,
        failed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        payload=payload[:DEAD_LETTER_PAYLOAD_BYTES],
        payload_bytes=len(payload),
        truncated=len(payload) > DEAD_LETTER_PAYLOAD_BYTES,
        article_id=article_id_of(record) if record is not None else article_id_in(payload),
    )


def article_id_of(record: Record) -> str | None:
    """The id of the article that a record is, or came from: of a ledger entry, the one that told last."""
    if isinstance(record, Designation):
        return record.sightings[-1].article_id if record.sightings else None
    found: str | None = getattr(record, "article_id", None) or getattr(record, "id", None)
    return found


def kafka_set_aside(producer: Producer, topic: str = DEAD_LETTERS.name) -> SetAside:
    """Writes dead letters to Kafka and waits until all are acknowledged."""

    def set_aside(letters: Sequence[DeadLetter]) -> None:
        sent = [producer.send(topic, key=letter.id.encode(), value=encode(letter)) for letter in letters]
        for future in sent:
            future.get(timeout=ACKNOWLEDGED_WITHIN_SECONDS)

    return set_aside
