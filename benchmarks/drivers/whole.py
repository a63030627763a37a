"""All stages as one function from records to records, for whoever drives it: the same for each driver."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from processors.pipeline import StageOptions
from processors.stage import Failed, Outcome, Passed, run_batch
from schemas.article import Article
from schemas.topics import ENRICHED, RAW
from schemas.wire import encode
from wirewatch.enrichment import Enrichment

BATCH_ARTICLES = 16
BATCH_SECONDS = 0.05
COMMIT_SECONDS = 1.0


@dataclass(frozen=True)
class Drive:
    """What a driver is told on its command line. Its topics are ours, under a name of its own."""

    brokers: str
    prefix: str
    model: str
    folder: Path

    @property
    def source(self) -> str:
        """Where raw articles come in."""
        return f"{self.prefix}.{RAW.name}"

    @property
    def sink(self) -> str:
        """Where enriched ones go."""
        return f"{self.prefix}.{ENRICHED.name}"


def drive() -> Drive:
    brokers, prefix, model, folder, *_ = sys.argv[1:]
    return Drive(brokers, prefix, model, Path(folder))


class Whole:
    """Decodes, runs every stage in order with dicts for memories, decides what is new, encodes."""

    def __init__(self, model: str) -> None:
        self._enrich = Enrichment(options=StageOptions(names_model=model, sources={}))

    def __call__(self, raws: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        """Key and record of each article that came through; none of a benchmark's is dropped."""
        outcomes = run_batch((), raws)
        return [_message(self._enriched(outcome)) for outcome in outcomes]

    def _enriched(self, outcome: Outcome) -> Article:
        enriched = self._enrich(outcome.article) if isinstance(outcome, Passed) else outcome
        if isinstance(enriched, Passed):
            return enriched.article
        raise RuntimeError(enriched.detail if isinstance(enriched, Failed) else enriched.reason)


def _message(article: Article) -> tuple[bytes, bytes]:
    return article.id.encode(), encode(article)
