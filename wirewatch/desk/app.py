"""The desk's routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import structlog
from elasticsearch import Elasticsearch
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles

from sinks.elasticsearch.query import Meant, Question
from sinks.elasticsearch.query.cursor import Arrival
from sinks.elasticsearch.query.export import csv_lines, json_lines
from sinks.elasticsearch.query.moments import moment
from wirewatch.desk import ledger, parameters, rules
from wirewatch.desk.answers import DeskError, as_desk_error, json_response, refusal
from wirewatch.desk.articles import Articles, cursor_in
from wirewatch.desk.guard import Guard
from wirewatch.desk.meaning import Meaning
from wirewatch.desk.openapi import description
from wirewatch.desk.options import DeskOptions
from wirewatch.desk.saved import SavedSearches
from wirewatch.desk.stream import Live, Newcomers

log = structlog.get_logger(__name__)

PAGE_FOLDER = Path(__file__).parent / "page"
BODY_BYTES_MAX = 256 * 1024
STEPS = frozenset({".", ".."})
"""Names that a proxy before the cluster would take for steps in a path: to an index, say, to be deleted."""
Answer = Callable[[Request], Any]
Write = Callable[[Request, dict[str, Any]], Any]


@dataclass(frozen=True)
class Desk:
    """What the routes speak to."""

    client: Elasticsearch
    prefix: str
    meant: Meant
    state: Callable[[], dict[str, Any]]

    @cached_property
    def meaning(self) -> Meaning:
        """Questions by meaning: one for the desk, since it remembers what the cluster can."""
        return Meaning(self.client, self.prefix)

    @property
    def articles(self) -> Articles:
        """Questions about articles."""
        return Articles(self.client, self.prefix, self.meant)

    @property
    def saved(self) -> SavedSearches:
        """Searches kept by name."""
        return SavedSearches(self.client, self.prefix)


def build_app(desk: Desk, options: DeskOptions) -> Starlette:
    """The ASGI application."""
    newcomers = Newcomers(desk.articles)
    live = Live(newcomers.poll, newcomers.begin)
    exports = asyncio.Semaphore(options.exports_max)
    reads: dict[str, Answer] = {
        "/articles": partial(_articles, desk),
        "/articles/{id}": partial(_article, desk),
        "/articles/{id}/similar": partial(_similar, desk),
        "/alerts": partial(_alerts, desk),
        "/designations": partial(_designations, desk),
        "/designations/{id}": partial(_designation, desk),
        "/rules": lambda _: rules.listed(desk.client, desk.prefix),
        "/searches": lambda _: {"searches": desk.saved.all()},
        "/state": lambda _: desk.state(),
        "/openapi.json": lambda _: description(needs_secret=bool(options.secrets)),
    }
    writes: dict[str, dict[str, Write]] = {
        "/rules/test": {"POST": partial(_test_rule, desk)},
        "/rules/{id}": {"PUT": partial(_put_rule, desk)},
        "/rules/{id}/silence": {"POST": partial(_silence, desk)},
        "/searches/{name}": {"PUT": partial(_keep_search, desk), "DELETE": partial(_forget_search, desk)},
    }
    api = [
        Route("/export", _refusing(partial(_export, desk, exports)), methods=["GET"]),
        Route("/stream", _refusing(partial(_stream, live, options.streams_max)), methods=["GET"]),
        *(Route(path, _read(answer), methods=["GET"]) for path, answer in reads.items()),
        *(Route(path, _write(by_method), methods=list(by_method)) for path, by_method in writes.items()),
    ]
    return Starlette(
        routes=[
            Mount("/api", app=Router(api, redirect_slashes=False)),
            Route("/health", _read(lambda _: {"status": "ok"}), methods=["GET"]),
            _page(),
        ],
        middleware=[
            Middleware(Guard, options=options),
            Middleware(GZipMiddleware, minimum_size=2048, compresslevel=4),
        ],
        exception_handlers={HTTPException: _unknown},
    )


def _articles(desk: Desk, request: Request) -> dict[str, Any]:
    given = request.query_params
    question = parameters.question_of(given, parameters.PAGING)
    size, order = parameters.size_of(given), parameters.order_of(given)
    by, facets = parameters.by_of(given), parameters.facets_in(given)
    at = cursor_in(given.get("cursor"))
    if question.meaning:
        if order == "arrival" or at is not None:
            raise parameters.faulty("meaning", "what is asked by meaning has one page, and no arrivals")
        placed = desk.meaning.placed(question.meaning)
        found = desk.articles.nearest(question, placed, by=by, order=order, size=size, facets=facets)
    elif order == "arrival" or isinstance(at, Arrival):
        return desk.articles.arrivals(question, at if isinstance(at, Arrival) else None, size)
    else:
        found = desk.articles.stories(question, by=by, order=order, size=size, at=at, facets=facets)
    return found | {"offers_meaning": desk.meaning.is_offered}


def _article(desk: Desk, request: Request) -> dict[str, Any]:
    return desk.articles.one(request.path_params["id"])


def _similar(desk: Desk, request: Request) -> dict[str, Any]:
    parameters.known(request.query_params, ["size"])
    return desk.articles.similar(request.path_params["id"], parameters.size_of(request.query_params, 10))


def _alerts(desk: Desk, request: Request) -> dict[str, Any]:
    given = request.query_params
    parameters.known(given, ["since", "size"])
    return ledger.alerts(
        desk.client, desk.prefix, since=given.get("since"), size=parameters.size_of(given, 50)
    )


def _designations(desk: Desk, request: Request) -> dict[str, Any]:
    given = request.query_params
    parameters.known(given, ["issuer", "act", "language", "since", "size"])
    return ledger.designations(
        desk.client,
        desk.prefix,
        desk.meant,
        issuers=parameters.values_of(given, "issuer"),
        act=given.get("act") or None,
        language=given.get("language") or None,
        since=given.get("since") or None,
        size=parameters.size_of(given),
    )


def _designation(desk: Desk, request: Request) -> dict[str, Any]:
    return ledger.designation(desk.client, desk.prefix, request.path_params["id"])


def _test_rule(desk: Desk, _: Request, body: dict[str, Any]) -> dict[str, Any]:
    asked = body.get("since", "7d")
    if not isinstance(asked, str):
        raise parameters.faulty("since", "a time, in a JSON string")
    since = moment(asked or "7d", datetime.now(UTC), 0, "since")
    return rules.tried(desk.client, desk.prefix, desk.meant, _yaml(body), since)


def _put_rule(desk: Desk, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    return rules.applied(desk.client, desk.prefix, desk.meant, request.path_params["id"], _yaml(body))


def _silence(desk: Desk, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    try:
        asked = msgspec.convert(body, rules.Silence)
    except msgspec.ValidationError as error:
        raise parameters.faulty("body", str(error)) from None
    return rules.silenced(desk.client, desk.prefix, request.path_params["id"], asked)


def _yaml(body: dict[str, Any]) -> str:
    if not isinstance(body.get("yaml"), str):
        raise parameters.faulty("yaml", "the rule, as YAML in a JSON string")
    return str(body["yaml"])


def _keep_search(desk: Desk, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    try:
        question = msgspec.convert(body, Question)
    except msgspec.ValidationError as error:
        raise parameters.faulty("body", str(error)) from None
    return desk.saved.keep(request.path_params["name"], question)


def _forget_search(desk: Desk, request: Request, _: dict[str, Any]) -> dict[str, Any]:
    desk.saved.forget(request.path_params["name"])
    return {}


async def _export(desk: Desk, exports: asyncio.Semaphore, request: Request) -> Response:
    given = request.query_params
    question = parameters.question_of(given, ["format"])
    form = given.get("format") or "csv"
    if form not in ("csv", "jsonl"):
        raise parameters.faulty("format", "one of csv, jsonl")
    if exports.locked():
        raise DeskError(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "others are exporting", retry_after_seconds=10
        )
    lines, kind = (csv_lines, "text/csv") if form == "csv" else (json_lines, "application/x-ndjson")
    async with exports:
        documents = await asyncio.to_thread(desk.articles.export, question)
    return StreamingResponse(
        _held(exports, lines(documents)),
        media_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="articles.{form}"'},
    )


async def _held(exports: asyncio.Semaphore, lines: Iterator[str]) -> AsyncIterator[str]:
    """The lines, some at a time, while one of the places for exports is held."""
    async with exports:
        async for line in iterate_in_threadpool(_together(lines)):
            yield line


def _together(lines: Iterator[str], characters: int = 65_536) -> Iterator[str]:
    some: list[str] = []
    held = 0
    for line in lines:
        some.append(line)
        held += len(line)
        if held >= characters:
            yield "".join(some)
            some, held = [], 0
    yield "".join(some)


async def _stream(live: Live, streams_max: int, request: Request) -> Response:
    parameters.known(request.query_params, [])
    if live.readers >= streams_max:
        raise DeskError(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "too many streams", retry_after_seconds=30
        )
    return StreamingResponse(
        live.follow(request.headers.get("last-event-id")),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def _read(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def read(request: Request) -> Response:
        return json_response(await asyncio.to_thread(answer, request))

    return _refusing(read)


def _write(by_method: Mapping[str, Write]) -> Callable[[Request], Awaitable[Response]]:
    """One route a path, so that whoever asks with another method is told of all there are."""

    async def written(request: Request) -> Response:
        body = await _body(request) if request.method != "DELETE" else {}
        return json_response(await asyncio.to_thread(by_method[request.method], request, body))

    return _refusing(written)


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object in a request, within bounds."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_BYTES_MAX:
            raise DeskError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"more than {BODY_BYTES_MAX} bytes"
            )
    try:
        body = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise parameters.faulty("body", f"no JSON object: {error}") from None
    return body


def _refusing(
    handler: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def refusing(request: Request) -> Response:
        if not STEPS.isdisjoint(request.path_params.values()):
            return refusal(DeskError(HTTPStatus.NOT_FOUND, "not_found", "nothing is called so"))
        try:
            return await handler(request)
        except Exception as error:
            told = as_desk_error(error)
            if told is None:
                log.exception("desk_failed", path=request.url.path)
                told = DeskError(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", "a fault of ours")
            return refusal(told)

    return refusing


def _page() -> BaseRoute:
    if (PAGE_FOLDER / "index.html").is_file():
        return Mount("/", StaticFiles(directory=PAGE_FOLDER, html=True))
    return Route("/", lambda _: PlainTextResponse("Wirewatch. /api/openapi.json says what can be asked.\n"))


async def _unknown(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = "method_not_allowed" if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else "not_found"
    response = refusal(DeskError(HTTPStatus(error.status_code), reason, str(error.detail)))
    response.headers.update(error.headers or {})
    return response
