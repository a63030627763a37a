"""What Kibana asks Elasticsearch for when it draws a saved object.

Read off the saved object alone, as Kibana does: bucket columns become nested aggregations in their order,
measures stand in the innermost, the dashboard's time range and the object's filters make the query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
SHARD_SIZE = 25
DISCOVER_ROWS = 500


@dataclass(frozen=True)
class Times:
    """The time picker: ISO instants, and the length of a bar that `auto` comes to."""

    start: str
    end: str
    bar: str


def view_of(saved: Mapping[str, Any]) -> str:
    """The data view a chart or search looks at."""
    return next(str(each["id"]) for each in saved["references"] if each["type"] == "index-pattern")


def chart_request(saved: Mapping[str, Any], time_field: str, times: Times) -> Body:
    """The search that a Lens chart sends."""
    state = saved["attributes"]["state"]
    [layer] = state["datasourceStates"]["formBased"]["layers"].values()
    columns = [(name, layer["columns"][name]) for name in layer["columnOrder"]]
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": _aggregations(columns, times),
        "fields": [{"field": time_field, "format": "date_time"}],
        "stored_fields": ["*"],
        "script_fields": {},
        "runtime_mappings": {},
        "_source": {"excludes": ["record*"]},
        "query": _query(state["filters"], time_field, times),
    }


def search_request(saved: Mapping[str, Any], time_field: str, times: Times) -> Body:
    """The search that Discover sends for a saved search."""
    attributes = saved["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return {
        "size": DISCOVER_ROWS,
        "track_total_hits": True,
        "version": True,
        "sort": [
            {field: {"order": order, "unmapped_type": "boolean"}} for field, order in attributes["sort"]
        ],
        "fields": [
            {"field": "*", "include_unmapped": True},
            {"field": time_field, "format": "strict_date_optional_time"},
        ],
        "stored_fields": ["*"],
        "_source": False,
        "query": _query(source["filter"], time_field, times),
    }


def _query(filters: Sequence[Mapping[str, Any]], time_field: str, times: Times) -> Body:
    between = {"format": "strict_date_optional_time", "gte": times.start, "lte": times.end}
    wanted = [each["query"] for each in filters if not each["meta"]["negate"]]
    unwanted = [each["query"] for each in filters if each["meta"]["negate"]]
    within = {"range": {time_field: between}}
    return {"bool": {"must": [], "filter": [*wanted, within], "should": [], "must_not": unwanted}}


def _aggregations(columns: Sequence[tuple[str, Mapping[str, Any]]], times: Times) -> Body:
    measures = {name: _measure(column) for name, column in columns if not column["isBucketed"]}
    inner = {name: one for name, one in measures.items() if one is not None}
    for name, column in reversed([each for each in columns if each[1]["isBucketed"]]):
        ordered_by = {own: inner_one for own, inner_one in measures.items() if inner_one is not None}
        inner = {name: _bucket(column, ordered_by, times) | {"aggs": _beside(column, ordered_by) | inner}}
    return inner


def _measure(column: Mapping[str, Any]) -> Body | None:
    """The measure's aggregation; none for a count, which every bucket has."""
    field = {"field": column["sourceField"]}
    return {"count": None, "unique_count": {"cardinality": field}, "max": {"max": field}}[
        column["operationType"]
    ]


def _beside(column: Mapping[str, Any], measures: Mapping[str, Body]) -> Body:
    """What terms are ordered by stands in their own buckets, too."""
    by = column["params"].get("orderBy", {}).get("columnId")
    return {by: measures[by]} if by in measures else {}


def _bucket(column: Mapping[str, Any], measures: Mapping[str, Body], times: Times) -> Body:
    field, params = column["sourceField"], column["params"]
    if column["operationType"] == "date_histogram":
        bars = {"field": field, "fixed_interval": times.bar, "time_zone": "UTC", "min_doc_count": 0}
        return {"date_histogram": bars | {"extended_bounds": {"min": times.start, "max": times.end}}}
    by = params["orderBy"]["columnId"]
    order = {by if by in measures else "_count": params["orderDirection"]}
    return {"terms": {"field": field, "order": order, "size": params["size"], "shard_size": SHARD_SIZE}}
