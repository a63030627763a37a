"""The threads stage: which other stories, in any language, tell of the same event."""

from __future__ import annotations

from collections.abc import MutableMapping
from statistics import fmean

import msgspec

from processors.moments import epoch_seconds
from processors.threads.memory import Answer, Remembered, ThreadMemory
from processors.threads.profile import Profile, name_keys, profile
from processors.threads.score import JOINS, Common, common
from schemas.article import Article, Story

SECONDS_AN_HOUR = 3600
HOURS_A_DAY = 24
REASON_NAMES_MAX = 4
REASON_NUMBERS_MAX = 3
ALIKE_IN_MEANING = 0.5


class ThreadsStage:
    """Fills the thread of `story` from the stories of all languages in the last `window_days`.

    A story joins the thread of the story most like it, or begins one, whose id is its own `cluster_id`.
    Every further article of a story has its thread, by one look-up. The same article gets the answer it
    got the first time and changes nothing; a later revision takes its predecessor's place; an earlier one
    is answered and not kept. `memory` maps short strings to short bytes; it is one for all languages.
    """

    name = "threads"

    def __init__(self, memory: MutableMapping[str, bytes], window_days: int = 3) -> None:
        self._memory = ThreadMemory(memory)
        self._window_hours = window_days * HOURS_A_DAY

    def __call__(self, article: Article) -> Article:
        """The article with its story's thread."""
        story = article.story or Story(cluster_id=article.id)
        answer = self._answer(article, story.cluster_id)
        told = msgspec.structs.replace(
            story,
            thread_id=answer.thread_id,
            thread_nearest_id=answer.nearest_id,
            thread_similarity=answer.similarity,
            thread_because=answer.because,
        )
        return msgspec.structs.replace(article, story=told)

    def _answer(self, article: Article, cluster_id: str) -> Answer:
        number = self._memory.number_of(article.id)
        known = self._memory.article(number) if number is not None else None
        if known and (known.revision, known.cluster_id) == (article.revision, cluster_id):
            return known.answer
        hour = epoch_seconds(article.fetched_at) // SECONDS_AN_HOUR
        place = self._memory.story_number(cluster_id)
        standing = self._memory.article(place) if place is not None else None
        if standing is not None and standing.id != article.id:
            answer, told = standing.answer, None
            if place is not None and standing.hour // HOURS_A_DAY < hour // HOURS_A_DAY and not known:
                told = standing.profile
                self._memory.hand_over(place)
        else:
            told = profile(article)
            answer = self._joined(article, cluster_id, told, hour)
            if known and known.cluster_id == cluster_id and known.answer.thread_id == cluster_id:
                answer = known.answer  # others may have joined it: its thread keeps its name
        if not known or article.revision >= known.revision:
            self._memory.file(
                Remembered(
                    id=article.id,
                    cluster_id=cluster_id,
                    revision=article.revision,
                    hour=hour,
                    answer=answer,
                    profile=told,
                ),
                number if known else None,
            )
            self._memory.retire(hour - self._window_hours)
        return answer

    def _joined(self, article: Article, cluster_id: str, told: Profile, hour: int) -> Answer:
        """The thread most likely to tell of the same event, or a new one.

        A thread is as likely as its likeliest story and the mean of those met, taken together: one story
        that tells of two events does not make them one.
        """
        rarities = self._memory.rarities(told)
        threads: dict[str, list[tuple[float, Remembered, Common]]] = {}
        for other in self._memory.candidates(told, rarities):
            hours = abs(other.hour - hour)
            if other.cluster_id == cluster_id or hours > self._window_hours or other.profile is None:
                continue
            shared = common(told, other.profile, rarities, hours / HOURS_A_DAY)
            threads.setdefault(other.answer.thread_id, []).append((shared.score, other, shared))
        best, answer = JOINS, Answer(thread_id=cluster_id)
        for thread_id, met in sorted(threads.items()):
            nearest, other, shared = max(met, key=lambda one: (one[0], one[1].cluster_id))
            likely = (nearest + fmean(score for score, _, _ in met)) / 2
            if likely > best and other.profile is not None:
                best = likely
                because = _because(article, told, other.profile, shared)
                answer = Answer(
                    thread_id=thread_id,
                    nearest_id=other.cluster_id,
                    similarity=round(likely, 4),
                    because=because,
                )
        return answer


def _because(article: Article, told: Profile, other: Profile, shared: Common) -> str:
    """Why two stories are one thread, for a reader: same names (…), same numbers (…), …"""
    keys = {key for key, part in shared.names if part > 0}
    names = {
        mention.entity.name: None
        for mention in article.mentions
        if mention.entity is not None and keys.intersection(name_keys(mention.entity.id))
    }
    reasons = []
    if names:
        reasons.append(f"same names ({', '.join(list(names)[:REASON_NAMES_MAX])})")
    if shared.numbers:
        reasons.append(f"same numbers ({', '.join(shared.numbers[:REASON_NUMBERS_MAX])})")
    if kinds := sorted(told.types & other.types):
        reasons.append(f"same kind of event ({', '.join(kinds)})")
    if shared.meaning is not None and shared.meaning >= ALIKE_IN_MEANING:
        reasons.append("alike in meaning")
    return "; ".join(reasons)
