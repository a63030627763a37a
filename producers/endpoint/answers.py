"""What the endpoint answers: one shape, whatever the status."""

from __future__ import annotations

import math
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from schemas.article import Record

MENDS = {
    "empty": "send one article as JSON, or one a line as JSON Lines",
    "not_json": "send one JSON object; in JSON Lines, one a line, with line breaks in texts written \\n",
    "not_utf8": "send UTF-8, without half surrogate pairs",
    "wrong_type": "correct the field that is named",
    "no_text": "fill text, or html",
    "too_large": "send less: shorter articles, or fewer at once",
    "too_many_lines": "send fewer lines at once",
    "wrong_source": "leave source out, or send with the token of that source",
    "from_the_future": "correct the clock, or leave fetched_at out",
    "broken_gzip": "compress the body as one gzip stream, or send it plain",
    "not_acknowledged": "send it again later: Kafka has not taken it",
    "unauthorized": "send Authorization: Bearer and a token from the settings (push.tokens)",
    "wrong_host": "ask 127.0.0.1 or localhost, or set tokens (push.tokens)",
    "length_required": "send Content-Length, or Transfer-Encoding: chunked",
    "unsupported_type": "send application/json or application/x-ndjson; plain or gzip",
    "too_many_requests": "wait as long as Retry-After says",
    "busy": "wait as long as Retry-After says",
    "too_slow": "send the body in time",
    "not_found": "post to /articles; /openapi.json describes it",
    "method_not_allowed": "use a method that Allow names",
    "failed": "tell the operator: the log has the reason",
}


class Fault(Record, frozen=True, kw_only=True):
    """What is wrong: with a line (from 1), or with the request as a whole (0)."""

    reason: str
    detail: str
    line: int = 0
    mend: str = ""


class Receipt(Record, frozen=True, kw_only=True):
    """What became of a request.

    `ids` has an id for each line that is not blank, in their order; `null` for one that is not in Kafka.
    `accepted` of them are.
    """

    accepted: int = 0
    ids: tuple[str | None, ...] = ()
    faults: tuple[Fault, ...] = ()


class RefusedError(Exception):
    """The request as a whole is refused. `retry_after_seconds` where it may come again."""

    def __init__(
        self, status: HTTPStatus, reason: str, detail: str, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


def fault(reason: str, detail: str, line: int = 0) -> Fault:
    """The fault, with what to do about it."""
    return Fault(reason=reason, detail=detail, line=line, mend=MENDS[reason])


def receipt_response(receipt: Receipt, headers: dict[str, str] | None = None) -> Response:
    """202 if all is in Kafka, 207 if some; of nothing, 503 where Kafka is to blame, else 400."""
    if receipt.accepted and not receipt.faults:
        status = HTTPStatus.ACCEPTED
    elif receipt.accepted:
        status = HTTPStatus.MULTI_STATUS
    elif any(each.reason == "not_acknowledged" for each in receipt.faults):
        status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "10"}
    else:
        status = HTTPStatus.BAD_REQUEST
    return Response(
        msgspec.json.encode(receipt), status_code=status, media_type="application/json", headers=headers
    )


def refusal_response(error: RefusedError) -> Response:
    """The refusal; it closes the connection, since the body may not have been read."""
    headers = {"Connection": "close"}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="wirewatch"'
    if error.reason == "unsupported_type":
        headers["Accept-Encoding"] = "gzip"
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after_seconds))
    receipt = Receipt(faults=(fault(error.reason, str(error)),))
    return Response(
        msgspec.json.encode(receipt),
        status_code=error.status,
        media_type="application/json",
        headers=headers,
    )
