"""What becomes of an article in a group of stages: one outcome for each record, and no exception."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.stage import (
    RETRY_DELAYS_SECONDS,
    Dropped,
    Failed,
    Passed,
    PermanentError,
    Stage,
    TransientError,
    apply_stages,
    run_batch,
    run_stages,
)
from schemas.article import Article, Language, Raw
from schemas.wire import encode

ARTICLE = Article(id="a1", source="s", fetched_at="2024-01-01T00:00:00Z", raw=Raw(content="نص"))
RAW = encode(ARTICLE)


@dataclass
class Marks:
    """Sets the language to its own name, and counts its calls."""

    name: str = "language"
    calls: int = 0

    def __call__(self, article: Article) -> Article | Dropped:
        self.calls += 1
        return msgspec.structs.replace(article, language=Language(code=self.name, confidence=1.0))


@dataclass
class Does:
    """Does what it is told to."""

    act: Callable[[Article], Article | Dropped]
    name: str = "does"

    def __call__(self, article: Article) -> Article | Dropped:
        return self.act(article)


@dataclass
class Batches:
    """Takes many at once, and fails on a batch that holds what it can't do."""

    name: str = "batches"
    batches: list[int] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)

    def __call__(self, article: Article) -> Article | Dropped:
        self.alone.append(article.id)
        if article.source == "bad":
            raise PermanentError("bad_source", "can't do bad ones")
        return Dropped("dull") if article.source == "dull" else article

    def apply_batch(self, articles: Sequence[Article]) -> list[Article | Dropped]:
        self.batches.append(len(articles))
        if any(article.source == "bad" for article in articles):
            raise ValueError("one of them is bad")
        return [Dropped("dull") if article.source == "dull" else article for article in articles]


def _raises(error: BaseException) -> Does:
    def act(_: Article) -> Article:
        raise error

    return Does(act)


def _article(name: str, source: str = "s") -> bytes:
    return encode(msgspec.structs.replace(ARTICLE, id=name, source=source))


def test_stages_come_one_after_the_other_and_leave_their_names() -> None:
    outcome = run_stages([Marks("first"), Marks("second")], RAW)
    assert isinstance(outcome, Passed)
    assert outcome.article.stages == ["first", "second"]
    assert outcome.article.language == Language(code="second", confidence=1.0)
    assert outcome.article.raw == ARTICLE.raw


def test_an_article_that_comes_again_is_marked_once() -> None:
    once = run_stages([Marks()], RAW)
    assert isinstance(once, Passed)
    assert run_stages([Marks()], encode(once.article)) == once


def test_bytes_that_are_no_article_fail_in_decoding() -> None:
    after = Marks()
    outcome = run_stages([after], b"{")
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.stage, outcome.article_id, after.calls) == ("not_json", "decode", None, 0)


def test_a_dropped_article_goes_no_further_and_says_where_and_why() -> None:
    after = Marks()
    outcome = run_stages([Does(lambda _: Dropped("empty"), name="boilerplate"), after], RAW)
    assert outcome == Dropped("empty", "boilerplate", "a1")
    assert after.calls == 0


def test_a_permanent_error_fails_at_once() -> None:
    waits: list[float] = []
    outcome = run_stages([_raises(PermanentError("no_words", "there are no words"))], RAW, waits.append)
    assert outcome == Failed("no_words", "there are no words", "does", article_id="a1")
    assert waits == []


def test_a_transient_error_is_tried_again_a_few_times_with_growing_waits() -> None:
    waits: list[float] = []
    outcome = run_stages([_raises(TransientError("the model is loading"))], RAW, waits.append)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.detail) == ("retries_exhausted", "TransientError: the model is loading")
    assert tuple(waits) == RETRY_DELAYS_SECONDS == tuple(sorted(waits))


def test_what_heals_in_time_passes() -> None:
    errors = [TransientError("once"), TransientError("twice")]

    def act(article: Article) -> Article:
        if errors:
            raise errors.pop()
        return article

    waits: list[float] = []
    assert isinstance(run_stages([Does(act)], RAW, waits.append), Passed)
    assert len(waits) == 2


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a fault"),
        RecursionError(),
        MemoryError(),
        AssertionError("x"),
        KeyError("k"),
        StopIteration(),
    ],
)
def test_a_fault_of_ours_is_kept_with_its_traceback(error: Exception) -> None:
    outcome = run_stages([_raises(error)], RAW)
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.stage, outcome.article_id) == ("stage_failed", "does", "a1")
    assert outcome.detail.startswith(type(error).__name__)
    assert outcome.traceback is not None
    assert "in act" in outcome.traceback


def test_a_real_endless_recursion_is_survived() -> None:
    def act(article: Article) -> Article:
        return act(article)

    outcome = run_stages([Does(act)], RAW)
    assert isinstance(outcome, Failed)
    assert outcome.traceback is not None
    assert len(outcome.traceback) < 20_000


@pytest.mark.parametrize("nothing", [None, 5, "article"])
def test_a_stage_that_gives_something_else_back_fails_and_raises_nothing(nothing: object) -> None:
    outcome = run_stages([Does(lambda _: nothing), Marks()], RAW)  # type: ignore[arg-type, return-value]
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.stage) == ("stage_failed", "does")


def test_a_stop_from_the_keyboard_is_no_outcome() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_stages([_raises(KeyboardInterrupt())], RAW)


def test_a_batch_keeps_its_order_through_every_kind_of_outcome() -> None:
    batches, marks = Batches(), Marks()
    outcomes = run_batch([batches, marks], [_article("1"), b"{", _article("2", "dull"), _article("3")])
    assert [type(outcome) for outcome in outcomes] == [Passed, Failed, Dropped, Passed]
    assert outcomes[2] == Dropped("dull", "batches", "2")
    assert [o.article.id for o in outcomes if isinstance(o, Passed)] == ["1", "3"]
    assert all(o.article.stages == ["batches", "language"] for o in outcomes if isinstance(o, Passed))
    assert (batches.batches, batches.alone, marks.calls) == ([3], [], 2)


def test_a_batch_that_fails_is_tried_one_by_one_and_only_the_bad_one_is_lost() -> None:
    batches = Batches()
    outcomes = run_batch(
        [batches], [_article("1"), _article("2", "bad"), _article("3"), _article("4", "dull")]
    )
    assert [type(outcome) for outcome in outcomes] == [Passed, Failed, Passed, Dropped]
    assert outcomes[1] == Failed("bad_source", "can't do bad ones", "batches", article_id="2")
    assert batches.alone == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "wrong", [[], [ARTICLE] * 5, [None, None], None], ids=["none", "too many", "nothing", "no list"]
)
def test_a_batch_that_gives_back_something_else_is_tried_one_by_one(wrong: object) -> None:
    class Wrong(Batches):
        def apply_batch(self, _: Sequence[Article]) -> list[Article | Dropped]:
            return wrong  # type: ignore[return-value]

    outcomes = run_batch([Wrong()], [_article("1"), _article("2")])
    assert [o.article.id for o in outcomes if isinstance(o, Passed)] == ["1", "2"]


def test_an_empty_batch_is_nothing() -> None:
    assert run_batch([Batches(), Marks()], []) == []


@given(
    st.lists(st.binary() | st.sampled_from([RAW, _article("2", "bad"), _article("3", "dull")]), max_size=8)
)
def test_one_outcome_for_each_record_and_the_same_as_alone(raws: list[bytes]) -> None:
    stages: list[Stage] = [Batches(), Marks()]
    assert run_batch(stages, raws) == [run_stages(stages, raw) for raw in raws]


def test_stages_applied_to_an_article_at_hand() -> None:
    outcome = apply_stages([Marks()], ARTICLE)
    assert isinstance(outcome, Passed)
    assert ARTICLE.stages == []
