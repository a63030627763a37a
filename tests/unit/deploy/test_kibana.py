"""What Kibana imports: built from the YAML as committed, whole, and true to the mapping."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import jsonschema
import pytest

from deploy.kibana.build import BUILT, DASHBOARDS, FOLDER, ndjson, saved_objects
from sinks.elasticsearch.mapping import properties
from sinks.elasticsearch.templates import DOCUMENTS, Kind

OBJECTS = saved_objects()
BY_ID = {one["id"]: one for one in OBJECTS}
GRID_COLUMNS = 48
BUCKETS = {"keyword", "date", "long", "boolean"}
TEXT = {"type": "string"}
JSON_TEXT = {"type": "string", "contentMediaType": "application/json"}
SEARCH_SOURCE = {
    "type": "object",
    "required": ["searchSourceJSON"],
    "properties": {"searchSourceJSON": JSON_TEXT},
    "additionalProperties": False,
}
OBJECT = {
    "type": "object",
    "required": ["type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion"],
    "properties": {
        "type": {"enum": ["index-pattern", "search", "visualization", "lens", "dashboard"]},
        "id": {"type": "string", "pattern": r"^[a-z0-9-]+$"},
        "references": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type", "id"],
                "properties": {"name": TEXT, "type": TEXT, "id": TEXT},
                "additionalProperties": False,
            },
        },
        "coreMigrationVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "typeMigrationVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "managed": {"const": False},
        "attributes": {"type": "object"},
    },
    "additionalProperties": False,
}
FLAG = {"type": "boolean"}
# What Kibana 8.8 and later takes for each type, by its own schemas; it refuses an object with any other attribute.
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "index-pattern": {
        "title": TEXT,
        "name": TEXT,
        "timeFieldName": TEXT,
        "allowHidden": FLAG,
        **dict.fromkeys(
            ("fields", "fieldAttrs", "fieldFormatMap", "sourceFilters", "runtimeFieldMap", "typeMeta"),
            JSON_TEXT,
        ),
    },
    "search": {
        "title": TEXT,
        "description": TEXT,
        "columns": {"type": "array", "items": TEXT, "minItems": 1},
        "sort": {"type": "array", "items": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}},
        "grid": {"const": {}},
        "hideChart": FLAG,
        "isTextBasedQuery": {"const": False},
        "timeRestore": FLAG,
        "kibanaSavedObjectMeta": SEARCH_SOURCE,
    },
    "visualization": {
        "title": TEXT,
        "description": TEXT,
        "visState": JSON_TEXT,
        "uiStateJSON": JSON_TEXT,
        "version": {"const": 1},
        "kibanaSavedObjectMeta": SEARCH_SOURCE,
    },
    "lens": {
        "title": TEXT,
        "description": TEXT,
        "visualizationType": {"enum": ["lnsXY", "lnsMetric", "lnsDatatable", "lnsPie"]},
        "state": {
            "type": "object",
            "required": ["visualization", "query", "filters", "datasourceStates"],
            "properties": {"filters": {"type": "array"}, "visualization": {"type": "object"}},
        },
    },
    "dashboard": {
        "title": TEXT,
        "description": TEXT,
        "panelsJSON": JSON_TEXT,
        "optionsJSON": JSON_TEXT,
        "timeRestore": {"const": True},
        "timeFrom": TEXT,
        "timeTo": TEXT,
        "refreshInterval": {
            "type": "object",
            "properties": {"pause": FLAG, "value": {"type": "integer"}},
            "additionalProperties": False,
        },
        "version": {"const": 1},
        "kibanaSavedObjectMeta": SEARCH_SOURCE,
    },
}


def _of(kind: str) -> list[dict[str, Any]]:
    return [one for one in OBJECTS if one["type"] == kind]


def _fields(view_id: str) -> dict[str, Any]:
    kind: Kind = view_id.removeprefix("wirewatch-")  # type: ignore[assignment]
    return properties(DOCUMENTS[kind])


def _targets(one: dict[str, Any]) -> dict[str, str]:
    return {reference["name"]: reference["id"] for reference in one["references"]}


def test_what_is_committed_is_what_the_yaml_says() -> None:
    assert BUILT.read_text(encoding="utf-8") == ndjson(OBJECTS), "run: python -m deploy.kibana.build"


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: one["id"])
def test_each_object_has_the_shape_kibana_imports(one: dict[str, Any]) -> None:
    jsonschema.validate(one, OBJECT)
    allowed = ATTRIBUTES[one["type"]]
    whole = {"properties": allowed, "required": list(allowed), "additionalProperties": False}
    jsonschema.validate(one["attributes"], whole)
    _parse_json_texts(one["attributes"])


def _parse_json_texts(attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        if isinstance(value, str) and (name.endswith("JSON") or name == "visState"):
            json.loads(value)
        elif name == "kibanaSavedObjectMeta":
            _parse_json_texts(value)


def test_every_reference_leads_to_an_object_of_its_type_before_it() -> None:
    seen: dict[str, str] = {}
    for one in OBJECTS:
        assert one["id"] not in seen
        for reference in one["references"]:
            assert seen.get(reference["id"]) == reference["type"], (one["id"], reference)
        assert len(_targets(one)) == len(one["references"])
        seen[one["id"]] = one["type"]


def test_every_panel_and_every_layer_names_a_reference_and_none_is_left_over() -> None:
    for one in _of("dashboard"):
        panels = json.loads(one["attributes"]["panelsJSON"])
        assert {f"{each['panelIndex']}:{each['panelRefName']}" for each in panels} == set(_targets(one))
        for each in panels:
            assert (
                BY_ID[_targets(one)[f"{each['panelIndex']}:{each['panelRefName']}"]]["type"] == each["type"]
            )
    for one in _of("lens"):
        state = one["attributes"]["state"]
        layers = state["datasourceStates"]["formBased"]["layers"]
        named = {f"indexpattern-datasource-layer-{layer}" for layer in layers}
        assert named | {each["meta"]["index"] for each in state["filters"]} == set(_targets(one))
    for one in _of("search"):
        source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        named = {source["indexRefName"]} | {each["meta"]["indexRefName"] for each in source["filter"]}
        assert named == set(_targets(one))


def test_what_is_drawn_are_columns_that_are_there() -> None:
    for one in _of("lens"):
        state = one["attributes"]["state"]
        [layer] = state["datasourceStates"]["formBased"]["layers"].values()
        assert sorted(layer["columnOrder"]) == sorted(layer["columns"])
        assert _drawn(state["visualization"]) == set(layer["columns"]), one["id"]


def _drawn(visualization: dict[str, Any]) -> set[str]:
    found = {each["columnId"] for each in visualization.get("columns", ())}
    for layer in visualization.get("layers", [visualization]):
        found |= {*layer.get("accessors", ()), *layer.get("primaryGroups", ()), *layer.get("metrics", ())}
        found |= {layer[name] for name in ("xAccessor", "splitAccessor", "metricAccessor") if name in layer}
    return found


def test_every_field_is_in_the_mapping_and_can_be_counted() -> None:
    for one in _of("lens"):
        fields = _fields(one["references"][0]["id"])
        state = one["attributes"]["state"]
        [layer] = state["datasourceStates"]["formBased"]["layers"].values()
        asked = {column["sourceField"] for column in layer["columns"].values()} - {"___records___"}
        asked |= {each["meta"]["key"] for each in state["filters"]}
        assert {field: fields[field]["type"] for field in asked if fields[field]["type"] not in BUCKETS} == {}
    for one in _of("search"):
        fields = _fields(one["references"][0]["id"])
        assert {*one["attributes"]["columns"], one["attributes"]["sort"][0][0]} <= fields.keys()
    for one in _of("index-pattern"):
        assert _fields(one["id"])[one["attributes"]["timeFieldName"]]["type"] == "date"


def test_panels_lie_side_by_side_on_the_grid() -> None:
    dashboards = _of("dashboard")
    assert len(dashboards) == len(DASHBOARDS) == 3
    for one in dashboards:
        places = [each["gridData"] for each in json.loads(one["attributes"]["panelsJSON"])]
        assert all(each["x"] + each["w"] <= GRID_COLUMNS for each in places)
        assert not [(a["i"], b["i"]) for a, b in combinations(places, 2) if _overlap(a, b)]


def _overlap(a: dict[str, int], b: dict[str, int]) -> bool:
    across = a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
    return across and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]


def test_another_prefix_reaches_everything() -> None:
    assert "wirewatch-" not in ndjson(saved_objects("desk7")).replace("wirewatch-articles-", "")


def test_the_alerting_rule_asks_for_fields_that_are_there() -> None:
    rule = json.loads((FOLDER / "new-sanctions.rule.json").read_text(encoding="utf-8"))
    query = json.loads(rule["params"]["esQuery"])["query"]
    fields = _fields(rule["params"]["index"][0])
    assert {field for each in query["bool"]["filter"] for field in each["term"]} <= fields.keys()
    assert fields[rule["params"]["timeField"]]["type"] == "date"
    assert rule["params"]["timeWindowUnit"] in {"s", "m", "h", "d"}
