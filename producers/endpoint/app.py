"""The endpoint's routes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from producers.endpoint.admission import ANYONE, Rates, Room, holder
from producers.endpoint.answers import (
    Receipt,
    RefusedError,
    fault,
    receipt_response,
    refusal_response,
)
from producers.endpoint.body import LINES, drain, media_type, read_body
from producers.endpoint.delivery import Delivery, Failures
from producers.endpoint.openapi import description
from producers.endpoint.options import EndpointOptions, Token
from producers.endpoint.submission import Submission, read_submission, unpacked
from producers.serving import is_loopback

log = structlog.get_logger(__name__)

ARTICLES_PATH = "/articles"
Handler = Callable[[Request], Awaitable[Response]]


def build_app(options: EndpointOptions, delivery: Delivery) -> Starlette:
    """The ASGI application. `delivery` must be running."""
    rates, room = Rates(options.requests_per_minute), Room(options.held_bytes_max)

    async def articles(request: Request) -> Response:
        token = _admitted(request, options)
        rates.take(token)
        kind = media_type(request)
        held = _Held(room)
        try:
            content = await _content(request, options, held)
            submission = await asyncio.to_thread(
                read_submission,
                content,
                token,
                datetime.now(UTC),
                many=kind == LINES,
                lines_max=options.lines_max,
            )
            good = [article for article in submission.articles if article is not None]
            failures = (
                await asyncio.wrap_future(await asyncio.to_thread(delivery.submit, good)) if good else {}
            )
            receipt = receipt_for(submission, failures)
        finally:
            held.give_back()
        log.info("pushed", source=token.source, accepted=receipt.accepted, faults=len(receipt.faults))
        return receipt_response(receipt)

    async def health(_: Request) -> Response:
        why = delivery.why_not_ready
        status = HTTPStatus.OK if why is None else HTTPStatus.SERVICE_UNAVAILABLE
        told = {"status": "ok" if why is None else "kafka is away", "held_bytes": room.held_bytes}
        return JSONResponse(told, status_code=status)

    async def openapi(_: Request) -> Response:
        return JSONResponse(description(needs_token=bool(options.tokens)))

    app = Starlette(
        routes=[
            Route(ARTICLES_PATH, _refusing(articles), methods=["POST"]),
            Route("/health", health, methods=["GET"]),
            Route("/openapi.json", openapi, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _unknown, Exception: _failed},
    )
    app.router.redirect_slashes = False  # a redirect would go wherever the Host header says
    return app


def receipt_for(submission: Submission, failures: Failures) -> Receipt:
    """What to tell of each line."""
    faults = list(submission.faults)
    ids: list[str | None] = []
    for line, article in zip(submission.lines, submission.articles, strict=True):
        why = failures.get(article.id) if article is not None else None
        if why is not None:
            faults.append(fault("not_acknowledged", why, line))
        ids.append(article.id if article is not None and why is None else None)
    return Receipt(
        accepted=sum(each is not None for each in ids),
        ids=tuple(ids),
        faults=tuple(sorted(faults, key=lambda each: each.line)),
    )


class _Held:
    """The bytes that one request holds."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._bytes = 0

    def take(self, size_bytes: int) -> None:
        self._room.take(size_bytes)
        self._bytes += size_bytes

    def give_back(self, size_bytes: int | None = None) -> None:
        size_bytes = self._bytes if size_bytes is None else size_bytes
        self._room.give_back(size_bytes)
        self._bytes -= size_bytes


async def _content(request: Request, options: EndpointOptions, held: _Held) -> bytes:
    """The body, unpacked; what it takes is held."""
    body = await read_body(request, options.body_bytes_max, options.body_seconds, held.take)
    if request.headers.get("content-encoding", "identity").lower() != "gzip":
        return body
    held.take(options.body_bytes_max)
    content = await asyncio.to_thread(unpacked, body, options.body_bytes_max)
    held.give_back(options.body_bytes_max - len(content))
    return content


def _admitted(request: Request, options: EndpointOptions) -> Token:
    """Whose request it is. Without tokens, only what was asked under a loopback name: a page in somebody's
    browser that rebinds a name of its own to this machine is refused.
    """
    if options.tokens:
        return holder(request.headers.get("authorization", ""), options.tokens)
    if not is_loopback(request.headers.getlist("host")):
        raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host", "this is no loopback name")
    return ANYONE


def _refusing(handler: Handler) -> Handler:
    async def refusing(request: Request) -> Response:
        try:
            return await handler(request)
        except RefusedError as error:
            log.info("push_refused", status=int(error.status), reason=error.reason)
            await drain(request)
            return refusal_response(error)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)

    return refusing


async def _unknown(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = "method_not_allowed" if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else "not_found"
    response = refusal_response(RefusedError(HTTPStatus(error.status_code), reason, str(error.detail)))
    response.headers.update(error.headers or {})
    return response


async def _failed(_: Request, error: Exception) -> Response:
    log.error("push_failed", error=f"{type(error).__name__}: {error}")
    return refusal_response(RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", "a fault of ours"))
