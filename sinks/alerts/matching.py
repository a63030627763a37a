"""What a rule looks for, as one Elasticsearch query that can be stored and searched with alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sinks.alerts.rule import Rule
from sinks.elasticsearch.documents import ANALYSERS

Query = dict[str, Any]
NEWS: list[Query] = [{"term": {"act": "imposed"}}, {"term": {"decision": "new"}}, {"term": {"lane": "live"}}]


def rule_query(rule: Rule) -> Query:
    """All that the rule asks for, at once."""
    return {"bool": {"filter": list(_conditions(rule))}}


def _conditions(rule: Rule) -> Iterator[Query]:
    if rule.query is not None:
        yield rule.query
    elif rule.type == "designation":
        yield from NEWS
    if rule.words is not None:
        yield words_query(rule.words, rule.language)
    if rule.language is not None:
        yield {"term": {"language": rule.language}}
    if rule.entities:
        yield _of_entities(rule.watch, rule.entities)
    if rule.watchlists:
        yield {"terms": {"watchlists": rule.watchlists}}
    for field, wanted in rule.where.items():
        yield {"terms": {field: wanted}} if isinstance(wanted, list) else {"term": {field: wanted}}


def words_query(words: str, language: str | None = None) -> Query:
    """Title or text holds all the words, as written and as their language inflects them.

    `"a phrase"`, `a | b`, `-without` and `begin*` are understood; nothing in it is an error.
    """
    codes = [language] if language in ANALYSERS else ([] if language else sorted(ANALYSERS))
    fields = ["title", "text", *(f"{name}_{code}" for code in codes for name in ("title", "text"))]
    return {"simple_query_string": {"query": words, "fields": fields, "default_operator": "and"}}


def _of_entities(watch: str, ids: list[str]) -> Query:
    if watch == "articles":
        return {"terms": {"entity_ids": ids}}
    either = [{"terms": {"issuer_ids": ids}}, {"terms": {"target_ids": ids}}]
    return {"bool": {"should": either, "minimum_should_match": 1}}
