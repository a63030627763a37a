"""What a site's robots.txt says to us (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from producers.fetching.options import AGENT

ROBOTS_BYTES_MAX = 512 * 1024
"""RFC 9309 asks that at least 500 KiB be read; what comes after is left."""


@dataclass(frozen=True)
class Robots:
    """The rules of one origin. `rules` is `None` where they can't be had now: nothing may be fetched."""

    rules: Protego | None

    def allows(self, url: str) -> bool:
        """Whether `url` may be fetched by us."""
        return self.rules is not None and bool(self.rules.can_fetch(url, AGENT))

    @property
    def interval_seconds(self) -> float:
        """How far apart requests are to be: the wider of crawl-delay and request-rate, 0 for neither."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(AGENT)
        return max(
            self.rules.crawl_delay(AGENT) or 0.0,
            rate.seconds / rate.requests if rate is not None and rate.requests else 0.0,
        )

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of its `Sitemap:` lines, as they are written."""
        return [] if self.rules is None else list(self.rules.sitemaps)


def robots_of(status: int, body: bytes) -> Robots:
    """The rules in an answer to a request for robots.txt.

    A file that is not there (4xx, or one redirect too many) forbids nothing; a server in trouble (5xx, and
    429, which is no absence) forbids everything until it answers.
    """
    if status >= 500 or status == 429:
        return Robots(None)
    if not 200 <= status < 300:
        body = b""
    return Robots(Protego.parse(body.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")))
