"""Alert rules for the desk: listed, tried on the last days, put into force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
import yaml
from elasticsearch import BadRequestError, Elasticsearch

from sinks.alerts.rules import Rule, RuleError, parse_rule
from sinks.alerts.stored import store, stored_rules
from sinks.alerts.trial import Firing, try_rule
from sinks.elasticsearch.patience import reason_of
from sinks.elasticsearch.query import Meant
from wirewatch.desk.answers import DeskError

RULE_CHARACTERS_MAX = 50_000
SHOWN = 20
COSTLY = frozenset({
    "function_score", "intervals", "more_like_this", "percolate", "query_string", "regexp", "script",
    "script_score", "terms_set", "wildcard", "wrapper",
})  # fmt: skip
"""Queries that may cost a cluster dear: who has the rules' folder may use them, who has the page may not."""
ELSEWHERE = frozenset({"index", "indexed_shape"})
"""What names another index to take values from, which who has the page may not read."""


def listed(client: Elasticsearch, prefix: str) -> dict[str, Any]:
    """The rules in force, each with the YAML that an editor changes."""
    rules = stored_rules(client, prefix)
    return {"rules": [msgspec.to_builtins(rule) | {"yaml": written(rule)} for rule in rules]}


def written(rule: Rule) -> str:
    """The rule as YAML, without what it leaves as it usually is."""
    usual = msgspec.to_builtins(Rule(id=rule.id, watch=rule.watch))
    said = {
        name: value
        for name, value in msgspec.to_builtins(rule).items()
        if name in ("id", "watch") or value != usual[name]
    }
    text: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
    return text


def read_rule(text: str) -> Rule:
    """The rule in a YAML text. Raises `DeskError`: 422 with the line of each fault, 413."""
    if len(text) > RULE_CHARACTERS_MAX:
        detail = f"a rule has {RULE_CHARACTERS_MAX} characters at most"
        raise DeskError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
    try:
        rule = parse_rule(text)
    except RuleError as error:
        raise _faulty(*((fault.line, fault.message) for fault in error.faults)) from None
    for name in _keys(rule.query):
        if name in COSTLY | ELSEWHERE:
            line = next((n for n, each in enumerate(text.splitlines(), 1) if name in each), 1)
            raise _faulty((line, f"{name} can't be used from here: put the rule into the folder of rules"))
    return rule


def tried(client: Elasticsearch, prefix: str, meant: Meant, rule: Rule, since: str) -> dict[str, Any]:
    """What a rule would have raised since a moment: how much matched, how many alerts, the newest of them.

    Raises `DeskError` (422) where Elasticsearch refuses the query.
    """
    begin = datetime.fromisoformat(f"{since}-01-01"[:10] if len(since) < 10 else since)
    begin = begin if begin.tzinfo else begin.replace(tzinfo=UTC)
    try:
        trial = try_rule(client, prefix, rule, begin, datetime.now(UTC), meant)
    except BadRequestError as error:
        raise _faulty((1, reason_of(error.body))) from None
    quiet = sum(firing.quiet is not None for firing in trial.firings)
    return {
        "matches": trial.documents,
        "alerts": len(trial.firings) - quiet,
        "quiet": quiet,
        "is_cut": trial.is_cut,
        "newest": [_shown(firing) for firing in reversed(trial.firings[-SHOWN:])],
    }


def applied(client: Elasticsearch, prefix: str, meant: Meant, rule_id: str, rule: Rule) -> dict[str, Any]:
    """Put a rule into force, at once. Raises `DeskError` (422) where it can't be."""
    if rule.id != rule_id:
        raise _faulty((1, f"id: is {rule.id!r}, and the address says {rule_id!r}"))
    [change] = store(client, prefix, [rule], meant=meant)
    if change.what == "refused":
        raise _faulty((1, change.detail))
    return {"rule": rule.id, "what": change.what}


def _shown(firing: Firing) -> dict[str, Any]:
    alert = firing.alert
    return {
        "article_id": alert.article_id,
        "title": alert.title,
        "text": alert.text,
        "source": alert.source,
        "language": alert.language,
        "url": alert.url,
        "fetched_at": firing.at.isoformat(),
        "because": getattr(alert, "because", None),
        "quiet": firing.quiet,
    }


def _faulty(*faults: tuple[int, str]) -> DeskError:
    told = [{"line": line, "message": message} for line, message in faults]
    return DeskError(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty_rule", faults[0][1], faults=told)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
