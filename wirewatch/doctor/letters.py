"""Dead letters of late: which are ours to mend, and which only tell of what came in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS
from schemas.wire import WireError, decode
from wirewatch.dead_letters import OURS
from wirewatch.doctor.finding import PATIENCE, Finding, listed
from wirewatch.settings import KafkaSettings

RECENT_SECONDS = 3600.0
LETTERS_MAX = 2000
READING_SECONDS = 5.0


def dead_letters(kafka: KafkaSettings) -> Iterator[Finding]:
    """Few records were set aside in the last hour, and none for a reason that is ours to mend."""
    from kafka import KafkaConsumer

    from wirewatch.kafka import consumer_options

    with closing(KafkaConsumer(**consumer_options(kafka) | PATIENCE)) as consumer:
        found = Counter(
            (letter.reason, letter.stage) for letter in _recent(consumer) if letter.kind == "dead"
        )
    told = [f"{count} {reason} in {stage}" for (reason, stage), count in found.most_common()]
    ours = any(reason in OURS for reason, _ in found)
    if not told:
        yield Finding("dead letters", "ok", "none in the last hour")
        return
    mend = "`wirewatch dlq list` and `dlq show`; mend the cause, then `wirewatch dlq replay`"
    yield Finding("dead letters", "fault" if ours else "note", f"in the last hour {listed(told)}", mend)


def _recent(consumer: Any) -> Iterator[DeadLetter]:
    from sinks.reading import assign_since

    ends = assign_since(consumer, DEAD_LETTERS.name, time.time() - RECENT_SECONDS)
    deadline, read = time.monotonic() + READING_SECONDS, 0
    while any(consumer.position(at) < end for at, end in ends.items()) and read < LETTERS_MAX:
        if time.monotonic() > deadline:
            return
        for records in consumer.poll(timeout_ms=200, max_records=200).values():
            read += len(records)
            yield from _letters(record.value or b"" for record in records)


def _letters(values: Iterator[bytes]) -> Iterator[DeadLetter]:
    for value in values:
        try:
            yield decode(value, DeadLetter)
        except WireError:
            continue
