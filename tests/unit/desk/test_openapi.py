"""The API's description is one that tools can read, and tells of every route there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from elasticsearch import Elasticsearch
from starlette.routing import Mount, Route

from sinks.elasticsearch.query.moments import moment
from wirewatch.desk.app import Desk, build_app
from wirewatch.desk.openapi import description
from wirewatch.desk.options import DeskOptions

REFERENCE = "#/components/schemas/"


def routes() -> set[tuple[str, str]]:
    desk = Desk(cast("Elasticsearch", None), "x", lambda _: (), dict)
    top = build_app(desk, DeskOptions()).routes
    inner = [("/api", route) for mount in top if isinstance(mount, Mount) for route in mount.routes or ()]
    return {
        (prefix + route.path, method.lower())
        for prefix, route in [*inner, *(("", route) for route in top)]
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
            assert {"200", "401", "421", "429", "500", "502", "503"} <= operation["responses"].keys()


def test_it_is_openapi() -> None:
    told = msgspec.json.decode(msgspec.json.encode(description()))
    assert told["openapi"] == "3.1.0"
    assert {"title", "version"} == told["info"].keys()
    for methods in told["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                assert {"name", "in", "schema"} <= parameter.keys()


def test_a_secret_is_asked_for_where_there_is_one() -> None:
    assert description(needs_secret=True)["security"] == [{"token": []}, {"password": []}]
    assert description(needs_secret=False)["security"] == []


def test_what_is_said_of_a_moment_is_what_is_read_as_one() -> None:
    [since] = [
        one for one in description()["paths"]["/api/alerts"]["get"]["parameters"] if one["name"] == "since"
    ]
    for written in (
        "2026-03-01",
        "2026-03",
        "2026-03-01T08:00Z",
        "2026-03-01T08:00:01.5+02:00",
        "7d",
        "24h",
        "today",
    ):
        assert re.search(since["schema"]["pattern"], written)
        assert moment(written, datetime(2026, 3, 9, tzinfo=UTC))
    assert not re.search(since["schema"]["pattern"], "soon")
