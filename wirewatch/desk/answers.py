"""What the desk answers, and how it says no: one shape, whatever the status."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from elasticsearch import ApiError, NotFoundError, TransportError
from starlette.responses import Response

from sinks.elasticsearch.patience import reason_of
from sinks.elasticsearch.query import QueryError

MENDS = {
    "faulty_query": "correct it at the code point that `at` names; /api/openapi.json describes the language",
    "faulty_request": "correct what `parameter` names",
    "faulty_rule": "correct the lines that are named",
    "unauthorized": "send the token as Authorization: Bearer, or the password as HTTP Basic",
    "wrong_host": "ask 127.0.0.1 or localhost, or set a token or a password (desk.token, desk.password)",
    "cross_site": "write from the desk's own page, or from a program",
    "not_found": "look at /api/openapi.json for what there is",
    "method_not_allowed": "use a method that Allow names",
    "too_many_requests": "wait as long as Retry-After says",
    "too_large": "send less",
    "no_index": "run: wirewatch index apply",
    "search_failed": "ask again; if it stays so, tell the operator",
    "search_away": "wait until Elasticsearch is back",
    "failed": "tell the operator: the log has the reason",
}


class DeskError(Exception):
    """A request that is refused. `reason` is one of `MENDS`; `more` goes into the answer as it is."""

    def __init__(self, status: HTTPStatus, reason: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.more = more


def json_response(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Anything as JSON."""
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")


def refusal(error: DeskError) -> Response:
    """The refusal: what is wrong, where, and what to do about it."""
    told = {"reason": error.reason, "detail": str(error), "mend": MENDS[error.reason], **error.more}
    response = json_response({"error": told}, error.status)
    if "retry_after_seconds" in error.more:
        response.headers["Retry-After"] = str(error.more["retry_after_seconds"])
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="wirewatch", charset="UTF-8"'
    return response


def as_desk_error(error: Exception) -> DeskError | None:
    """What to tell the reader of an error from below; `None` for one that is a fault of ours."""
    match error:
        case DeskError():
            return error
        case QueryError():
            return DeskError(
                HTTPStatus.BAD_REQUEST, "faulty_query", error.message, at=error.at, parameter=error.parameter
            )
        case NotFoundError():
            return DeskError(HTTPStatus.SERVICE_UNAVAILABLE, "no_index", reason_of(error.body))
        case ApiError():
            return DeskError(HTTPStatus.BAD_GATEWAY, "search_failed", reason_of(error.body))
        case TransportError():
            return DeskError(HTTPStatus.SERVICE_UNAVAILABLE, "search_away", str(error.message)[:200])
        case _:
            return None
