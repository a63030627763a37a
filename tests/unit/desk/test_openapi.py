"""The API's description is one that tools can read, and tells of every route there is."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from elasticsearch import Elasticsearch
from starlette.routing import Route

from wirewatch.desk.app import Desk, build_app
from wirewatch.desk.openapi import description
from wirewatch.desk.options import DeskOptions

REFERENCE = "#/components/schemas/"


def routes() -> set[tuple[str, str]]:
    desk = Desk(cast("Elasticsearch", None), "x", lambda _: (), dict)
    return {
        (route.path, method.lower())
        for route in build_app(desk, DeskOptions()).routes
        if isinstance(route, Route) and route.path != "/"
        for method in (route.methods or set()) - {"HEAD"}
    }


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    return set().union(*(references(inner) for inner in value)) if isinstance(value, list) else set()


def test_every_route_is_described_and_no_other() -> None:
    told = {(path, method) for path, methods in description()["paths"].items() for method in methods}
    assert told == routes()


def test_references_lead_somewhere_and_paths_name_their_parameters() -> None:
    told = description()
    assert {one.removeprefix(REFERENCE) for one in references(told)} <= told["components"]["schemas"].keys()
    for path, methods in told["paths"].items():
        for operation in methods.values():
            named = {f"{{{one['name']}}}" for one in operation["parameters"] if one["in"] == "path"}
            assert named == {part for part in path.split("/") if part.startswith("{")}
            assert {"200", "default"} == operation["responses"].keys()


def test_it_is_openapi() -> None:
    told = msgspec.json.decode(msgspec.json.encode(description()))
    assert told["openapi"] == "3.1.0"
    assert {"title", "version"} == told["info"].keys()
    for methods in told["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                assert {"name", "in", "schema"} <= parameter.keys()
