"""The push endpoint, served until it is told to stop; what was taken is acknowledged first."""

from __future__ import annotations

import structlog
from starlette.applications import Starlette

from producers import serving
from producers.endpoint.options import EndpointOptions

log = structlog.get_logger(__name__)

HEAD_BYTES_MAX = 16 * 1024
IDLE_SECONDS = 5
WAITING_MAX = 1024


def serve(app: Starlette, options: EndpointOptions) -> None:
    """Answer until SIGTERM or SIGINT; then take no more, answer what is open, and leave.

    Raises `SystemExit` (0) at the end, and `OSError` where the address can't be listened on, or a
    certificate can't be read.
    """
    manners = serving.Manners(
        head_bytes_max=HEAD_BYTES_MAX,
        head_seconds=options.head_seconds,
        idle_seconds=IDLE_SECONDS,
        stop_seconds=int(options.stop_seconds),
        connections_max=options.connections_max,
        waiting_max=WAITING_MAX,
        tls_cert_file=options.tls_cert_file,
        tls_key_file=options.tls_key_file,
    )

    def ready(port: int) -> None:
        log.info("push_endpoint_ready", host=options.host, port=port, tokens=len(options.tokens))

    serving.serve(app, options.host, options.port, manners, ready)
