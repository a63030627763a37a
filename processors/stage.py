"""What a stage is, and what becomes of an article that goes through one.

A stage is pure: it takes an article and gives one back with its own sub-record filled, or says why it
dropped it. It raises `PermanentError` for an article it can never handle and `TransientError` for one
it may handle later; anything else it raises is a fault of ours. `run_stages` turns all of this into an
`Outcome`, and never raises, because a Faust agent acknowledges an event whose handler raised.
"""

from __future__ import annotations

import time
import traceback as tracebacks
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import msgspec

from schemas.article import Article
from schemas.wire import WireError, decode

RETRY_DELAYS_SECONDS = (0.1, 0.5, 2.0)


class PermanentError(Exception):
    """This article can never pass this stage. `reason` is a constant word, the message a sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class TransientError(Exception):
    """Not now, perhaps later: retried a bounded number of times, then dead-lettered."""


@dataclass(frozen=True)
class Dropped:
    """The article is of no use, for a reason worth counting (`empty`, `not_an_article`, …)."""

    reason: str
    stage: str = ""
    article_id: str | None = None


@dataclass(frozen=True)
class Passed:
    """The article, annotated."""

    article: Article


@dataclass(frozen=True)
class Failed:
    """The article goes to the dead-letter topic."""

    reason: str
    detail: str
    stage: str
    traceback: str | None = None
    article_id: str | None = None


Outcome = Passed | Dropped | Failed


class Stage(Protocol):
    """One step of understanding. `name` is what `Article.stages`, metrics and `--stages` call it."""

    name: str

    def __call__(self, article: Article) -> Article | Dropped:
        """The article with this stage's sub-record filled, or the reason it was dropped."""
        ...


@runtime_checkable
class BatchStage(Stage, Protocol):
    """A stage that is cheaper on many articles at once: one that runs a model."""

    def apply_batch(self, articles: Sequence[Article]) -> list[Article | Dropped]:
        """As many results as articles, in their order. If it raises, each is tried alone."""
        ...


def run_stages(stages: Sequence[Stage], raw: bytes, sleep: Callable[[float], None] = time.sleep) -> Outcome:
    """Decode one record and take it through the stages of a group. Never raises."""
    try:
        article = decode(raw, Article)
    except WireError as error:
        return Failed(error.reason, str(error), "decode")
    return apply_stages(stages, article, sleep)


def apply_stages(
    stages: Sequence[Stage], article: Article, sleep: Callable[[float], None] = time.sleep
) -> Outcome:
    """Take one article through the stages of a group. Never raises."""
    for stage in stages:
        result = _apply_with_retries(stage, article, sleep)
        if not isinstance(result, Article):
            return result
        article = mark(result, stage)
    return Passed(article)


def run_batch(stages: Sequence[Stage], raws: Sequence[bytes]) -> list[Outcome]:
    """Take many records through the stages of a group; batch stages see all survivors at once."""
    outcomes: list[Outcome] = [run_stages((), raw) for raw in raws]
    for stage in stages:
        alive = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Passed)]
        articles = [outcome.article for outcome in outcomes if isinstance(outcome, Passed)]
        for i, outcome in zip(alive, _apply_to_all(stage, articles), strict=True):
            outcomes[i] = outcome
    return outcomes


def mark(article: Article, stage: Stage) -> Article:
    """The article, with the stage's name among those that have annotated it."""
    if stage.name in article.stages:
        return article
    return msgspec.structs.replace(article, stages=[*article.stages, stage.name])


def _apply_to_all(stage: Stage, articles: Sequence[Article]) -> list[Outcome]:
    if isinstance(stage, BatchStage) and articles:
        try:
            given = zip(articles, stage.apply_batch(articles), strict=True)
            results = [_checked(result, stage, article) for article, result in given]
        except Exception:  # noqa: S110 - one bad article must not fail its neighbours: each is tried alone below
            pass
        else:
            return [
                Passed(mark(result, stage)) if isinstance(result, Article) else result for result in results
            ]
    return [apply_stages((stage,), article) for article in articles]


def _apply_with_retries(
    stage: Stage, article: Article, sleep: Callable[[float], None]
) -> Article | Dropped | Failed:
    for delay_seconds in (*RETRY_DELAYS_SECONDS, None):
        try:
            return _checked(stage(article), stage, article)
        except PermanentError as error:
            return Failed(error.reason, str(error), stage.name, article_id=article.id)
        except TransientError as error:
            if delay_seconds is None:
                return _failed("retries_exhausted", error, stage, article)
            sleep(delay_seconds)
        except Exception as error:  # a fault of ours: kept with its traceback, never lost
            return _failed("stage_failed", error, stage, article)
    raise AssertionError("unreachable")


def _checked(result: object, stage: Stage, article: Article) -> Article | Dropped:
    """What a stage gave back, if it is one of the two things it may be. A drop says by whom and of what."""
    if isinstance(result, Dropped):
        return Dropped(result.reason, stage.name, article.id)
    if isinstance(result, Article):
        return result
    raise TypeError(f"gave back {type(result).__name__}, neither an article nor a drop")


def _failed(reason: str, error: Exception, stage: Stage, article: Article) -> Failed:
    detail = f"{type(error).__name__}: {error}"
    return Failed(reason, detail, stage.name, tracebacks.format_exc(limit=30), article.id)
