"""uvicorn, with the limits it lacks, stopped so that what was taken is acknowledged first."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl

import h11
import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from producers.endpoint.options import EndpointOptions

log = structlog.get_logger(__name__)

HEAD_BYTES_MAX = 16 * 1024
IDLE_SECONDS = 5


def serve(app: Starlette, options: EndpointOptions) -> None:
    """Answer until SIGTERM or SIGINT; then take no more, answer what is open, and leave.

    Raises `SystemExit` (0) at the end, and `OSError` where the address can't be listened on, or a
    certificate can't be read.
    """
    config = uvicorn.Config(
        app,
        http=_protocol(options.head_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        limit_concurrency=options.connections_max,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=int(options.stop_seconds),
        ssl_certfile=options.tls_cert_file,
        ssl_keyfile=options.tls_key_file,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn takes these over, and raises them again when it has stopped
    listener = _listener(options)
    port = listener.getsockname()[1]
    log.info("push_endpoint_ready", host=options.host, port=port, tokens=len(options.tokens))
    uvicorn.Server(config).run(sockets=[listener])


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _listener(options: EndpointOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    return socket.create_server((options.host, options.port), family=family, backlog=1024)


def _protocol(head_seconds: float) -> type[H11Protocol]:
    """Uvicorn waits for ever for a request's head; this hangs up on whoever sends it too slowly."""

    class Patient(H11Protocol):
        _hanging_up: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._hanging_up = self.loop.call_later(head_seconds, transport.abort)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                self._stay()
            elif self._hanging_up is None:
                self._hanging_up = self.loop.call_later(head_seconds, self.transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stay()
            super().connection_lost(exc)

        def _stay(self) -> None:
            if self._hanging_up is not None:
                self._hanging_up.cancel()
                self._hanging_up = None

    return Patient
