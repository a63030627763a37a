"""The desk's API described in OpenAPI 3.1, as `/api/openapi.json` serves it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, get_args

import msgspec

from schemas.alert import Alert
from schemas.article import Article
from schemas.designation import Designation
from sinks.elasticsearch.query import FIELDS
from sinks.elasticsearch.query.cards import CARDS_MAX, FACETS, LISTED, PLAIN, By
from sinks.elasticsearch.query.parser import CHARACTERS_MAX
from sinks.elasticsearch.query.question import (
    CHOICES,
    CHOSEN_MAX,
    MEANING_CHARACTERS_MAX,
    VALUE_CHARACTERS_MAX,
)
from wirewatch.desk.answers import MENDS
from wirewatch.desk.parameters import Sorted
from wirewatch.desk.rules import RULE_CHARACTERS_MAX, Silence
from wirewatch.desk.saved import NAME_CHARACTERS_MAX

_COMPONENTS = msgspec.json.schema_components(
    [Article, Designation, Alert], ref_template="#/components/schemas/{name}"
)[1]
_TEXT = {"type": "string"}
_VALUE = {**_TEXT, "minLength": 1, "maxLength": VALUE_CHARACTERS_MAX}
_MOMENT = {
    **_TEXT,
    "format": "moment",
    "pattern": r"^(|today|yesterday|[0-9]{1,5}[mhdw]|[0-9]{4}(-[0-9]{2}(-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}"
    r"(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?)?)?)$",
}
_RULE_TEXT = {**_TEXT, "maxLength": RULE_CHARACTERS_MAX}
_NUMBER = {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}
_MAYBE = {"type": ["string", "null"]}
_LANGUAGE = (
    'The query language: words (all must be there, in any inflection; a name in any script), "a phrase", '
    "begin*, AND, OR (or |), NOT (or -), brackets, field:value, field:(a OR b), and for times "
    "field:from..to, field:>=from, field:[from TO to]. "
    "Times: 2026-03-01, 2026-03, 2026-03-01T08:00Z, 7d, 24h, today. "
    "Fields: "
)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


_MARKS = _list({"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2})
_COUNTS = _list(_ref("Count"))
_SCHEMAS: dict[str, Any] = {
    "Count": _object(value=_TEXT, count=_NUMBER),
    "Snippet": {
        **_object(text=_TEXT, marks=_MARKS, title_marks=_MARKS),
        "description": "a passage; marks are [start, end] by code points in it, and in the card's title",
    },
    "Card": _object(
        **dict.fromkeys(PLAIN, _MAYBE),
        **dict.fromkeys(LISTED, _TEXTS),
        story=_MAYBE,
        thread=_MAYBE,
        snippet=_ref("Snippet"),
        articles=_NUMBER,
        copies=_NUMBER,
        sources=_COUNTS,
        source_count=_NUMBER,
        languages=_COUNTS,
        first={"type": ["object", "null"], "description": "the first article of the story"},
    ),
    "Cards": _object(cards=_list(_ref("Card")), cursor=_MAYBE, order=_TEXT),
    "Facets": {"type": "object", "properties": dict.fromkeys((*FACETS, "time"), _COUNTS)},
    "Error": _object(
        error={
            "type": "object",
            "properties": {
                "reason": {"type": "string", "enum": sorted(MENDS)},
                "detail": _TEXT,
                "mend": _TEXT,
                "at": {"type": "integer", "description": "the code point of the fault"},
                "parameter": _TEXT,
                "faults": _list(_object(line=_NUMBER, message=_TEXT)),
                "retry_after_seconds": _NUMBER,
            },
            "required": ["reason", "detail", "mend"],
        }
    ),
}
_RULE = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "yaml": {**_RULE_TEXT, "description": "the rule, as in a file of rules"},
                    "since": {**_MOMENT, "description": "for a test; 7d"},
                },
                "required": ["yaml"],
            },
            "example": {"yaml": "id: ports\nwatch: articles\nquery:\n  match: {text: port}\n", "since": "2d"},
        }
    },
}


_SILENCED = _object(rule=_TEXT, group=_MAYBE, ends_at=_TEXT, because=_TEXT, owner=_MAYBE)
_SILENCE = {
    "required": True,
    "content": {
        "application/json": {
            "schema": msgspec.json.schema(Silence)["$defs"]["Silence"],
            "example": {"for": "6h", "because": "an exercise, announced"},
        }
    },
}


def _parameter(name: str, meaning: str, schema: Any = _TEXT) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def _values(schema: Any) -> dict[str, Any]:
    return {**_list(schema), "maxItems": CHOSEN_MAX}


def _in_path(name: str, **bounds: Any) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {**_TEXT, "minLength": 1, **bounds}}


def _size(usual: int) -> dict[str, Any]:
    bounds = {"type": "integer", "minimum": 1, "maximum": CARDS_MAX, "default": usual}
    return _parameter("size", "how many at most", schema=bounds)


def _choice(name: str) -> dict[str, Any]:
    values = FIELDS[name].values
    meaning = f"{FIELDS[name].meaning}; of several, an article has one at least"
    return _parameter(name, meaning, _values({"enum": list(values)} if values else _VALUE))


_SINCE = _parameter("since", "from then on: 2026-03-01, 7d, 24h", _MOMENT)
_ASKED = [
    _parameter(
        "q",
        _LANGUAGE + "; ".join(f"{name} ({spec.meaning})" for name, spec in FIELDS.items()),
        {**_TEXT, "format": "question", "maxLength": CHARACTERS_MAX},
    ),
    *map(_choice, CHOICES),
    _SINCE,
    _parameter("until", "up to then; a day is all of it", _MOMENT),
]
_MEANING = _parameter(
    "meaning",
    "a free question in any language, where the cluster can (offers_meaning): of what the rest lets "
    "through, the stories that lie nearest, 100 at most, in one page, each with its likeness",
    {**_TEXT, "maxLength": MEANING_CHARACTERS_MAX},
)
_QUESTION = {
    "type": "object",
    "properties": {
        one["name"]: one["schema"] | ({"type": ["string", "null"]} if one["schema"] == _MOMENT else {})
        for one in [*_ASKED, _MEANING]
    }
    | {"q": {**_TEXT, "maxLength": CHARACTERS_MAX}},
    "example": {"q": "sanctions", "language": ["ar", "ru"], "since": "7d"},
}
_PAGED = [
    _MEANING,
    _parameter("by", "what a card stands for", schema={"enum": list(get_args(By)), "default": "story"}),
    _parameter(
        "order",
        "best where words are asked for, else newest; arrival is for pollers: an article a card, in the "
        "order in which the index took them, with a cursor that never ends and misses nothing",
        schema={"enum": list(get_args(Sorted))},
    ),
    _size(20),
    _parameter("cursor", "what the answer before gave", {**_TEXT, "format": "cursor"}),
    _parameter("facets", "0 leaves them out", schema={"enum": ["0", "1"]}),
]


def _operation(
    summary: str, schema: Any, parameters: Sequence[Any] = (), body: Any = None, refused: Sequence[int] = ()
) -> dict[str, Any]:
    answers = {"200": {"description": "it", "content": {"application/json": {"schema": schema}}}}
    statuses = {*_ALWAYS, *refused, *(_WRITING if body else ())}
    statuses |= {
        HTTPStatus.NOT_FOUND if each["in"] == "path" else HTTPStatus.BAD_REQUEST for each in parameters
    }
    for status in sorted(statuses):
        content = {"application/json": {"schema": _ref("Error")}}
        answers[str(int(status))] = {"description": HTTPStatus(status).phrase, "content": content}
    operation = {"summary": summary, "parameters": list(parameters), "responses": answers}
    return operation | ({"requestBody": body} if body else {})


def _other(summary: str, media_types: list[str], parameters: Sequence[Any] = ()) -> dict[str, Any]:
    operation = _operation(summary, {}, parameters, refused=[HTTPStatus.BAD_REQUEST])
    operation["responses"]["200"]["content"] = {each: {"schema": _TEXT} for each in media_types}
    return operation


_ALWAYS = (401, 421, 429, 500, 502, 503)
"""What may come back whatever is asked: not let in, too often, or the cluster is away."""
_WRITING = (400, 403, 413)
_ID, _NAME = [_in_path("id")], [_in_path("name", maxLength=NAME_CHARACTERS_MAX)]
_ANYTHING = {"type": "object"}
_PATHS: dict[str, Any] = {
    "/api/articles": {"get": _operation("Search: a card a story", {
        "allOf": [_ref("Cards"), {"type": "object", "properties": {
            "total": {**_NUMBER, "description": "articles"}, "stories": _NUMBER, "facets": _ref("Facets"),
            "is_partial": {"type": "boolean", "description": "time ran out: not all was looked at"},
            "is_cut": {"type": "boolean", "description": "there are more stories than pages: 10,000"},
            "offers_meaning": {"type": "boolean", "description": "whether `meaning` can be asked here"},
        }}],
    }, _ASKED + _PAGED)},
    "/api/articles/{id}": {"get": _operation("One article", _object(article=_ref("Article")), _ID)},
    "/api/articles/{id}/similar": {"get": _operation(
        "Articles of other stories like one, each with its likeness in meaning and the entities shared",
        _object(cards=_list(_ref("Card"))), [*_ID, _size(10)],
    )},
    "/api/export": {"get": _other(
        "Every article that answers, newest first, streamed; 100,000 at most",
        ["text/csv", "application/x-ndjson"],
        [*_ASKED, _parameter("format", "csv or jsonl", schema={"enum": ["csv", "jsonl"], "default": "csv"})],
    )},
    "/api/alerts": {"get": _operation(
        "The newest alerts, suppressed ones with their reason",
        _object(total=_NUMBER, alerts=_list(_ref("Alert"))), [_SINCE, _size(50)],
    )},
    "/api/designations": {"get": _operation(
        "The newest designations", _object(total=_NUMBER, designations=_list(_ANYTHING)),
        [
            _parameter("issuer", "a name in any script, or an id", _values(_VALUE)),
            _parameter("act", FIELDS["act"].meaning), _parameter("language", "told in"), _SINCE, _size(20),
        ],
    )},
    "/api/designations/{id}": {"get": _operation(
        "A designation's ledger", _object(designation=_ref("Designation")), _ID,
    )},
    "/api/rules": {"get": _operation(
        "The alert rules in force, and the silences",
        _object(rules=_list(_ANYTHING), silences=_list(_SILENCED)),
    )},
    "/api/rules/test": {"post": _operation(
        "What a rule would have raised",
        _object(matches=_NUMBER, alerts=_NUMBER, quiet=_NUMBER, newest=_list(_ANYTHING)),
        body=_RULE, refused=[422],
    )},
    "/api/rules/{id}": {"put": _operation(
        "Put a rule into force, at once", _object(rule=_TEXT, what=_TEXT), _ID, _RULE, [422],
    )},
    "/api/rules/{id}/silence": {"post": _operation(
        "Suppress a rule's alerts for a while, in force at once; a later silence takes its place",
        _SILENCED, _ID, _SILENCE,
    )},
    "/api/searches": {"get": _operation("Saved searches", _object(searches=_list(_ANYTHING)))},
    "/api/searches/{name}": {
        "put": _operation("Keep a search", _ANYTHING, _NAME, {
            "required": True, "content": {"application/json": {"schema": _ref("Question")}},
        }, [409]),
        "delete": _operation("Forget one", _ANYTHING, _NAME, refused=[403]),
    },
    "/api/state": {"get": _operation("Feeds, stages and their lag, counts", _ANYTHING)},
    "/api/stream": {"get": _other(
        "Stories and alerts as they come: events story, alert, reset (load anew)", ["text/event-stream"],
    )},
    "/api/openapi.json": {"get": _operation("This description", _ANYTHING)},
    "/health": {"get": _operation("Whether the desk is up", _ANYTHING)},
}  # fmt: skip


@cache
def description(*, needs_secret: bool = True) -> dict[str, Any]:
    """The whole description; of a desk that has no token and no password, that anyone may ask."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wirewatch desk", "version": version("wirewatch")},
        "security": [{"token": []}, {"password": []}] if needs_secret else [],
        "paths": _PATHS,
        "components": {
            "schemas": _COMPONENTS | _SCHEMAS | {"Question": _QUESTION},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
    }
