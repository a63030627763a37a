"""What a rule looks for, as one Elasticsearch query that can be stored and searched with alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sinks.alerts.rule import WATCHED, Rule
from sinks.elasticsearch.documents import ANALYSERS
from sinks.elasticsearch.query import FIELDS, Meant, QueryError, Reading, parse
from sinks.elasticsearch.query.clauses import clause, nobody
from sinks.elasticsearch.query.syntax import All, Either, Field, Node, Not

Query = dict[str, Any]
NEWS: list[Query] = [{"term": {"act": "imposed"}}, {"term": {"decision": "new"}}, {"term": {"lane": "live"}}]
OF_SANCTIONS = {
    "sanction_acts": "act",
    "sanction_issuers": "issuers",
    "sanction_targets": "targets",
    "sanction_places": "places",
    "sanction_measures": "measures",
}
"""What an article's field is called in the document of one act of sanctions."""


def rule_query(rule: Rule, meant: Meant = nobody) -> Query:
    """All that the rule asks for, at once; `meant` says whom names in its words mean.

    Raises `QueryError` for words that can't be asked.
    """
    return {"bool": {"filter": list(_conditions(rule, meant))}}


def _conditions(rule: Rule, meant: Meant) -> Iterator[Query]:
    if rule.query is not None:
        yield rule.query
    elif rule.type == "designation":
        yield from NEWS
    if rule.words is not None:
        yield words_query(rule, meant)
    if rule.language is not None:
        yield {"term": {"language": rule.language}}
    if rule.entities:
        yield _of_entities(rule.watch, rule.entities)
    if rule.watchlists:
        yield {"terms": {"watchlists": rule.watchlists}}
    for field, wanted in rule.where.items():
        yield {"terms": {field: wanted}} if isinstance(wanted, list) else {"term": {field: wanted}}


def words_query(rule: Rule, meant: Meant = nobody) -> Query:
    """A rule's words, which are a question in the language of search.

    Raises `QueryError` with the code point of the fault, for what a rule can't ask too: times, which would
    stand still once stored, and fields that what it watches does not have.
    """
    node = parse(rule.words or "")
    if node is None:
        raise QueryError("there is no word in it")
    for field in _fields(node):
        _possible(field, rule.watch)
    language = rule.language if rule.language in ANALYSERS else None
    query = clause(node, Reading(language=language, meant=meant))
    return query if rule.watch == "articles" else _of_sanctions(query)


def _possible(field: Field, watch: str) -> None:
    spec = FIELDS[field.name]
    if spec.kind == "time":
        raise QueryError(f"{field.name}: is a time, which a rule can't ask for: it sees what comes", field.at)
    known = WATCHED[watch].__struct_fields__
    called = OF_SANCTIONS if watch == "sanctions" else {}
    if not {called.get(name, name) for name in spec.stored} & {*known}:
        raise QueryError(f"{field.name}: is no field of {watch}", field.at)


def _fields(node: Node) -> Iterator[Field]:
    match node:
        case Field():
            yield node
        case Not(node=inner):
            yield from _fields(inner)
        case All(nodes=nodes) | Either(nodes=nodes):
            for each in nodes:
                yield from _fields(each)


def _of_sanctions(query: Any) -> Any:
    """A query on articles as one on acts of sanctions."""
    match query:
        case {"terms": {"entity_ids": ids}}:
            return _of_entities("sanctions", ids)
        case dict():
            return {OF_SANCTIONS.get(name, name): _of_sanctions(value) for name, value in query.items()}
        case list():
            return [_of_sanctions(each) for each in query]
        case _:
            return query


def _of_entities(watch: str, ids: Sequence[str]) -> Query:
    if watch == "articles":
        return {"terms": {"entity_ids": ids}}
    either = [{"terms": {"issuer_ids": ids}}, {"terms": {"target_ids": ids}}]
    return {"bool": {"should": either, "minimum_should_match": 1}}
