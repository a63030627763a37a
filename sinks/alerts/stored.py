"""Rules in the cluster: stored as percolator queries, and asked which documents they match."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import structlog
from elasticsearch import ApiError, Elasticsearch

from sinks.alerts.rules import Rule
from sinks.elasticsearch.documents import Document
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist, reason_of
from sinks.retries import Hold

log = structlog.get_logger(__name__)

PAGE = 500
DOCUMENTS_MAX = 100


@dataclass(frozen=True)
class RuleChange:
    """What `store` did with one rule; `refused` says in `detail` what Elasticsearch has against it."""

    rule: str
    what: Literal["created", "updated", "unchanged", "removed", "refused"]
    detail: str = ""


@dataclass(frozen=True)
class Match:
    """A rule and the document, by its place among those asked about, that it matches."""

    rule: Rule
    document: int


def store(
    client: Elasticsearch, prefix: str, rules: Sequence[Rule], *, prune: bool = False
) -> list[RuleChange]:
    """Store the rules, effective at once; with `prune`, remove those that are not among them.

    A query that Elasticsearch can't parse is refused and the rest is stored.
    """
    index = alias(prefix, "rules")
    held = {rule.id: rule for rule in stored_rules(client, prefix)}
    changes = [_store(client, index, rule, held.get(rule.id)) for rule in rules]
    wanted = {rule.id for rule in rules}
    for rule_id in held:
        if prune and rule_id not in wanted:
            client.delete(index=index, id=rule_id)
            changes.append(RuleChange(rule_id, "removed"))
    client.indices.refresh(index=index)
    return changes


def stored_rules(client: Elasticsearch, prefix: str) -> list[Rule]:
    """The rules in the cluster, by id."""
    hits = _hits(client, alias(prefix, "rules"), {"match_all": {}})
    return sorted((_rule(hit) for hit in hits), key=lambda rule: rule.id)


def percolate(
    client: Elasticsearch, prefix: str, kind: str, documents: Sequence[Document], hold: Hold
) -> tuple[list[Match], dict[int, str]]:
    """Which enabled rules match which documents, and why some documents could not be asked about.

    Waits, by `hold`, until Elasticsearch answers.
    """

    def ask(some: Sequence[Document]) -> list[dict[str, Any]]:
        query = {
            "bool": {
                "filter": [*_rules_watching(kind), {"percolate": {"field": "query", "documents": list(some)}}]
            }
        }
        return insist(lambda: list(_hits(client, alias(prefix, "rules"), query)), hold, "percolate")

    return _percolate(ask, documents, 0) if documents else ([], {})


def _rules_watching(kind: str) -> list[dict[str, Any]]:
    return [{"term": {"rule_watch": kind}}, {"term": {"rule_enabled": True}}]


def _percolate(
    ask: Callable[[Sequence[Document]], list[dict[str, Any]]], documents: Sequence[Document], start: int
) -> tuple[list[Match], dict[int, str]]:
    """Ask about all at once; what is too much or refused is halved, until a fault stands alone."""
    if len(documents) <= DOCUMENTS_MAX:
        try:
            return _matches(ask(documents), start), {}
        except ApiError as error:
            if len(documents) == 1:
                return [], {start: reason_of(error.body)}
    middle = len(documents) // 2
    before, refused_before = _percolate(ask, documents[:middle], start)
    after, refused_after = _percolate(ask, documents[middle:], start + middle)
    return before + after, refused_before | refused_after


def _matches(hits: Sequence[dict[str, Any]], start: int) -> list[Match]:
    return [
        Match(_rule(hit), start + slot) for hit in hits for slot in hit["fields"]["_percolator_document_slot"]
    ]


def _store(client: Elasticsearch, index: str, rule: Rule, held: Rule | None) -> RuleChange:
    if rule == held:
        return RuleChange(rule.id, "unchanged")
    document = {
        "query": rule.query,
        "rule_watch": rule.watch,
        "rule_enabled": rule.enabled,
        "rule": msgspec.to_builtins(rule),
    }
    try:
        client.index(index=index, id=rule.id, document=document, require_alias=True)
    except ApiError as error:
        if error.status_code != 400:
            raise
        return RuleChange(rule.id, "refused", reason_of(error.body))
    return RuleChange(rule.id, "created" if held is None else "updated")


def _hits(client: Elasticsearch, index: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, 10_000, PAGE):
        answer = client.search(
            index=index, query=query, size=PAGE, from_=start, source_includes=["rule"], sort=["_doc"]
        )
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        yield from hits
        if len(hits) < PAGE:
            return


def _rule(hit: dict[str, Any]) -> Rule:
    return msgspec.convert(hit["_source"]["rule"], Rule)
