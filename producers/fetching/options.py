"""What a fetcher is told: who it says it is, how politely it asks, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

AGENT = "wirewatch"
"""The name that robots.txt files call us by."""
VERSION = version("wirewatch")


@dataclass(frozen=True)
class FetchingOptions:
    """Limits and manners of a `Fetcher`; `wirewatch.fetching` makes them from the settings.

    A domain is a registered domain (`example.co.uk`). `spacing_seconds` lies between the starts of two
    visits to one, a visit being a page with its robots.txt and the redirects within the domain;
    a crawl-delay or request-rate may widen it to `spacing_seconds_max`. `concurrency` is
    how many requests are under way at once in all. `max_bytes` bounds a body both
    as sent and as decoded. `total_seconds` bounds one request from name resolution to the last byte,
    `read_seconds` each silence in it. `contact_url` is where an operator who minds can read who asks.
    `turns_path` is the file through which processes share spacing, pauses and budgets (`Turns`).
    """

    contact_url: str | None = None
    spacing_seconds: float = 5.0
    spacing_seconds_max: float = 60.0
    concurrency: int = 64
    concurrency_per_domain: int = 2
    requests_per_day: int = 5000
    max_bytes: int = 10 * 1024 * 1024
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    max_redirects: int = 8
    robots_lifetime_seconds: float = 24 * 3600.0
    robots_retry_seconds: float = 600.0
    pause_seconds: float = 60.0
    pause_seconds_max: float = 24 * 3600.0
    allow_private_addresses: bool = False
    turns_path: Path | None = None

    @property
    def user_agent(self) -> str:
        """The one name under which everything is fetched."""
        return f"Wirewatch/{VERSION} ({f'+{self.contact_url}' if self.contact_url else 'news monitoring'})"
