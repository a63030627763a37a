"""What the settings say of fetching, as the fetcher takes it."""

from __future__ import annotations

from producers.fetching import FetchingOptions
from wirewatch.settings import Settings


def fetching_options(settings: Settings) -> FetchingOptions:
    """The options of a `Fetcher`; what no setting names keeps its default."""
    return FetchingOptions(**settings.fetching.model_dump())
