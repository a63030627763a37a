"""What the desk is told: where to listen, whom to let in, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from wirewatch.settings import DeskSettings


@dataclass(frozen=True)
class DeskOptions:
    """Without `secrets` (a token, a password), anyone on this machine may read and write, under its loopback
    names only. `port` 0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = 8482
    secrets: tuple[str, ...] = ()
    requests_per_minute: int = 1200
    connections_max: int = 256
    streams_max: int = 64
    exports_max: int = 2

    def __repr__(self) -> str:
        return f"DeskOptions({self.host!r}, {self.port}, {len(self.secrets)} secrets)"


def desk_options(desk: DeskSettings) -> DeskOptions:
    """What the desk needs to know of the settings."""
    secrets = (desk.token, desk.password)
    return DeskOptions(
        host=desk.host,
        port=desk.port,
        secrets=tuple(secret.get_secret_value() for secret in secrets if secret is not None),
        requests_per_minute=desk.requests_per_minute,
        streams_max=desk.streams_max,
    )


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
