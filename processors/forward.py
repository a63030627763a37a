"""What an outcome becomes on Kafka: pure functions from outcomes to messages.

A message is a topic of the table, a key and the record's bytes. Whoever sends them (Faust, a bare
loop, a test) decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from processors.designations import decide, mention_records
from processors.pipeline import Group, Memory
from processors.stage import Dropped, Failed, Outcome, Passed
from schemas.article import Article
from schemas.dead_letter import DeadLetter, Origin
from schemas.designation import SanctionMention
from schemas.hops import Fate, Headers, Hop, article_id_in, fate_of
from schemas.identity import dead_letter_id
from schemas.topics import DEAD_LETTERS, DECIDED, DESIGNATIONS, Topic
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES, WireError, decode, encode


@dataclass(frozen=True)
class Message:
    """One record to be written; of which article, and the dead letter that it is where it is one."""

    topic: Topic
    key: bytes
    value: bytes
    article_id: str | None = None
    letter: DeadLetter | None = None
    headers: Headers | None = None


def outcome_messages(group: Group, outcome: Outcome, raw: bytes, origin: Origin) -> list[Message]:
    """What a group writes for one record it read: the article and its mentions, or a dead letter."""
    if not isinstance(outcome, Passed):
        return [dead_letter(outcome, raw, origin)]
    try:
        return _article_messages(group, outcome.article)
    except WireError as error:
        failed = Failed(error.reason, str(error), group.name, article_id=outcome.article.id)
        return [dead_letter(failed, raw, origin)]


def decision_messages(raw: bytes, origin: Origin, memory: Memory, window_days: int) -> list[Message]:
    """What the designations group writes for one mention: the decision, and the ledger where it changed."""
    try:
        decided, designation = decide(decode(raw, SanctionMention), memory, window_days)
        messages = [Message(DECIDED, decided.id.encode(), encode(decided), decided.article_id)]
        if designation is not None:
            key, value = designation.id.encode(), encode(designation)
            messages.append(Message(DESIGNATIONS, key, value, decided.article_id))
    except WireError as error:
        return [dead_letter(Failed(error.reason, str(error), "designations"), raw, origin)]
    return messages


def dead_letter(outcome: Dropped | Failed, raw: bytes, origin: Origin) -> Message:
    """The dead letter of a record that failed or was dropped."""
    raw = raw or b""
    letter = DeadLetter(
        id=dead_letter_id(origin.topic, origin.partition, origin.offset, raw),
        kind="dropped" if isinstance(outcome, Dropped) else "dead",
        reason=outcome.reason,
        detail="" if isinstance(outcome, Dropped) else outcome.detail,
        stage=outcome.stage,
        origin=origin,
        failed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        payload=raw[:DEAD_LETTER_PAYLOAD_BYTES],
        payload_bytes=len(raw),
        truncated=len(raw) > DEAD_LETTER_PAYLOAD_BYTES,
        traceback=None if isinstance(outcome, Dropped) else outcome.traceback,
        article_id=outcome.article_id or article_id_in(raw),
    )
    return Message(DEAD_LETTERS, letter.id.encode(), encode(letter), letter.article_id, letter)


def fate(messages: Sequence[Message]) -> Fate:
    """What became of a record that became these messages."""
    [first, *_] = messages
    return Fate(first.article_id) if first.letter is None else fate_of(first.letter)


def stamped(made: Sequence[Sequence[Message]], hop: Hop) -> list[Message]:
    """What each record of a hop became, in one row, with the headers that the hop gives each."""
    return [
        message if headers is None else replace(message, headers=headers)
        for at, messages in enumerate(made)
        for headers in (hop.headers(at),)
        for message in messages
    ]


def _article_messages(group: Group, article: Article) -> list[Message]:
    messages = [Message(group.sink, group.key(article).encode(), encode(article), article.id)]
    if group.mentions_to is not None:
        messages += [
            Message(group.mentions_to, key.encode(), encode(mention), article.id)
            for key, mention in mention_records(article)
        ]
    return messages
