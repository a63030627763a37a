"""How long stages take, told for all records in hand: each clock is read before and after a stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from processors.stage import BatchStage, Dropped, Stage
from schemas.article import Article
from schemas.hops import StageTime


class StageClock:
    """Adds up what each stage takes until it is asked. For one thread at a time.

    A core's time is that of the stage's own thread: a model that is let use several (`names.threads`)
    takes more than is told.
    """

    def __init__(self) -> None:
        self._times: dict[str, StageTime] = {}

    def timed(self, stages: Sequence[Stage]) -> list[Stage]:
        """The same stages, timed."""
        return [(_TimedBatch if isinstance(stage, BatchStage) else _Timed)(stage, self) for stage in stages]

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Adds what happens inside to a stage's time."""
        started_at, started, cpu = time.time(), time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            cpu_seconds = time.thread_time() - cpu
            seconds = time.perf_counter() - started
            before = self._times.get(stage) or StageTime(started_at, 0.0, 0.0)
            self._times[stage] = StageTime(
                before.started_at, before.seconds + seconds, before.cpu_seconds + cpu_seconds
            )

    def taken(self) -> dict[str, StageTime]:
        """What each stage has taken since this was last asked."""
        taken, self._times = self._times, {}
        return taken


class _Timed:
    def __init__(self, stage: Stage, clock: StageClock) -> None:
        self.name = stage.name
        self._stage = stage
        self._clock = clock

    def __call__(self, article: Article) -> Article | Dropped:
        with self._clock.timing(self.name):
            return self._stage(article)


class _TimedBatch(_Timed):
    def apply_batch(self, articles: Sequence[Article]) -> list[Article | Dropped]:
        assert isinstance(self._stage, BatchStage)
        with self._clock.timing(self.name):
            return self._stage.apply_batch(articles)
