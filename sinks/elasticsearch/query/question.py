"""A whole question: the words in the box, and what was chosen beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from schemas.wire import prepare
from sinks.elasticsearch.query.clauses import (
    Query,
    Reading,
    clause,
    has_text,
    ids_named,
    known_in_field,
    stored_value,
)
from sinks.elasticsearch.query.fields import FIELDS
from sinks.elasticsearch.query.moments import moment
from sinks.elasticsearch.query.parser import parse
from sinks.elasticsearch.query.syntax import QueryError

CHOICES = ("language", "source", "place", "person", "body", "event", "act", "issuer", "target", "lane")
CHOSEN_MAX = 20
VALUE_CHARACTERS_MAX = 200
MEANING_CHARACTERS_MAX = 1000


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked. `q` is in the query language; an article has one at least of the values of a choice.

    `meaning` is a free question in any language: of what the rest lets through, what lies nearest to it.
    """

    q: str = ""
    meaning: str = ""
    language: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    lane: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


prepare(Question)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question made ready: the query, the entities it names, and whether some answers fit better."""

    query: Query
    entity_ids: frozenset[str]
    is_ranked: bool


def ask(question: Question, reading: Reading) -> Asked:
    """The question as a query. Raises `QueryError` with the place of the fault and the parameter it is in."""
    if reading.language is None and len(question.language) == 1:
        reading = replace(reading, language=question.language[0])
    if len(question.meaning) > MEANING_CHARACTERS_MAX:
        raise QueryError(f"more than {MEANING_CHARACTERS_MAX} characters", MEANING_CHARACTERS_MAX, "meaning")
    node = parse(question.q)
    filters = [*_choices(question, reading), *_times(question, reading)]
    query: dict[str, Any] = {}
    if node is not None:
        query["must" if has_text(node) else "filter"] = [clause(node, reading)]
    query["filter"] = query.get("filter", []) + filters
    return Asked(
        query={"bool": query} if node is not None or filters else {"match_all": {}},
        entity_ids=ids_named(node, reading) | _ids_chosen(question, reading),
        is_ranked=has_text(node),
    )


def _choices(question: Question, reading: Reading) -> list[Query]:
    filters: list[Query] = []
    for name in CHOICES:
        chosen: Sequence[str] = getattr(question, name)
        _bounded(name, chosen)
        if chosen:
            try:
                some = [stored_value(FIELDS[name], name, value, reading.meant) for value in chosen]
            except QueryError as error:
                raise QueryError(error.message, 0, name) from None
            filters.append({"bool": {"should": some, "minimum_should_match": 1}})
    return filters


def _bounded(name: str, chosen: Sequence[str]) -> None:
    if len(chosen) > CHOSEN_MAX:
        raise QueryError(f"more than {CHOSEN_MAX} values", 0, name)
    for value in chosen:
        if not value or len(value) > VALUE_CHARACTERS_MAX:
            raise QueryError(f"a value has 1 to {VALUE_CHARACTERS_MAX} characters", 0, name)


def _times(question: Question, reading: Reading) -> list[Query]:
    bounds = {
        sign: moment(value, reading.now, 0, name)
        for name, sign, value in (("since", "gte", question.since), ("until", "lte", question.until))
        if value
    }
    return [{"range": {"fetched_at": bounds}}] if bounds else []


def _ids_chosen(question: Question, reading: Reading) -> frozenset[str]:
    names = [*question.person, *question.place, *question.body, *question.issuer, *question.target]
    return frozenset(entity.id for name in names for entity in known_in_field(name, reading.meant))
