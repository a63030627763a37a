"""A panel as Lens, Kibana's chart editor, keeps it: columns of one layer, and how they are drawn.

`chart` is number, bar, line, ranking, donut or table. `over` is what lies along the axis: `time`, or the
top values of a field (`{field, size}`); `split` gives each top value a colour; `rows` are those of a table.
`measure` is `count` or `{unique: field}`, and `beside` further ones, also `{latest: date field}`. `only`
narrows to values of fields, `lacking` to what has no value of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

LAYER = "layer"
MEASURE = "measure"
Column = dict[str, Any]
Spec = Mapping[str, Any]


class Reference(TypedDict):
    """What a saved object refers to, by the name it uses for it."""

    name: str
    type: str
    id: str


def lens(panel: Spec, view_id: str, time_field: str) -> tuple[dict[str, Any], list[Reference]]:
    """The attributes of a Lens object, and its references."""
    buckets = _buckets(panel, time_field)
    measures = _measures(panel)
    columns = buckets | measures
    kind, drawn = _drawn(panel, list(buckets), list(measures))
    filters = _filters(panel)
    layer = {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}, "sampling": 1}
    attributes = {
        "title": panel["title"],
        "description": "",
        "visualizationType": kind,
        "state": {
            "visualization": drawn,
            "query": {"query": "", "language": "kuery"},
            "filters": filters,
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }
    names = [f"indexpattern-datasource-layer-{LAYER}", *(one["meta"]["index"] for one in filters)]
    return attributes, [Reference(name=name, type="index-pattern", id=view_id) for name in names]


def phrase_filter(field: str, value: str) -> dict[str, Any]:
    """Only what has this value."""
    meta = {"type": "phrase", "key": field, "params": {"query": value}, "negate": False, "disabled": False}
    return {"meta": meta, "query": {"match_phrase": {field: value}}, "$state": {"store": "appState"}}


def _lacking_filter(field: str) -> dict[str, Any]:
    meta = {"type": "exists", "key": field, "value": "exists", "negate": True, "disabled": False}
    return {"meta": meta, "query": {"exists": {"field": field}}, "$state": {"store": "appState"}}


def _filters(panel: Spec) -> list[dict[str, Any]]:
    found = [phrase_filter(field, value) for field, value in panel.get("only", {}).items()]
    found += [_lacking_filter(panel["lacking"])] if "lacking" in panel else []
    for number, one in enumerate(found):
        one["meta"]["index"] = f"filter-index-pattern-{number}"
    return found


def _buckets(panel: Spec, time_field: str) -> dict[str, Column]:
    """What is counted for each of what, the outermost first: Lens takes the top values before the times."""
    rows = {f"row{number}": _terms(row) for number, row in enumerate(panel.get("rows", ()), 1)}
    split = {"split": _terms(panel["split"])} if "split" in panel else {}
    over = panel.get("over")
    axis = {} if over is None else {"axis": _times(time_field) if over == "time" else _terms(over)}
    return rows | split | axis


def _times(field: str) -> Column:
    return {
        "label": field,
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def _terms(spec: Spec) -> Column:
    return {
        "label": _words(spec["field"]),
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": spec["field"],
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": spec["size"],
            "orderBy": {"type": "column", "columnId": MEASURE},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _measures(panel: Spec) -> dict[str, Column]:
    beside = panel.get("beside", ())
    first = {MEASURE: _measure(panel.get("measure", "count"))}
    return first | {f"{MEASURE}{number}": _measure(one) for number, one in enumerate(beside, 2)}


def _measure(spec: str | Mapping[str, str]) -> Column:
    if isinstance(spec, str):
        return _number("Count", "count", "___records___")
    [(what, field)] = spec.items()
    if what == "unique":
        return _number(f"Different {_words(field)}", "unique_count", field)
    return _number(f"Latest {_words(field)}", "max", field) | {"dataType": "date"}


def _number(label: str, operation: str, field: str) -> Column:
    return {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": operation,
        "sourceField": field,
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": False},
    }


def _words(field: str) -> str:
    return field.replace("_", " ")


def _drawn(panel: Spec, buckets: Sequence[str], measures: Sequence[str]) -> tuple[str, dict[str, Any]]:
    layer = {"layerId": LAYER, "layerType": "data"}
    match panel["chart"]:
        case "number":
            return "lnsMetric", layer | {"metricAccessor": MEASURE}
        case "table":
            return "lnsDatatable", layer | {"columns": [{"columnId": one} for one in (*buckets, *measures)]}
        case "donut":
            shown = {"numberDisplay": "percent", "categoryDisplay": "default", "legendDisplay": "default"}
            slices = layer | shown | {"primaryGroups": list(buckets), "metrics": [MEASURE]}
            return "lnsPie", {"shape": "donut", "layers": [slices]}
        case chart:
            series = {"bar": "bar_stacked", "line": "line", "ranking": "bar_horizontal"}[chart]
            return "lnsXY", _axes(layer, series, buckets)


def _axes(layer: Mapping[str, Any], series: str, buckets: Sequence[str]) -> dict[str, Any]:
    split = {"splitAccessor": "split"} if "split" in buckets else {}
    drawn = {**layer, **split, "seriesType": series, "xAccessor": "axis", "accessors": [MEASURE]}
    return {
        "preferredSeriesType": series,
        "legend": {"isVisible": bool(split), "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "Zero",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "layers": [drawn],
    }
