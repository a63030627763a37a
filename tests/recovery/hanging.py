"""`wirewatch`, with a stage or sink in it that hangs, or dies, on a record that says so.

    python -m tests.recovery.hanging worker --groups intake

`HANGS_IN` names a stage, or `sink`, `HANGS_ON` the word in an article that it hangs on. The file `HANGS_ONCE`
is made as it begins to hang, and where it is there already nothing hangs; without that name it dies, outright
and each time. `STALL_SECONDS` and `CHECK_SECONDS` shorten what a watch waits.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from processors import pipeline
from processors.pipeline import StageOptions
from processors.stage import Dropped, Stage
from schemas.article import Article
from sinks.consumer import Delivery, Refused
from sinks.elasticsearch.sink import ElasticsearchSink
from sinks.retries import Hold
from wirewatch import sinking, stalls, worker
from wirewatch.cli import main

MARK = os.environ.get("HANGS_ON", "")
PLACE = os.environ.get("HANGS_IN", "")
ONCE = os.environ.get("HANGS_ONCE")
LIMIT_SECONDS = float(os.environ.get("STALL_SECONDS", stalls.LIMIT_SECONDS))
END_SECONDS = 3.0
CHECK_SECONDS = float(os.environ.get("CHECK_SECONDS", stalls.CHECK_SECONDS))


def hang_if_marked(article: Article) -> None:
    """Wait for ever, or die."""
    if not MARK or MARK not in article.raw.content:
        return
    if ONCE is None:
        os.kill(os.getpid(), signal.SIGKILL)
    elif not Path(ONCE).exists():
        Path(ONCE).touch()
        threading.Event().wait()


class HangingStage:
    """A stage that hangs on an article that says so."""

    def __init__(self, stage: Stage) -> None:
        self.name = stage.name
        self._stage = stage

    def __call__(self, article: Article) -> Article | Dropped:
        hang_if_marked(article)
        return self._stage(article)


class HangingSink(ElasticsearchSink):
    """A sink that hangs on a batch that holds such an article."""

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        for delivery in batch:
            if isinstance(delivery.record, Article):
                hang_if_marked(delivery.record)
        return super().write(batch, hold)


def install() -> None:
    """Put what hangs in its place, and shorten the waits."""
    for module, name, value in (
        (worker, "StallWatch", partial(stalls.StallWatch, check_seconds=CHECK_SECONDS)),
        (worker, "StallClock", partial(stalls.StallClock, LIMIT_SECONDS)),
        (worker, "END_SECONDS", END_SECONDS),
        (sinking, "LIMIT_SECONDS", LIMIT_SECONDS),
        (sinking, "CHECK_SECONDS", CHECK_SECONDS),
        (sinking, "END_SECONDS", END_SECONDS),
    ):
        setattr(module, name, value)
    if PLACE == "sink":
        setattr(sinking, "ElasticsearchSink", HangingSink)  # noqa: B010 - mypy knows it as imported only
        return
    make = pipeline.STAGES[PLACE]

    def hanging(options: StageOptions) -> Stage:
        return HangingStage(make(options))

    pipeline.STAGES[PLACE] = hanging


if __name__ == "__main__":
    install()
    main()
