"""Reading the dead letters, and sending them back to where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer
from kafka.errors import KafkaError

from producers.writer import Writer
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS, topic_names
from schemas.wire import WireError, decode
from sinks.reading import partitions_of, records_until

log = structlog.get_logger(__name__)

OURS = frozenset({"stage_failed", "worker_died", "retries_exhausted", "rejected_by_elasticsearch",
                  "rejected_by_percolator", "alert_rejected", "channel_refused", "from_the_future",
                  "not_cleaned"})  # fmt: skip
"""Reasons that somebody must mend something for; the others tell of what came in."""


class DeadLettersError(Exception):
    """The dead letters can't be read: no broker, no topic, or no answer."""


@dataclass(frozen=True)
class LetterGroup:
    """Dead letters that failed alike."""

    reason: str
    stage: str
    origin: str
    letters: int
    last_failed_at: str


@dataclass
class Replay:
    """What was sent back, by topic, and what could not be, with why."""

    sent: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[DeadLetter, str]] = field(default_factory=list)


def read_dead_letters(options: Mapping[str, Any]) -> Iterator[DeadLetter]:
    """Every dead letter there is now, a partition after the other's batch, each id once.

    Reads with a consumer of its own (`wirewatch.kafka.consumer_options`, no group) and commits nothing.
    Raises `DeadLettersError`.
    """
    seen: set[str] = set()
    for value in topic_values(options, DEAD_LETTERS.name):
        try:
            letter = decode(value, DeadLetter)
        except WireError as error:
            log.warning("dead_letter_not_readable", reason=error.reason, detail=str(error))
            continue
        if letter.id not in seen:
            seen.add(letter.id)
            yield letter


def without_payload(letters: Iterable[DeadLetter]) -> list[DeadLetter]:
    """The letters in the order of their failing, without what fills the memory."""
    light = (msgspec.structs.replace(letter, payload=b"") for letter in letters)
    return sorted(light, key=lambda letter: letter.failed_at)


def group_letters(letters: Iterable[DeadLetter]) -> list[LetterGroup]:
    """The letters counted by reason, stage and origin, the largest group first."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for letter in letters:
        origin = letter.origin.topic if letter.origin.topic in topic_names() else "files"
        groups.setdefault((letter.reason, letter.stage, origin), []).append(letter.failed_at)
    counted = [LetterGroup(*key, len(times), max(times)) for key, times in groups.items()]
    return sorted(counted, key=lambda group: (-group.letters, group.reason, group.stage, group.origin))


def why_not_replayable(letter: DeadLetter) -> str | None:
    """Why a letter can't be sent back, or `None` where it can."""
    if letter.origin.topic not in topic_names():
        return f"it was read from {letter.origin.topic}: mend that, and run wirewatch produce again"
    if letter.truncated:
        kept = f"only {len(letter.payload)} of its {letter.payload_bytes} bytes were kept"
        return f"{kept}: run wirewatch produce with the article again, or fetch it again"
    return None


def replay(letters: Iterable[DeadLetter], writer: Writer) -> Replay:
    """Send letters' payloads back to their topics under their old keys, and wait for Kafka.

    The letters stay: they say what happened. Replayed twice, a record is written twice and counts once,
    since its id is its own. Raises `producers.writer.WriterError`.
    """
    done = Replay()
    for letter in letters:
        why = why_not_replayable(letter)
        if why is not None:
            done.refused.append((msgspec.structs.replace(letter, payload=b""), why))
            continue
        key = letter.origin.key
        writer.send(letter.origin.topic, None if key is None else key.encode(), letter.payload)
    writer.flush()
    done.sent = Counter(writer.acknowledged)
    return done


def topic_values(options: Mapping[str, Any], topic: str) -> Iterator[bytes]:
    """The values of a topic from its beginning to what is its end now. Raises `DeadLettersError`."""
    try:
        consumer = KafkaConsumer(**options)
    except KafkaError as error:
        raise DeadLettersError(f"no Kafka broker can be reached: {error}") from error
    try:
        partitions = partitions_of(consumer, topic)
        if not partitions:
            raise DeadLettersError(f"there is no topic {topic}; to create it: wirewatch topics apply")
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        records = records_until(consumer, consumer.end_offsets(partitions))
        yield from (record.value for record in records if record.value)
    except KafkaError as error:
        raise DeadLettersError(f"topic {topic} can't be read: {error}") from error
    finally:
        consumer.close()
