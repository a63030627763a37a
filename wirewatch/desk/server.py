"""uvicorn for the desk."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import structlog
import uvicorn
from starlette.applications import Starlette

from wirewatch.desk.options import DeskOptions, address

log = structlog.get_logger(__name__)

HEAD_BYTES_MAX = 32 * 1024
IDLE_SECONDS = 15
STOP_SECONDS = 2


def serve(app: Starlette, options: DeskOptions, tell: Callable[[str], None]) -> None:
    """Answer until SIGTERM or SIGINT. `tell` gets the address once it can be asked.

    Raises `SystemExit` (0) at the end, and `OSError` where the address can't be listened on.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        limit_concurrency=options.connections_max,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn takes these over, and raises them again when it has stopped
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.create_server((options.host, options.port), family=family, backlog=512)
    tell(address(options.host, listener.getsockname()[1]))
    uvicorn.Server(config).run(sockets=[listener])


def _leave(*_: object) -> None:
    raise SystemExit(0)
