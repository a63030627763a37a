"""What a process serves of itself where the settings name a port: its metrics, and whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus

import msgspec
import structlog

from wirewatch.metrics import CONTENT_TYPE, Sample, exposition
from wirewatch.settings import PREFIX, ConfigurationError, MetricsSettings
from wirewatch.watching.counts import process_samples
from wirewatch.watching.serving import Answer, serving

log = structlog.get_logger(__name__)

Samples = Callable[[], Iterable[Sample]]
Faults = Callable[[], Mapping[str, str | None]]
"""What is wrong with each group or producer of the process; None where nothing is."""


@contextmanager
def serving_own(metrics: MetricsSettings, samples: Samples, faults: Faults) -> Iterator[None]:
    """Answers `/metrics` and `/health` until left; nothing where no port is set.

    Raises `ConfigurationError` where the port can't be had.
    """
    with ExitStack() as opened:
        if metrics.port is not None:
            answers = {"/metrics": partial(_metrics, samples, faults), "/health": partial(_health, faults)}
            try:
                address = opened.enter_context(serving(metrics.host, metrics.port, answers))
            except OSError as error:
                raise ConfigurationError(
                    f"{metrics.host}:{metrics.port} can't be listened on ({error}): set {PREFIX}METRICS__PORT"
                ) from None
            log.info("metrics_served", address=address)
        yield


def _metrics(samples: Samples, faults: Faults) -> Answer:
    groups = [
        Sample("wirewatch_group_healthy", fault is None, {"group": group})
        for group, fault in faults().items()
    ]
    return Answer(exposition([*samples(), *groups, *process_samples()]).encode(), CONTENT_TYPE)


def _health(faults: Faults) -> Answer:
    found = faults()
    is_well = not any(found.values())
    told = {"status": "ok" if is_well else "fault", "groups": {g: f or "ok" for g, f in found.items()}}
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(msgspec.json.encode(told), "application/json", status)
