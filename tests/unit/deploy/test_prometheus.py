"""Every query of the alert rules and of the Grafana dashboard asks for what `wirewatch metrics` tells."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from wirewatch.metrics import METRICS

DEPLOY = Path(__file__).parents[3] / "deploy"
SELECTOR = re.compile(r"\b((?:wirewatch|up)\w*)(?:\{([^}]*)\})?(?=[\s\[){]|$)")
WORDS = re.compile(r"\b[a-z_]+\b(?=\s*\()")
FUNCTIONS = {
    "rate",
    "increase",
    "delta",
    "deriv",
    "sum",
    "time",
    "vector",
    "on",
    "by",
    "group_left",
    "and",
    "or",
    "unless",
}


def _yaml(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


RULES = [rule for group in _yaml("prometheus/alerts.yaml")["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "grafana/dashboards/wirewatch.json").read_text(encoding="utf-8"))
TARGETS = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
QUERIES = [rule["expr"] for rule in RULES] + [target["expr"] for target in TARGETS]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_metrics_and_labels_that_are_told(query: str) -> None:
    found = SELECTOR.findall(query)
    assert found
    for name, matchers in found:
        labels = set(re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', matchers))
        known = {"job"} if name == "up" else set(METRICS[name].labels)
        assert labels <= known, name
    assert set(WORDS.findall(query)) <= FUNCTIONS
    assert query.count("(") == query.count(")")


@pytest.mark.parametrize("query", QUERIES)
def test_what_rises_is_asked_for_as_a_counter_and_nothing_else_is(query: str) -> None:
    for function, name in re.findall(r"\b(rate|increase|delta|deriv)\((\w+)", query):
        assert (METRICS[name].kind == "counter") == (function in {"rate", "increase"})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert set(rule["annotations"]) == {"summary", "do"}
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert shown <= {label for name, _ in SELECTOR.findall(rule["expr"]) for label in _labels(name)}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["expr"])
def test_a_legend_names_labels_of_its_metric(target: dict[str, Any]) -> None:
    shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
    assert shown <= {label for name, _ in SELECTOR.findall(target["expr"]) for label in _labels(name)}


def _labels(name: str) -> tuple[str, ...]:
    return () if name == "up" else METRICS[name].labels


def test_the_parts_fit_together() -> None:
    services = _yaml("compose.yaml")["services"]
    [job] = _yaml("prometheus/prometheus.yaml")["scrape_configs"]
    [host, port] = job["static_configs"][0]["targets"][0].split(":")
    assert services[host]["command"][0] == "metrics"
    assert f":{port}/" in services[host]["healthcheck"]["test"][-1]
    [source] = _yaml("grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    assert {target["datasource"]["uid"] for target in TARGETS} == {source["uid"]}
    assert re.match(r"http://(\w+):", source["url"])[1] in services  # type: ignore[index]
    [provider] = _yaml("grafana/provisioning/dashboards/wirewatch.yaml")["providers"]
    mounted = [mount.split(":")[1] for mount in services["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(one["x"] + one["w"] <= 24 for one in places)
    for a, b in combinations(places, 2):
        apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        assert apart or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
