"""Answers as an editor reads them: a card a story, with its sources, and counts to narrow by. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sinks.elasticsearch.query.clauses import Query
from sinks.elasticsearch.query.question import Asked
from sinks.elasticsearch.query.snippets import AFTER, BEFORE, SNIPPET_CHARACTERS, snippet

Order = Literal["newest", "best"]
By = Literal["story", "thread"]

SEARCH_SECONDS = 5
CARDS_MAX = 100
FACET_SIZE = 15
SOURCES_SHOWN = 10
STRETCHES_MAX = 93
COLLAPSED: dict[By, str] = {"story": "cluster_id", "thread": "thread_id"}
FACETS = {
    "language": "language",
    "source": "source",
    "place": "places",
    "person": "people",
    "body": "organisations",
    "event": "event_types",
    "act": "sanction_acts",
    "issuer": "sanction_issuers",
    "target": "sanction_targets",
    "lane": "lane",
}
PLAIN = (
    "id", "language", "script", "source", "url", "fetched_at", "published_at", "byline", "agency", "lane",
    "relation", "title",
)  # fmt: skip
LISTED = (
    "people", "organisations", "places", "watchlists", "event_types", "sanction_acts", "sanction_issuers",
    "sanction_targets",
)  # fmt: skip
INCLUDED = [*PLAIN, *LISTED, "cluster_id", "thread_id", "text"]


def cards_body(  # noqa: PLR0913
    asked: Asked, by: By, order: Order, size: int, offset: int, *, facets: bool
) -> Query:
    """One article a story, the newest or the best of those that answer, and how many answer in all."""
    body: Query = {
        "query": asked.query,
        "size": size,
        "from": offset,
        "timeout": f"{SEARCH_SECONDS}s",
        "track_total_hits": True,
        "collapse": {"field": COLLAPSED[by]},
        "sort": _sort(order),
        "_source": {"includes": [*INCLUDED, *(["record.mentions"] if asked.entity_ids else [])]},
        "aggs": {"stories": {"cardinality": {"field": COLLAPSED[by], "precision_threshold": 1000}}},
    }
    if facets:
        body["aggs"] |= facet_aggregations()
    if asked.is_ranked:
        body["highlight"] = highlighting()
    return body


def _sort(order: Order) -> list[Any]:
    newest = [{"fetched_at": "desc"}, {"id": "asc"}]
    return ["_score", *newest] if order == "best" else newest


def facet_aggregations() -> Query:
    """How many articles there are of each value, for the most frequent ones, and over time."""
    counted: Query = {name: {"terms": {"field": field, "size": FACET_SIZE}} for name, field in FACETS.items()}
    return counted | {
        "time": {"date_histogram": {"field": "fetched_at", "calendar_interval": "day", "min_doc_count": 1}}
    }


def highlighting() -> Query:
    """The passage that answers best, in whichever field it was found."""
    field = {"number_of_fragments": 1, "fragment_size": SNIPPET_CHARACTERS}
    whole = {"number_of_fragments": 0}
    return {
        "pre_tags": [BEFORE],
        "post_tags": [AFTER],
        "max_analyzed_offset": 200_000,
        "fields": {"text": field, "text_*": field, "title": whole, "title_*": whole},
    }


def told_by_body(by: By, stories: Sequence[str]) -> Query:
    """Who else tells the stories: asked of the whole index, whatever the question left out."""
    field = COLLAPSED[by]
    each: Query = {
        "sources": {"terms": {"field": "source", "size": SOURCES_SHOWN}},
        "distinct": {"cardinality": {"field": "source"}},
        "languages": {"terms": {"field": "language", "size": SOURCES_SHOWN}},
        "copies": {"filter": {"term": {"relation": "copy"}}},
        "first": {
            "top_hits": {
                "size": 1,
                "sort": [{"fetched_at": "asc"}, {"id": "asc"}],
                "_source": {"includes": ["id", "source", "fetched_at", "url", "title", "language"]},
            }
        },
    }
    return {
        "size": 0,
        "timeout": f"{SEARCH_SECONDS}s",
        "query": {"bool": {"filter": [{"terms": {field: list(stories)}}]}},
        "aggs": {"story": {"terms": {"field": field, "size": max(len(stories), 1)}, "aggs": each}},
    }


def stories_of(answer: Mapping[str, Any], by: By) -> list[str]:
    """The stories of an answer's cards."""
    found = (hit["_source"].get(COLLAPSED[by]) for hit in answer["hits"]["hits"])
    return [story for story in found if story]


def told_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Who tells each story, by story, from the answer to `told_by_body`."""
    return {bucket["key"]: bucket for bucket in answer["aggregations"]["story"]["buckets"]}


def cards(answer: Mapping[str, Any], told: Mapping[str, Any], asked: Asked, by: By) -> list[dict[str, Any]]:
    """A card a hit; `told` is what `told_of` gave."""
    return [
        card(hit, asked.entity_ids, told.get(hit["_source"].get(COLLAPSED[by], "")))
        for hit in answer["hits"]["hits"]
    ]


def card(
    hit: Mapping[str, Any], entity_ids: frozenset[str] = frozenset(), told: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One article with its passage, and its story's sources where they are known."""
    source = hit["_source"]
    made: dict[str, Any] = {name: source.get(name) for name in PLAIN}
    made |= {name: source.get(name, []) for name in LISTED}
    made |= {"story": source.get("cluster_id"), "thread": source.get("thread_id")}
    made["snippet"] = snippet(source, hit.get("highlight", {}), entity_ids)
    return made | _told(source, told)


def _told(source: Mapping[str, Any], told: Mapping[str, Any] | None) -> dict[str, Any]:
    if told is None:
        own = {"value": source.get("source"), "count": 1}
        return {
            "articles": 1,
            "copies": 0,
            "sources": [own],
            "source_count": 1,
            "languages": [],
            "first": None,
        }
    [first] = told["first"]["hits"]["hits"]
    return {
        "articles": told["doc_count"],
        "copies": told["copies"]["doc_count"],
        "sources": _counts(told["sources"]),
        "source_count": max(told["distinct"]["value"], len(told["sources"]["buckets"])),
        "languages": _counts(told["languages"]),
        "first": first["_source"],
    }


def facets_of(answer: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each facet's values with their counts; `time` by day, month or year."""
    found = answer.get("aggregations", {})
    facets = {name: _counts(found[name]) for name in FACETS if name in found}
    if "time" in found:
        days = {bucket["key_as_string"][:10]: bucket["doc_count"] for bucket in found["time"]["buckets"]}
        facets["time"] = over_time(days)
    return facets


def over_time(days: Mapping[str, int]) -> list[dict[str, Any]]:
    """Counts by day, or where that makes too many, by month or by year."""
    for length in (len("2026-03-01"), len("2026-03"), len("2026")):
        stretches: Counter[str] = Counter()
        for day, count in days.items():
            stretches[day[:length]] += count
        if len(stretches) <= STRETCHES_MAX:
            break
    return [{"value": stretch, "count": count} for stretch, count in sorted(stretches.items())]


def _counts(aggregation: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"value": each["key"], "count": each["doc_count"]} for each in aggregation["buckets"]]
