"""Rules in the cluster: stored as percolator queries, and asked which documents they match."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import structlog
from elasticsearch import ApiError, Elasticsearch
from elasticsearch import ConnectionError as NotConnectedError
from elasticsearch.helpers import scan

from sinks.alerts.conditions import sightings
from sinks.alerts.matching import rule_query
from sinks.alerts.memory import Memory
from sinks.alerts.rule import Rule, RuleType
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import BulkAction
from sinks.elasticsearch.documents import Document
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist, reason_of
from sinks.elasticsearch.query.clauses import Meant, nobody
from sinks.retries import Hold

log = structlog.get_logger(__name__)

PAGE = 2_000
LEARNED_MAX = 10_000
LEARNING_SECONDS_MAX = 30.0
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
    client: Elasticsearch, prefix: str, rules: Sequence[Rule], *, prune: bool = False, meant: Meant = nobody
) -> list[RuleChange]:
    """Store the rules, effective at once; with `prune`, remove those that are not among them.

    A query that Elasticsearch can't parse is refused and the rest is stored. A counting rule that is new
    or counts something else learns from the index what it would have seen. `meant` says whom names mean.
    """
    index = alias(prefix, "rules")
    held = {rule.id: rule for rule in stored_rules(client, prefix)}
    changed = [rule for rule in rules if held.get(rule.id) != rule]
    refused = _write(client, index, changed, meant)
    for rule in changed:
        if rule.counts and rule.id not in refused:
            learn(client, prefix, rule, meant)
    changes = [_change(rule, held.get(rule.id), refused.get(rule.id)) for rule in rules]
    wanted = {rule.id for rule in rules}
    for rule_id in held:
        if prune and rule_id not in wanted:
            client.delete(index=index, id=rule_id)
            changes.append(RuleChange(rule_id, "removed"))
    client.indices.refresh(index=index)
    return changes


def stored_rules(client: Elasticsearch, prefix: str, kind: RuleType | None = None) -> list[Rule]:
    """The rules in the cluster, by id; all, or those of a type."""
    query: dict[str, Any] = {"term": {"rule_type": kind}} if kind else {"match_all": {}}
    hits = scan(client, index=alias(prefix, "rules"), query={"query": query, "_source": ["rule"]}, size=PAGE)
    return sorted((_rule(hit) for hit in hits), key=lambda rule: rule.id)


def learn(client: Elasticsearch, prefix: str, rule: Rule, meant: Meant = nobody) -> None:
    """Remember what the rule would have seen in the time it looks back on, the newest `LEARNED_MAX` of it."""
    since = {"range": {"fetched_at": {"gt": (datetime.now(UTC) - rule.reach).isoformat()}}}
    query = {"bool": {"filter": [rule_query(rule, meant), {"term": {"lane": "live"}}, since]}}
    answer: Any = client.search(
        index=alias(prefix, rule.watch),
        query=query,
        size=LEARNED_MAX,
        sort=[{"fetched_at": "desc"}],
        source_includes=["id", "fetched_at", *filter(None, [*rule.query_key, *rule.terms, rule.of])],
    )
    documents = [hit["_source"] for hit in answer["hits"]["hits"]]
    seen = [(rule, one) for document in documents for one in sightings(rule, document)]
    Memory(client, prefix).remember(seen, _patience())


def _patience() -> Hold:
    """Waits while a cluster is busy, and not for ever while somebody looks on."""
    waited = 0.0

    def hold(seconds: float) -> None:
        nonlocal waited
        waited += seconds
        if waited > LEARNING_SECONDS_MAX:
            raise NotConnectedError("the cluster takes nothing")
        time.sleep(seconds)

    return hold


def percolate(
    client: Elasticsearch, prefix: str, kind: str, documents: Sequence[Document], hold: Hold
) -> tuple[list[Match], dict[int, str]]:
    """Which enabled rules match which documents, and why some documents could not be asked about.

    Waits, by `hold`, until Elasticsearch answers. Where no rule watches, nothing is asked about: taking a
    document's words apart costs as much as indexing it, whatever comes of it.
    """
    index, watching = alias(prefix, "rules"), _rules_watching(kind)

    def ask(some: Sequence[Document]) -> list[dict[str, Any]]:
        asked = {"percolate": {"field": "query", "documents": list(some)}}
        watched = {"bool": {"filter": watching}}
        if not insist(lambda: client.count(index=index, query=watched)["count"], hold, "percolate"):
            return []
        query = {"bool": {"filter": [*watching, asked]}}
        return insist(lambda: list(_hits(client, index, query)), hold, "percolate")

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


def _write(client: Elasticsearch, index: str, rules: Sequence[Rule], meant: Meant) -> dict[str, str]:
    """Write rules; why some were refused, by id. Raises `TransportError` for the cluster's faults."""
    actions = [BulkAction(index, rule.id, msgspec.json.encode(_document(rule, meant))) for rule in rules]
    refused: dict[str, str] = {}
    for request in bulk.requests(actions):
        for answer in bulk.send(client, request):
            if answer.verdict == "retry":
                raise NotConnectedError(answer.reason or f"answered {answer.status}")
            if answer.verdict == "rejected":
                refused[answer.action.id] = answer.reason
    return refused


def _document(rule: Rule, meant: Meant) -> dict[str, Any]:
    return {
        "query": rule_query(rule, meant),
        "rule_watch": rule.watch,
        "rule_type": rule.type,
        "rule_enabled": rule.enabled,
        "rule": msgspec.to_builtins(rule),
    }


def _change(rule: Rule, held: Rule | None, why: str | None) -> RuleChange:
    if why is not None:
        return RuleChange(rule.id, "refused", why)
    if rule == held:
        return RuleChange(rule.id, "unchanged")
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
