"""What may be wrong with a set-up, looked at one thing at a time, each fault with how to mend it.

A check is a function from settings to findings. It changes nothing, starts nothing, and raises nothing
that a set-up can cause: a fault in one check leaves the others to be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wirewatch.doctor.elasticsearch import cluster
from wirewatch.doctor.finding import Finding, Verdict
from wirewatch.doctor.kafka import broker
from wirewatch.doctor.knowledge import alert_rules, channels, feeds, names_model, watchlists
from wirewatch.doctor.machine import disk, files, packages, python
from wirewatch.doctor.services import local_services, ports
from wirewatch.local import LocalServiceError
from wirewatch.settings import ConfigurationError, Settings

__all__ = ["CHECKS", "Finding", "Verdict", "examine"]

CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    python,
    packages,
    files,
    disk,
    local_services,
    ports,
    broker,
    cluster,
    alert_rules,
    channels,
    watchlists,
    feeds,
    names_model,
)


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, in the order in which things depend on each other."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except (LocalServiceError, ConfigurationError, OSError) as error:
            yield Finding(check.__name__.replace("_", " "), "fault", str(error))
