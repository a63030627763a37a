"""The queries that are deployed: of the alert rules, and of Grafana's dashboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[3] / "deploy"
SCRAPED = {"job", "instance"}
"""What Prometheus adds to every series."""


def read_yaml(name: str) -> Any:
    """A file of `deploy/`."""
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


RULES: list[dict[str, Any]] = [
    rule for group in read_yaml("prometheus/alerts.yaml")["groups"] for rule in group["rules"]
]
DASHBOARD = json.loads((DEPLOY / "grafana/dashboards/wirewatch.json").read_text(encoding="utf-8"))
TARGETS: list[dict[str, Any]] = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
QUERIES: list[str] = [rule["expr"] for rule in RULES] + [target["expr"] for target in TARGETS]
