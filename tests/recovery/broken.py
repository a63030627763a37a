"""`wirewatch` with faults in it that are mended later, by running the real one.

    python -m tests.recovery.broken worker

A stage that fails on an article that says BREAKS, a sink that refuses one that says REFUSED; and where
`DIES_AFTER` says so, a writer in whose process all ends after as many records were acknowledged.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from processors import pipeline
from processors.pipeline import StageOptions
from processors.stage import Dropped, Stage
from producers.writer import Writer
from schemas.article import Article
from sinks.consumer import Delivery, Refused
from sinks.elasticsearch.sink import ElasticsearchSink
from sinks.retries import Hold
from wirewatch import sinking
from wirewatch.cli import main

BREAKS, REFUSED = "BREAKS", "REFUSED"
DIES_AFTER = int(os.environ.get("DIES_AFTER", "0"))
_make_language = pipeline.STAGES["language"]


class Breaking:
    """A stage with a fault."""

    name = "language"

    def __init__(self, options: StageOptions) -> None:
        self._stage = _make_language(options)

    def __call__(self, article: Article) -> Article | Dropped:
        if BREAKS in article.raw.content:
            raise ValueError("a fault of ours")
        return self._stage(article)


class Refusing(ElasticsearchSink):
    """A sink whose index does not take some articles."""

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        bad = [one for one in batch if isinstance(one.record, Article) and REFUSED in one.record.raw.content]
        refused = [Refused(one, "rejected_by_elasticsearch", "a mapping of old") for one in bad]
        return refused + super().write([one for one in batch if one not in bad], hold)


def breaking(options: StageOptions) -> Stage:
    """The stage with a fault."""
    return Breaking(options)


def die_in_the_middle(send: object = Writer.send) -> None:
    """Let this process be killed once enough records have been written."""
    written = 0

    def counting(writer: Writer, topic: str, key: bytes | None, value: bytes) -> None:
        nonlocal written
        send(writer, topic, key, value)  # type: ignore[operator]
        written += 1
        if written == DIES_AFTER:
            writer.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(Writer, "send", counting)  # noqa: B010 - mypy lets no method be replaced


if __name__ == "__main__":
    pipeline.STAGES["language"] = breaking
    setattr(sinking, "ElasticsearchSink", Refusing)  # noqa: B010 - mypy knows it as imported only
    if DIES_AFTER:
        die_in_the_middle()
    main()
