"""What an index has taken since a reader last asked, so that nothing is missed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sinks.elasticsearch.query.cards import SEARCH_SECONDS
from sinks.elasticsearch.query.clauses import Query
from sinks.elasticsearch.query.cursor import WINDOW, Arrival


def arrivals_body(query: Query, cursor: Arrival, size: int, included: Sequence[str]) -> Query:
    """What answers and came after the cursor, in the order in which the index took it.

    A document that is written again comes again. The order is that of one shard, which is what an index of
    ours has.
    """
    later: Query = {"range": {"_seq_no": {"gt": cursor.position - WINDOW}}}
    seen = cursor.seen()
    return {
        "query": {
            "bool": {
                "filter": [query, later],
                "must_not": [{"terms": {"_seq_no": seen}}] if seen else [],
            }
        },
        "size": size,
        "timeout": f"{SEARCH_SECONDS}s",
        "track_total_hits": False,
        "sort": [{"_seq_no": "asc"}],
        "_source": {"includes": list(included)},
    }


def latest_body() -> Query:
    """The document that the index took last."""
    return {"size": 1, "track_total_hits": False, "sort": [{"_seq_no": "desc"}], "_source": False}


def from_now(index: str, answer: Mapping[str, Any]) -> Arrival:
    """The cursor of a reader who wants what comes from now on; `answer` is that to `latest_body`."""
    hits = answer["hits"]["hits"]
    if not hits:
        return Arrival(index)
    return Arrival(index, int(hits[0]["sort"][0]), f"{(1 << WINDOW) - 1:x}")


def advanced(cursor: Arrival, answer: Mapping[str, Any]) -> Arrival:
    """Where the reader stands once it has had the answer's documents."""
    return cursor.after([int(hit["sort"][0]) for hit in answer["hits"]["hits"]])
