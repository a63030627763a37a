"""What is told of a hop: each record's fate, each stage's time, and headers beside everything it becomes."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from processors.designations import mention_records
from processors.forward import decision_messages, fate, outcome_messages, stamped
from processors.pipeline import UNDERSTANDING
from processors.stage import Dropped, Failed, Passed, PermanentError, run_batch
from processors.timing import StageClock
from schemas.article import Article
from schemas.dead_letter import Origin
from schemas.hops import Fate, Headers, article_id_in
from schemas.wire import encode
from sinks.dead_letters import article_id_of
from tests.unit.test_forward import article

ORIGIN = Origin(topic="articles.clustered", partition=1, offset=7)


class Numbered:
    def headers(self, record: int) -> Headers | None:
        return None if record == 0 else [("n", str(record).encode())]

    def end(self, *_: object) -> None: ...


def test_the_fate_of_a_record_that_passed_names_its_article() -> None:
    assert fate(outcome_messages(UNDERSTANDING, Passed(article()), b"{}", ORIGIN)) == Fate("a1")
    [(_, mention)] = mention_records(article())
    assert fate(decision_messages(encode(mention), ORIGIN, {}, 30)) == Fate("a1")


def test_the_fate_of_a_record_that_did_not_says_where_and_why() -> None:
    dropped = outcome_messages(UNDERSTANDING, Dropped("empty", "names", "a1"), b"{}", ORIGIN)
    assert fate(dropped) == Fate("a1", "dropped", "names", "empty")
    failed = outcome_messages(UNDERSTANDING, Failed("not_json", "why", "decode"), b'{"id": "a2", ', ORIGIN)
    assert fate(failed) == Fate(None, "dead", "decode", "not_json", "why")
    future = outcome_messages(
        UNDERSTANDING, Failed("from_the_future", "why", "decode"), b'{"id": "a2"}', ORIGIN
    )
    assert fate(future).article_id == "a2"


@pytest.mark.parametrize("payload", [b"", b"[1]", b'{"id": 5}', b"\xff", b"[" * 100_000])
def test_no_id_where_none_can_be_read(payload: bytes) -> None:
    assert article_id_in(payload) is None


def test_a_mention_is_of_an_article_and_so_is_a_ledger_entry() -> None:
    [(_, mention)] = mention_records(article())
    _, ledger = decision_messages(encode(mention), ORIGIN, {}, 30)
    assert article_id_in(encode(mention)) == article_id_of(mention) == ledger.article_id == "a1"


def test_headers_go_beside_all_that_a_record_becomes() -> None:
    made = [outcome_messages(UNDERSTANDING, Passed(article()), b"{}", ORIGIN)] * 2
    assert [message.headers for message in stamped(made, Numbered())] == [None, None, *[[("n", b"1")]] * 2]


class Slow:
    name = "slow"

    def __call__(self, article: Article) -> Article:
        time.sleep(0.02)
        return article


class Spinning(Slow):
    name = "spinning"

    def apply_batch(self, articles: Sequence[Article]) -> list[Article | Dropped]:
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
        return list(articles)


class Breaking(Slow):
    name = "breaking"

    def __call__(self, article: Article) -> Article:  # noqa: ARG002
        raise PermanentError("no", "not this one")


def test_a_clock_tells_what_each_stage_took_by_the_clock_and_of_a_core_and_begins_anew() -> None:
    clock = StageClock()
    before = time.time()
    run_batch(clock.timed([Slow(), Spinning(), Breaking()]), [encode(article())] * 2)
    taken = clock.taken()
    assert taken["slow"].seconds >= 0.04
    assert taken["slow"].cpu_seconds < 0.03
    assert taken["spinning"].seconds >= taken["spinning"].cpu_seconds >= 0.02
    assert before <= taken["slow"].started_at <= taken["spinning"].started_at <= taken["breaking"].started_at
    assert clock.taken() == {}
