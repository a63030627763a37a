"""The whole understanding in one process, offline: what `wirewatch enrich` and the quality gates run."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from processors.designations import decide, mention_records
from processors.pipeline import PIPELINE, Memory, StageOptions, build_stages
from processors.stage import Outcome, Passed, apply_stages
from schemas.article import Article, Clean
from wirewatch.settings import Settings, watchlists_folder

ALL_STAGES = tuple(stage for group in PIPELINE for stage in group.stages)


def stage_options(settings: Settings) -> StageOptions:
    """What the stages need of the settings."""
    return StageOptions(
        story_window_days=settings.worker.story_window_days,
        thread_window_days=settings.worker.thread_window_days,
        names_model=settings.names.model,
        names_threads=settings.names.threads,
        names_kept_mb=settings.names.kept_mb,
        watchlists_folder=watchlists_folder(settings),
        watchlists_score_floor=settings.watchlists.score_floor,
    )


class Enrichment:
    """Takes articles through the stages named (all by default), one after the other.

    Stories and designations are remembered from article to article, as a stream would. Without the
    boilerplate stage the text is taken as it is. Raises `WiringError` for a stage that is none.
    """

    def __init__(
        self, stages: Sequence[str] = (), options: StageOptions | None = None, window_days: int = 30
    ) -> None:
        self._names = tuple(name for name in ALL_STAGES if name in stages) if stages else ALL_STAGES
        unknown = [name for name in stages if name not in ALL_STAGES]
        self._stages = build_stages([*self._names, *unknown], options or StageOptions())
        self._designations: Memory = {}
        self._window_days = window_days

    def __call__(self, article: Article) -> Outcome:
        """The enriched article, or why there is none. Never raises."""
        if "boilerplate" not in self._names:
            article = msgspec.structs.replace(article, clean=Clean(text=article.raw.content))
        outcome = apply_stages(self._stages, article)
        if isinstance(outcome, Passed) and outcome.article.sanctions:
            return Passed(self._decided(outcome.article))
        return outcome

    def _decided(self, article: Article) -> Article:
        sanctions = [
            decide(mention, self._designations, self._window_days)[0].sanction
            for _, mention in mention_records(article)
        ]
        return msgspec.structs.replace(article, sanctions=sanctions)
