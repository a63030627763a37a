"""The stories stage: whether an article is the first, a copy of, or related to an earlier one."""

from __future__ import annotations

from collections.abc import MutableMapping

import msgspec

from processors.moments import epoch_seconds
from processors.stories.likeness import Telling, likeness
from processors.stories.memory import LanguageMemory, Remembered
from processors.stories.shingles import shingles
from processors.stories.wording import wording
from schemas.article import Article, Story

SECONDS_A_DAY = 86_400


class StoriesStage:
    """Fills `story` from the articles of the same language in the last `window_days`.

    `memory` maps short strings to short bytes; all keys that one article touches begin with its language
    code and `|`. The same article with the same text gets the answer it got the first time and changes
    nothing; a later revision takes its predecessor's place; an earlier one is answered and not kept.
    """

    name = "stories"

    def __init__(self, memory: MutableMapping[str, bytes], window_days: int = 7) -> None:
        self._memory = memory
        self._window_days = window_days

    def __call__(self, article: Article) -> Article:
        """The article with `story`."""
        code = article.language.code if article.language else "und"
        memory = LanguageMemory(self._memory, code)
        title = article.clean.title if article.clean else None
        text = article.field_text("text")
        told = Telling(shingles(title, text), wording(title, text), article.source, code)
        return msgspec.structs.replace(article, story=self._place(article, told, memory))

    def _place(self, article: Article, told: Telling, memory: LanguageMemory) -> Story:
        number = memory.number_of(article.id)
        known = memory.article(number) if number is not None else None
        phrases, words = told.shingles, told.wording
        hashes = phrases.hashes.astype("<u4").tobytes()
        if known and (known.hashes, known.starts) == (hashes, phrases.starts):
            return known.story
        day = epoch_seconds(article.fetched_at) // SECONDS_A_DAY
        story = self._nearest(article.id, day, told, memory, number)
        if known and known.story.relation == "first":
            story = known.story  # others may have joined it: its story keeps its name
        if not known or article.revision >= known.revision:
            memory.file(
                Remembered(
                    id=article.id,
                    revision=article.revision,
                    day=day,
                    story=story,
                    starts=phrases.starts,
                    hashes=hashes,
                    source=told.source,
                    units=words.units.astype("<u4").tobytes(),
                    unit_starts=words.starts,
                    title=words.title.astype("<u4").tobytes(),
                )
            )
            memory.retire(day - self._window_days)
        return story

    def _nearest(
        self, article_id: str, day: int, told: Telling, memory: LanguageMemory, number: int | None
    ) -> Story:
        best = Story(cluster_id=article_id)
        rank = (0, 0.0)
        for _, other in memory.candidates(told, without=number):
            alike = likeness(told, other.telling(told.language))
            relation = alike.relation
            if relation is None or abs(other.day - day) > self._window_days:
                continue
            other_rank = (2 if relation == "copy" else 1, alike.jaccard)
            if other_rank > rank:
                rank = other_rank
                best = Story(
                    cluster_id=other.story.cluster_id,
                    relation=relation,
                    nearest_id=other.id,
                    similarity=round(alike.jaccard, 4),
                )
        return best
