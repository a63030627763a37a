"""Every query of the alert rules and of the Grafana dashboard asks for what is told; every alert is explained."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest

from tests.unit.deploy.promql import FUNCTIONS, read
from tests.unit.deploy.queries import DASHBOARD, DEPLOY, QUERIES, RULES, SCRAPED, TARGETS, read_yaml
from wirewatch.metrics import METRICS, PROCESS_METRICS, TABLE

RUNBOOK = (DEPLOY.parent / "docs" / "runbook.md").read_text(encoding="utf-8")
DEPLOYING = (DEPLOY.parent / "docs" / "deploy.md").read_text(encoding="utf-8")


def _labels(name: str) -> set[str]:
    return SCRAPED | (set() if name == "up" else set(TABLE[name].labels))


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_metrics_and_labels_that_are_told(query: str) -> None:
    found = read(query)
    assert found.selected
    for name, labels in found.selected:
        assert labels <= _labels(name), name
    assert found.grouped <= {label for name, _ in found.selected for label in _labels(name)}


@pytest.mark.parametrize("query", QUERIES)
def test_what_rises_is_asked_for_as_a_counter_and_nothing_else_is(query: str) -> None:
    for function, name in read(query).called:
        if function in {"rate", "increase", "delta", "deriv"}:
            assert (TABLE[name].kind == "counter") == (function in {"rate", "increase"})


def test_the_reader_of_queries_sees_what_is_wrong() -> None:
    found = read('sum by (a) (rate(m{x="1", y=~"(b|c)"}[5m])) > 0.5 and on (b) n unless on () up')
    assert found.selected == [("m", {"x", "y"}), ("n", set()), ("up", set())]
    assert found.grouped == {"a", "b"}
    assert found.called == [("rate", "m"), ("", "n"), ("", "up")]
    for wrong in ("sum(m", "sum(m))", "ratio(m)", "m{x='1'}", "m ? n"):
        with pytest.raises((ValueError, StopIteration)):
            read(wrong)
    assert "rate" in FUNCTIONS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert set(rule["annotations"]) == {"summary", "do"}
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    found = read(rule["expr"])
    left = found.grouped if re.match(r"(sum|count) by", rule["expr"]) else None
    assert shown <= {label for name, _ in found.selected for label in _labels(name)}
    assert left is None or shown <= left


def test_every_alert_is_in_the_runbook_and_no_other() -> None:
    [section] = re.findall(r"^## Alarms\n(.*?)(?=^## )", RUNBOOK, re.MULTILINE | re.DOTALL)
    told = re.split(r"^### ", section, flags=re.MULTILINE)[1:]
    headings = [one.partition("\n")[0] for one in told]
    assert sorted(headings) == sorted(rule["alert"] for rule in RULES)
    for one in told:
        assert re.findall(r"^\*\*(Means|Look|Mend)\.\*\* \S", one, re.MULTILINE) == [
            "Means",
            "Look",
            "Mend",
        ], one
    assert all(f"`{rule['alert']}`" in DEPLOYING for rule in RULES)


def test_every_metric_is_in_the_page_on_deploying_with_its_labels() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ?((?:`\w+`(?:, )?)*) ?\|", DEPLOYING, re.MULTILINE)
    told = {name: labels for names, labels in rows for name in re.findall(r"`(\w+)`", names)}
    assert set(told) >= set(TABLE)
    for name in [*METRICS, *PROCESS_METRICS]:
        assert set(re.findall(r"`(\w+)`", told[name])) >= set(TABLE[name].labels), name


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target["expr"])
def test_a_legend_names_labels_of_its_metric(target: dict[str, Any]) -> None:
    shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
    found = read(target["expr"])
    assert shown <= {label for name, _ in found.selected for label in _labels(name)}
    assert not re.match(r"(sum|count) by", target["expr"]) or shown <= found.grouped


def test_the_parts_fit_together() -> None:
    services = read_yaml("compose.yaml")["services"]
    whole, processes = read_yaml("prometheus/prometheus.yaml")["scrape_configs"]
    [host, port] = whole["static_configs"][0]["targets"][0].split(":")
    assert services[host]["command"][0] == "metrics"
    assert f":{port}/" in services[host]["healthcheck"]["test"][-1]
    [found] = processes["dns_sd_configs"]
    telling = {"worker", "sink", "feeds", "push-server"}
    watched = {name for name, one in services.items() if one.get("command", [""])[0] in telling}
    assert set(found["names"]) == watched - {"backfill"}
    for name in watched:
        assert services[name]["environment"]["WIREWATCH_METRICS__PORT"] == found["port"]
    for name in watched - {"push"}:  # which is asked whether it answers those who push
        assert f":{found['port']}/health" in services[name]["healthcheck"]["test"][-1]
    [source] = read_yaml("grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    assert {target["datasource"]["uid"] for target in TARGETS} == {source["uid"]}
    assert re.match(r"http://(\w+):", source["url"])[1] in services  # type: ignore[index]
    [provider] = read_yaml("grafana/provisioning/dashboards/wirewatch.yaml")["providers"]
    mounted = [mount.split(":")[1] for mount in services["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    assert all(one["x"] + one["w"] <= 24 for one in places)
    for a, b in combinations(places, 2):
        apart = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        assert apart or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]


def test_panels_have_numbers_of_their_own() -> None:
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(numbers)) == len(numbers)
