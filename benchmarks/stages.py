"""What each stage costs, measured offline: the same functions, in the same batches, on the same articles."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from processors.designations import decide, mention_records
from processors.pipeline import PIPELINE, Group, StageOptions, build_stages
from processors.stage import BatchStage, Passed, Stage, run_batch, run_stages
from schemas.article import Article
from schemas.wire import encode

BATCH_ARTICLES = 16
WARM_ARTICLES = 32


@dataclass
class Timed:
    """A stage whose processor time is counted under its name."""

    stage: Stage
    spent: Counter[str]

    @property
    def name(self) -> str:
        """The stage's."""
        return self.stage.name

    def __call__(self, article: Article) -> object:
        """What the stage gives."""
        return self._counted(lambda: self.stage(article))

    def _counted(self, run: Callable[[], object]) -> object:
        began = time.process_time()
        try:
            return run()
        finally:
            self.spent[self.name] += time.process_time() - began


@dataclass
class TimedBatch(Timed):
    """The same for one that takes batches."""

    def apply_batch(self, articles: Sequence[Article]) -> object:
        """What the stage gives."""
        assert isinstance(self.stage, BatchStage)
        return self._counted(lambda: self.stage.apply_batch(articles))


def stage_seconds(records: Sequence[bytes], options: StageOptions) -> Counter[str]:
    """CPU-seconds by stage, and by group under `GROUP: records` for reading and writing its records.

    The first articles warm up and are left out; divide by `len(records) - WARM_ARTICLES`.
    """
    spent: Counter[str] = Counter()
    raws = list(records)
    for group in PIPELINE:
        if group.stages:
            raws = _through(group, raws, replace(options, memory={}), spent)
    return spent


def _through(group: Group, raws: Sequence[bytes], options: StageOptions, spent: Counter[str]) -> list[bytes]:
    own: Counter[str] = Counter()
    stages = [_timed(stage, own) for stage in build_stages(group.stages, options)]
    given: list[bytes] = []
    memory: dict[str, bytes] = {}
    total = 0.0
    size = 1 if group.remembers else BATCH_ARTICLES
    for at in range(0, len(raws), size):
        if at == WARM_ARTICLES:
            own.clear()
            total = 0.0
        began = time.process_time()
        batch = raws[at : at + size]
        outcomes = [run_stages(stages, batch[0])] if group.remembers else run_batch(stages, batch)
        passed = [outcome.article for outcome in outcomes if isinstance(outcome, Passed)]
        given += map(encode, passed)
        total += time.process_time() - began
        if group.mentions_to:
            began = time.process_time()
            for mention in (mention for article in passed for _, mention in mention_records(article)):
                decide(mention, memory, 30)
            spent["designations"] += time.process_time() - began
    spent += own
    spent[f"{group.name}: records"] = total - own.total()
    return given


def _timed(stage: Stage, spent: Counter[str]) -> Stage:
    kind = TimedBatch if isinstance(stage, BatchStage) else Timed
    return kind(stage, spent)  # type: ignore[return-value]
