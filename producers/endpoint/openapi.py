"""The endpoint described in OpenAPI 3.1, as `/openapi.json` serves it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec

from producers.endpoint.answers import MENDS, Receipt

_SCHEMAS = msgspec.json.schema_components([Receipt], ref_template="#/components/schemas/{name}")[1]
_ARTICLE: dict[str, Any] = {
    "type": "object",
    "description": "One article; what else is in it is left. text or html must be filled.",
    "properties": {
        "text": {"type": ["string", "null"], "description": "the page's text, as it stands"},
        "html": {"type": ["string", "null"], "description": "the page, taken where there is no text"},
        "url": {"type": ["string", "null"], "description": "its address, which makes its id"},
        "source": {
            "type": ["string", "null"],
            "description": "the outlet; else the token's",
        },
        "id": {"type": ["string", "integer", "null"], "description": "yours, kept as external_id"},
        "fetched_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "minLength": 1,
            "description": "ISO 8601; the newest text of an article wins. Now, if it is left out",
        },
    },
    "anyOf": [
        {"required": ["text"], "properties": {"text": {"type": "string", "pattern": "\\S"}}},
        {"required": ["html"], "properties": {"html": {"type": "string", "pattern": "\\S"}}},
    ],
}
_STATUSES = {
    202: "Kafka has all of it; ids are the articles' ids, in the order of the lines",
    207: "Kafka has some of it: ids has null, and faults tells why, for each line that it has not",
    400: "none of it is an article; faults tells why, line by line",
    401: "no token, or one that is not known here",
    408: "the body did not come in time",
    411: "neither Content-Length nor chunks",
    413: "the body, or what is packed in it, is too large or has too many lines",
    415: "another content type or encoding than those described",
    421: "without tokens, only a loopback name is answered",
    429: "too many requests with this token, or too much is waiting for Kafka; see Retry-After",
    500: "a fault of ours",
    503: "Kafka has not acknowledged any of it: send it again after Retry-After; or too many connections",
}

_HEALTH: dict[str, Any] = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {"status": {"type": "string"}, "held_bytes": {"type": "integer", "minimum": 0}},
            "required": ["status", "held_bytes"],
        }
    }
}


def _answer(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Receipt"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Wirewatch push", "version": version("wirewatch")},
    "paths": {
        "/articles": {
            "post": {
                "summary": "Push one article, or many as JSON Lines",
                "description": "Either may be gzipped (Content-Encoding: gzip). Sent again, it adds nothing.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Article"}},
                        "application/x-ndjson": {"schema": {"type": "string"}},
                    },
                },
                "responses": {str(status): _answer(text) for status, text in _STATUSES.items()},
            }
        },
        "/health": {
            "get": {
                "summary": "Whether Kafka can be reached",
                "security": [],
                "responses": {
                    "200": {"description": "it can", "content": _HEALTH},
                    "503": {"description": "it can't", "content": _HEALTH},
                },
            }
        },
        "/openapi.json": {
            "get": {
                "summary": "This description",
                "security": [],
                "responses": {"200": {"description": "it", "content": {"application/json": {}}}},
            },
        },
    },
    "components": {
        "schemas": _SCHEMAS | {"Article": _ARTICLE, "Reason": {"type": "string", "enum": sorted(MENDS)}},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}


def description(*, needs_token: bool) -> dict[str, Any]:
    """The description of an endpoint that has tokens, or that anyone on its machine may push to."""
    return DESCRIPTION | {"security": [{"token": []}] if needs_token else []}
