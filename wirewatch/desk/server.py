"""The desk, served until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette

from producers import serving
from wirewatch.desk.options import DeskOptions, address

HEAD_BYTES_MAX = 32 * 1024
HEAD_SECONDS = 10.0
IDLE_SECONDS = 15
STOP_SECONDS = 2
WAITING_MAX = 512


def serve(app: Starlette, options: DeskOptions, tell: Callable[[str], None]) -> None:
    """Answer until SIGTERM or SIGINT. `tell` gets the address once it can be asked.

    Raises `SystemExit` (0) at the end, and `OSError` where the address can't be listened on.
    """
    manners = serving.Manners(
        head_bytes_max=HEAD_BYTES_MAX,
        head_seconds=HEAD_SECONDS,
        idle_seconds=IDLE_SECONDS,
        stop_seconds=STOP_SECONDS,
        connections_max=options.connections_max,
        waiting_max=WAITING_MAX,
    )
    serving.serve(app, options.host, options.port, manners, lambda port: tell(address(options.host, port)))
