"""What the endpoint is told: who may push, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ANY_SOURCE = "*"


@dataclass(frozen=True)
class Token:
    """A bearer token and the one source it may speak for, `*` for any."""

    secret: str
    source: str

    def __repr__(self) -> str:
        return f"Token({self.source!r})"


@dataclass(frozen=True)
class EndpointOptions:
    """Limits and manners of the endpoint.

    `body_bytes_max` counts for a body as sent and again as unpacked. `held_bytes_max` is what all requests
    together may hold in memory until Kafka has acknowledged them. Without `tokens`, anyone on this machine
    may push, under its own loopback names only.
    """

    tokens: tuple[Token, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8480
    body_bytes_max: int = 32 * 1024 * 1024
    lines_max: int = 50_000
    held_bytes_max: int = 128 * 1024 * 1024
    requests_per_minute: int = 600
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    stop_seconds: float = 90.0
    connections_max: int = 256
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
