"""How a process is watched: counts and health over HTTP, lines in the log, traces where asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import structlog

from schemas.hops import Arrival, Fate, Headers, StageTime
from wirewatch.settings import Settings
from wirewatch.watching import lines
from wirewatch.watching.counts import Counts
from wirewatch.watching.health import Health
from wirewatch.watching.own import serving_own

if TYPE_CHECKING:
    from wirewatch.watching.tracing import Tracing

log = structlog.get_logger(__name__)


class Watching:
    """Watches every hop of a process (`schemas.hops.Watch`)."""

    def __init__(self, *, every_article: bool = False, tracing: Tracing | None = None) -> None:
        self.counts = Counts()
        self.health = Health()
        self.tracing = tracing
        self.every_article = every_article

    def expect(self, group: str, stages: Sequence[str]) -> None:
        """The group is starting in this process."""
        self.counts.expect(group, stages)
        self.health.expect(group)

    def hop(self, group: str, stages: Sequence[str], records: Sequence[Arrival]) -> Hop:
        """Some records of a group."""
        return Hop(self, group, stages, records)


class Hop:
    """Some records of a group, from when they are in hand until all is safe (`schemas.hops.Hop`)."""

    def __init__(
        self, watching: Watching, group: str, stages: Sequence[str], records: Sequence[Arrival]
    ) -> None:
        self._watching = watching
        self._group = group
        self._stages = stages
        self._records = records
        self._started = time.perf_counter()
        tracing = watching.tracing
        self._spans = tracing.begin(group, records) if tracing is not None else None

    def headers(self, record: int) -> Headers | None:
        """The trace's, where there is one."""
        return self._spans.headers(record) if self._spans is not None else None

    def end(self, fates: Sequence[Fate], times: Mapping[str, StageTime]) -> None:
        """Count, tell, end the spans. What goes wrong with that is told, and harms no record."""
        try:
            seconds = time.perf_counter() - self._started
            self._watching.counts.add(self._group, self._stages, fates, times, seconds)
            lines.tell(self._group, self._records, fates, times, every=self._watching.every_article)
            if self._spans is not None:
                self._spans.end(fates, times)
        except Exception:
            log.exception("not_watched", group=self._group)


@contextmanager
def watching(settings: Settings) -> Iterator[Watching]:
    """Watches as the settings say, and serves what it sees where they name a port.

    Raises `ConfigurationError` where the port can't be had, or traces are asked for and can't be made.
    """
    with ExitStack() as opened:
        tracing = None
        if settings.trace.endpoint is not None:
            from wirewatch.watching.tracing import tracing_to

            tracing = opened.enter_context(tracing_to(settings.trace))
        seen = Watching(every_article=tells_every_article(settings), tracing=tracing)
        opened.enter_context(serving_own(settings.metrics, seen.counts.samples, seen.health.faults))
        yield seen


def tells_every_article(settings: Settings) -> bool:
    """Whether the log has a line for each article at each hop."""
    return settings.log_articles or settings.log_level == "debug"
