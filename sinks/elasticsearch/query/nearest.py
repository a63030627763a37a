"""A free question answered by meaning: the stories that lie nearest to it, in whatever language. Pure.

An article asks in the same way for those like it.

Nearest is asked for language by language, since texts of one language lie together, and each language's
texts are weighed by what sets them apart from the others of their language (`Placed.likeness`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sinks.elasticsearch.meaning import MEANING
from sinks.elasticsearch.query.cards import COLLAPSED, SEARCH_SECONDS, By
from sinks.elasticsearch.query.clauses import Query
from sinks.elasticsearch.query.similar import embedding

LANGUAGES_MAX = 20
NEAR_A_LANGUAGE = 20
CANDIDATES_A_LANGUAGE = 100
READ_AGAIN = 24
LINE_CHARACTERS = 400
LIKENESS_MIN = 0.25
"""Below it, nearness is chance: of sentences about other things, some four in a hundred are nearer."""


class Placed(Protocol):
    """A question's, or an article's, place in meaning."""

    @property
    def direction(self) -> NDArray[np.float32]:
        """In which direction texts that are near lie."""

    @property
    def model(self) -> str:
        """The embedding's model."""

    def likeness(self, values: NDArray[np.float32], language: str, /) -> float:
        """How near a text is (-1 to 1), by its embedding and language."""


class PlacedQuestion(Placed, Protocol):
    """A question's place in meaning."""

    def likenesses(self, texts: Sequence[str], languages: Sequence[str], /) -> list[float]:
        """How near lines of text are, which are read for it: some 4 CPU-ms each."""


class Near(NamedTuple):
    """A story's nearest article, and how near it is."""

    article_id: str
    story: str
    likeness: float


def languages_body(query: Query) -> Query:
    """Which languages there are among what may answer."""
    languages = {"terms": {"field": "language", "size": LANGUAGES_MAX}}
    return {"query": query, "size": 0, "timeout": f"{SEARCH_SECONDS}s", "aggs": {"languages": languages}}


def languages_of(answer: Mapping[str, Any]) -> list[str]:
    """The languages in the answer to `languages_body`."""
    return [bucket["key"] for bucket in answer["aggregations"]["languages"]["buckets"]]


def nearest_body(placed: Placed, query: Query, languages: Sequence[str]) -> Query:
    """What lies nearest in each language, of what the query lets through."""
    near = {
        "field": MEANING,
        "query_vector": [round(float(value), 5) for value in placed.direction],
        "k": NEAR_A_LANGUAGE,
        "num_candidates": CANDIDATES_A_LANGUAGE,
    }
    return {
        "knn": [near | {"filter": [query, {"term": {"language": language}}]} for language in languages],
        "size": NEAR_A_LANGUAGE * len(languages),
        "timeout": f"{SEARCH_SECONDS}s",
        "track_total_hits": False,
        "_source": {"includes": ["id", "language", *COLLAPSED.values(), "record.embedding"]},
    }


def nearest(placed: Placed, hits: Sequence[Mapping[str, Any]], by: By, most: int) -> list[Near]:
    """The nearest stories, the nearest first: each by that of its articles which is nearest."""
    near: dict[str, Near] = {}
    for hit in hits:
        source = hit["_source"]
        held = embedding(source)
        if held is None or held[0] != placed.model:
            continue
        likeness = placed.likeness(held[1], source["language"])
        story = source.get(COLLAPSED[by]) or source["id"]
        if likeness >= LIKENESS_MIN and (story not in near or likeness > near[story].likeness):
            near[story] = Near(source["id"], story, likeness)
    return sorted(near.values(), key=lambda one: one.likeness, reverse=True)[:most]


def read_again(placed: PlacedQuestion, hits: Sequence[Mapping[str, Any]], near: Sequence[Near]) -> list[Near]:
    """The stories in a better order: of the first, headline and first line are read by themselves.

    A long article's embedding says little of what its headline says, so all three are weighed alike.
    """
    sources = {hit["_source"]["id"]: hit["_source"] for hit in hits}
    first = [one for one in near[:READ_AGAIN] if one.article_id in sources]
    lines = [(one, line) for one in first for line in _lines(sources[one.article_id])]
    languages = [sources[one.article_id]["language"] for one, _ in lines]
    found: dict[str, list[float]] = {one.article_id: [one.likeness] for one in first}
    for (one, _), likeness in zip(
        lines, placed.likenesses([line for _, line in lines], languages), strict=True
    ):
        found[one.article_id].append(likeness)
    read = [one._replace(likeness=fmean(found[one.article_id])) for one in first]
    return [*sorted(read, key=lambda one: -one.likeness), *near[READ_AGAIN:]]


def _lines(source: Mapping[str, Any]) -> list[str]:
    lead = (source.get("text") or "").partition("\n")[0]
    return [line[:LINE_CHARACTERS] for line in (source.get("title"), lead) if line and line.strip()]
