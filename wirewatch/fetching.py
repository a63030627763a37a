"""What the settings say of fetching, as the fetcher takes it."""

from __future__ import annotations

from producers.fetching import FetchingOptions
from wirewatch.settings import Settings


def fetching_options(settings: Settings) -> FetchingOptions:
    """The options of a `Fetcher`; what no setting names keeps its default. All processes with one
    `data_dir` share their spacing, pauses and budgets.
    """
    turns_path = settings.data_dir / "fetching" / "turns.sqlite3"
    return FetchingOptions(**settings.fetching.model_dump(), turns_path=turns_path)
