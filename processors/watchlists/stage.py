"""The watchlists stage: which of the people and bodies an article names stand on an imported list."""

from __future__ import annotations

from pathlib import Path

from processors.watchlists.annotate import annotate
from processors.watchlists.store import Store
from processors.watchlists.watchlists import SCORE_FLOOR, Watchlists
from schemas.article import Article


class WatchlistsStage:
    """Fills `watchlist` of the mentions' entities, by the lists in `folder` as they are now.

    A folder without lists, or none, costs nothing. Lists enrich and never gate: see `docs/watchlists.md`.
    """

    name = "watchlists"

    def __init__(self, folder: Path | None = None, score_floor: float = SCORE_FLOOR) -> None:
        self._lists = Watchlists(Store(folder), score_floor) if folder else None
        if self._lists is not None:
            self._lists.refresh(at_once=True)

    def __call__(self, article: Article) -> Article:
        """The article, each of its mentions with the hits it has."""
        if self._lists is None or not article.mentions:
            return article
        self._lists.refresh()
        return annotate(article, self._lists) if len(self._lists) else article
