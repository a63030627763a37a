"""Alert rules for the desk: listed, tried against the last days, put into force."""

from __future__ import annotations

import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import yaml
from elasticsearch import BadRequestError, Elasticsearch

from sinks.alerts.rules import Rule, RuleError, load_rule
from sinks.alerts.stored import store, stored_rules
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import reason_of
from wirewatch.desk.answers import DeskError

RULE_CHARACTERS_MAX = 50_000
SHOWN = 20
SHOWN_FIELDS = ["id", "article_id", "title", "text", "source", "language", "url", "fetched_at"]
TEXT_SHOWN = 300


def listed(client: Elasticsearch, prefix: str) -> dict[str, Any]:
    """The rules in force, each with the YAML that an editor changes."""
    rules = stored_rules(client, prefix)
    return {"rules": [msgspec.to_builtins(rule) | {"yaml": written(rule)} for rule in rules]}


def written(rule: Rule) -> str:
    """The rule as YAML."""
    document = msgspec.to_builtins(rule)
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return text


def read_rule(text: str) -> Rule:
    """The rule in a YAML text. Raises `DeskError` (422) with the line of each fault."""
    if len(text) > RULE_CHARACTERS_MAX:
        raise DeskError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "a rule has 50,000 characters at most"
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rule.yaml"
        file.write_text(text, encoding="utf-8", errors="replace")
        try:
            return load_rule(file)
        except RuleError as error:
            faults = [{"line": fault.line, "message": fault.message} for fault in error.faults]
    raise DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", str(faults[0]["message"]), faults=faults)


def tried(client: Elasticsearch, prefix: str, rule: Rule, since: str) -> dict[str, Any]:
    """What a rule would have matched since a moment: how many, and the newest of them.

    Raises `DeskError` (422) where Elasticsearch refuses the query.
    """
    try:
        answer = client.search(
            index=alias(prefix, rule.watch),
            query={"bool": {"filter": [rule.query, {"range": {"fetched_at": {"gte": since}}}]}},
            size=SHOWN,
            sort=[{"fetched_at": "desc"}],
            source_includes=SHOWN_FIELDS,
            aggs={"distinct": {"cardinality": {"field": rule.key}}},
            timeout="5s",
            track_total_hits=True,
        )
    except BadRequestError as error:
        faults = [{"line": 1, "message": reason_of(error.body)}]
        raise DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", "query", faults=faults) from None
    found = [hit["_source"] for hit in answer["hits"]["hits"]]
    return {
        "matches": answer["hits"]["total"]["value"],
        "alerts": answer["aggregations"]["distinct"]["value"],
        "newest": [one | {"text": one.get("text", "")[:TEXT_SHOWN]} for one in found],
    }


def applied(client: Elasticsearch, prefix: str, rule_id: str, rule: Rule) -> dict[str, Any]:
    """Put a rule into force, at once. Raises `DeskError` (422) where it can't be."""
    if rule.id != rule_id:
        faults = [{"line": 1, "message": f"id: is {rule.id!r}, and the address says {rule_id!r}"}]
        raise DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", "id", faults=faults)
    [change] = store(client, prefix, [rule])
    if change.what == "refused":
        faults = [{"line": 1, "message": change.detail}]
        raise DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", "query", faults=faults)
    return {"rule": rule.id, "what": change.what}
