"""uvicorn, with the limits it lacks, stopped so that what was taken is answered first."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True)
class Manners:
    """How a server treats who connects. `head_seconds` is how long a request's head may take to come."""

    head_bytes_max: int
    head_seconds: float
    idle_seconds: int
    stop_seconds: int
    connections_max: int
    waiting_max: int
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None


def serve(app: Starlette, host: str, port: int, manners: Manners, ready: Callable[[int], None]) -> None:
    """Answer until SIGTERM or SIGINT; then take no more, answer what is open, and leave.

    `ready` gets the port once it can be asked. Raises `SystemExit` (0) at the end, and `OSError` where the
    address can't be listened on, or a certificate can't be read.
    """
    config = uvicorn.Config(
        app,
        http=patient(manners.head_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=manners.head_bytes_max,
        limit_concurrency=manners.connections_max,
        timeout_keep_alive=manners.idle_seconds,
        timeout_graceful_shutdown=manners.stop_seconds,
        ssl_certfile=manners.tls_cert_file,
        ssl_keyfile=manners.tls_key_file,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn takes these over, and raises them again when it has stopped
    opened = listener(host, port, manners.waiting_max)
    ready(opened.getsockname()[1])
    uvicorn.Server(config).run(sockets=[opened])


def listener(host: str, port: int, waiting_max: int) -> socket.socket:
    """A socket that listens, with room for `waiting_max` connections not yet taken. Raises `OSError`.

    Its connections send what they have at once, as they inherit from it. asyncio would ask for that only
    where it opens the socket itself, and an answer's second part then waits 40 ms for the reader to
    acknowledge the first (RFC 896 against RFC 1122).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.create_server((host, port), family=family, backlog=waiting_max)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return opened


def patient(head_seconds: float) -> type[H11Protocol]:
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


def _leave(*_: object) -> None:
    raise SystemExit(0)
