"""What outcomes become on Kafka."""

from __future__ import annotations

import msgspec

from processors.designations import PARTITION_KEY
from processors.forward import decision_messages, outcome_messages
from processors.pipeline import INTAKE, UNDERSTANDING
from processors.stage import Dropped, Failed, Passed
from schemas.article import Article, Clean, Count, Language, Party, Raw, Sanction, Span
from schemas.dead_letter import DeadLetter, Origin
from schemas.designation import SanctionMention
from schemas.topics import CLEAN, DEAD_LETTERS, DECIDED, MENTIONS, UNDERSTOOD
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES, decode

ORIGIN = Origin(topic="articles.raw", partition=2, offset=7, key="k")
SENTENCE = "The United States imposed sanctions on six people."


def article() -> Article:
    sanction = Sanction(
        act="imposed",
        evidence=[Span(field="text", start=0, end=len(SENTENCE))],
        confidence=0.9,
        issuers=[Party(text="The United States", name="United States", entity="state:US")],
        counts=[Count(n=6, of="individuals", text="six people")],
    )
    return Article(
        id="a1",
        source="wire",
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content=SENTENCE),
        language=Language(code="en", confidence=1.0),
        clean=Clean(text=SENTENCE),
        sanctions=[sanction],
    )


def test_an_article_goes_on_under_its_groups_key() -> None:
    (message,) = outcome_messages(INTAKE, Passed(article()), b"{}", ORIGIN)
    assert (message.topic, message.key) == (CLEAN, b"en")
    assert decode(message.value, Article) == article()


def test_each_sanction_becomes_a_mention_in_one_partition_with_all_others() -> None:
    enriched, mention = outcome_messages(UNDERSTANDING, Passed(article()), b"{}", ORIGIN)
    assert (enriched.topic, enriched.key) == (UNDERSTOOD, b"a1")
    assert mention.topic == MENTIONS
    assert mention.key == PARTITION_KEY.encode()
    assert decode(mention.value, SanctionMention).quotes == [SENTENCE]


def test_a_mention_is_decided_once_and_the_ledger_written() -> None:
    mention = outcome_messages(UNDERSTANDING, Passed(article()), b"{}", ORIGIN)[1]
    memory: dict[str, bytes] = {}
    decided, ledger = decision_messages(mention.value, ORIGIN, memory, 30)
    assert decided.topic == DECIDED
    assert decode(decided.value, SanctionMention).decision == "new"
    assert ledger.key.decode() == decode(decided.value, SanctionMention).sanction.designation_id
    again = decision_messages(mention.value, ORIGIN, memory, 30)
    assert again[0] == decided


def test_failed_and_dropped_records_are_kept_with_origin_and_reason() -> None:
    for outcome, kind in (
        (Failed("not_json", "bad", "decode", "trace", "a1"), "dead"),
        (Dropped("empty", "language", "a1"), "dropped"),
    ):
        (message,) = outcome_messages(INTAKE, outcome, b"payload", ORIGIN)
        letter = decode(message.value, DeadLetter)
        assert message.topic == DEAD_LETTERS
        assert (letter.kind, letter.reason, letter.article_id) == (kind, outcome.reason, "a1")
        assert (letter.origin, letter.payload, letter.truncated) == (ORIGIN, b"payload", False)


def test_a_large_payload_is_cut_and_says_so() -> None:
    raw = b"x" * (DEAD_LETTER_PAYLOAD_BYTES + 1)
    (message,) = outcome_messages(INTAKE, Failed("too_large", "", "decode"), raw, ORIGIN)
    letter = decode(message.value, DeadLetter)
    assert letter.truncated
    assert (len(letter.payload), letter.payload_bytes) == (DEAD_LETTER_PAYLOAD_BYTES, len(raw))


def test_an_article_that_cannot_travel_on_is_dead_lettered() -> None:
    broken = msgspec.structs.replace(article(), clean=Clean(text="lone \ud800"))
    (message,) = outcome_messages(INTAKE, Passed(broken), b"{}", ORIGIN)
    assert decode(message.value, DeadLetter).reason == "not_utf8"


def test_a_poisoned_mention_is_dead_lettered() -> None:
    (message,) = decision_messages(b"\xff", ORIGIN, {}, 30)
    assert decode(message.value, DeadLetter).stage == "designations"
