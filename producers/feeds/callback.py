"""The server that hubs call: to ask whether we meant it, and to push."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from producers.feeds.feed import FEED_BYTES_MAX
from producers.feeds.hubs import PATH, Hubs
from producers.feeds.websub import verification
from producers.serving import listener, patient

log = structlog.get_logger(__name__)

HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
AT_ONCE = 64
WAITING_MAX = 128


def build_app(hubs: Hubs) -> Starlette:
    """The ASGI application: `GET` and `POST /websub/TOKEN`, and nothing else."""

    async def verify(request: Request) -> Response:
        one = hubs.store.subscription(token=request.path_params["token"])
        status, body, changed = verification(one, dict(request.query_params), time.time())
        if changed is not None and changed.standing == "leaving":
            hubs.store.drop_subscription(changed.feed)
        elif changed is not None:
            hubs.store.keep_subscription(changed)
            log.info("hub_answered", hub=changed.hub, feed=changed.feed, standing=changed.standing)
        return PlainTextResponse(body, status)

    async def pushed(request: Request) -> Response:
        one = hubs.store.subscription(token=request.path_params["token"])
        if one is None or one.standing == "leaving":
            return Response(status_code=410)
        try:
            body = await asyncio.wait_for(_body(request), BODY_SECONDS)
        except TimeoutError:
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        headers = request.headers
        await hubs.take_push(one, body, headers.get("x-hub-signature", ""), headers.get("content-type", ""))
        return Response(status_code=202)

    path = PATH + "{token}"
    app = Starlette(routes=[Route(path, verify, methods=["GET"]), Route(path, pushed, methods=["POST"])])
    app.router.redirect_slashes = False  # a redirect would go wherever the Host header says
    return app


@asynccontextmanager
async def callback_server(hubs: Hubs) -> AsyncIterator[int | None]:
    """Serve while the context lasts, and give the port; `None` where another producer serves already."""
    options = hubs.options
    try:
        opened = listener(options.callback_host, options.callback_port, WAITING_MAX)
    except OSError as error:
        log.warning("callback_not_served_here", port=options.callback_port, why=str(error))
        yield None
        return
    config = uvicorn.Config(
        build_app(hubs),
        http=patient(HEAD_SECONDS),
        ws="none",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        lifespan="off",
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([opened]))
    try:
        yield int(opened.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        opened.close()


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _body(request: Request) -> bytes | None:
    """The body, or `None` for one that no feed may be as large as."""
    parts: list[bytes] = []
    size_bytes = 0
    async for part in request.stream():
        size_bytes += len(part)
        if size_bytes > FEED_BYTES_MAX:
            return None
        parts.append(part)
    return b"".join(parts)
