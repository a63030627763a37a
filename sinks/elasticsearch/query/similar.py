"""Articles like one: by words in its own language, by names in any, and by meaning. Pure.

What Elasticsearch finds by words, names and kinds of events, and where it can (`sinks.elasticsearch.meaning`)
by nearness in meaning, is put in order by where the embeddings lie that the articles carry, where both have
one of the same model.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sinks.elasticsearch.documents import ANALYSERS
from sinks.elasticsearch.query.cards import INCLUDED, SEARCH_SECONDS
from sinks.elasticsearch.query.clauses import Query

CANDIDATES = 60
TERMS_MAX = 25
NAMES_MAX = 40
NAMED = ("people", "organisations", "places")
ASKED = ["id", "language", "cluster_id", "thread_id", "entity_ids", "event_types", *NAMED, "record.embedding"]

Placing = Callable[[str, NDArray[np.float32], str], NDArray[np.float32]]
"""Where an embedding lies in meaning, at unit length: of a model, its values, its text's language."""


def similar_body(index: str, source: Mapping[str, Any]) -> Query:
    """One article of each other story that shares words, or two names, or its thread."""
    code = source.get("language")
    fields = [f"title_{code}", f"text_{code}"] if code in ANALYSERS else ["title", "text"]
    words = {
        "more_like_this": {
            "fields": fields,
            "like": [{"_index": index, "_id": source["id"]}],
            "min_term_freq": 1,
            "min_doc_freq": 2,
            "max_query_terms": TERMS_MAX,
            "minimum_should_match": "40%",
        }
    }
    should = [words, *_names(source)]
    if thread := source.get("thread_id"):
        should.append({"term": {"thread_id": {"value": thread, "boost": 5}}})
    return {
        "query": {"bool": {"should": should, "minimum_should_match": 1, "must_not": _itself(source)}},
        "size": CANDIDATES,
        "timeout": f"{SEARCH_SECONDS}s",
        "collapse": {"field": "cluster_id"},
        "_source": {"includes": [*INCLUDED, "record.embedding"]},
    }


def those_body(ids: Sequence[str]) -> Query:
    """Articles by their ids, as `ranked` takes them."""
    return {
        "query": {"ids": {"values": list(ids)}},
        "size": len(ids),
        "timeout": f"{SEARCH_SECONDS}s",
        "_source": {"includes": [*INCLUDED, "record.embedding"]},
    }


def others(source: Mapping[str, Any]) -> Query:
    """All but an article and its story."""
    return {"bool": {"must_not": _itself(source)}}


def _itself(source: Mapping[str, Any]) -> list[Query]:
    itself: list[Query] = [{"ids": {"values": [source["id"]]}}]
    if story := source.get("cluster_id"):
        itself.append({"term": {"cluster_id": story}})
    return itself


def _names(source: Mapping[str, Any]) -> list[Query]:
    """Two shared names at least, rare ones counting more; kinds of events only add to it."""
    names = source.get("entity_ids", [])[:NAMES_MAX]
    if not names:
        return []
    shared = {
        "should": [{"term": {"entity_ids": name}} for name in names],
        "minimum_should_match": min(2, len(names)),
    }
    kinds = [
        {"term": {"event_types": {"value": kind, "boost": 0.5}}} for kind in source.get("event_types", [])
    ]
    return [{"bool": {"must": [{"bool": shared}], "should": kinds}}]


def ranked(
    source: Mapping[str, Any], hits: Sequence[Mapping[str, Any]], size: int, placing: Placing
) -> list[tuple[Mapping[str, Any], float | None, list[str]]]:
    """The likest hits, each with its likeness in meaning (-1 to 1) where it is known, and the names shared.

    Hits whose meaning is unknown keep their order and come after.
    """
    own = _place(source, placing)
    mine = _named(source)
    told = []
    for hit in hits:
        theirs = _place(hit["_source"], placing)
        likeness = float(own[1] @ theirs[1]) if own and theirs and own[0] == theirs[0] else None
        told.append((hit, likeness, [name for name in _named(hit["_source"]) if name in mine]))
    told.sort(key=lambda one: -2.0 if one[1] is None else one[1], reverse=True)
    return told[:size]


def embedding(source: Mapping[str, Any]) -> tuple[str, NDArray[np.float32]] | None:
    """The model and the values of a document's embedding, where it carries one."""
    held = (source.get("record") or {}).get("embedding")
    if not held:
        return None
    return held["model"], np.frombuffer(base64.b64decode(held["values"]), "<f2").astype(np.float32)


def _place(source: Mapping[str, Any], placing: Placing) -> tuple[str, NDArray[np.float32]] | None:
    held = embedding(source)
    return held and (held[0], placing(*held, source.get("language", "")))


def _named(source: Mapping[str, Any]) -> list[str]:
    return [name for field in NAMED for name in source.get(field, [])]
