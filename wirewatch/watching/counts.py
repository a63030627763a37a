"""What a worker or sink counts of its own work, for Prometheus: records and seconds by stage."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from schemas.hops import Fate, StageTime
from wirewatch.metrics import PROCESS_METRICS, Sample

_STARTED_AT = time.time()
_Series = tuple[str, tuple[str, ...]]


class Counts:
    """Counters of one process, from nought at its start. For several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: defaultdict[_Series, float] = defaultdict(float)

    def expect(self, group: str, stages: Sequence[str]) -> None:
        """Tell of a group's stages from the beginning: of a series that appears with its first record,
        Prometheus would see no increase.
        """
        self.add(group, stages, (), {}, 0.0)

    def add(
        self,
        group: str,
        stages: Sequence[str],
        fates: Sequence[Fate],
        times: Mapping[str, StageTime],
        seconds: float,
    ) -> None:
        """Count a hop: what became of its records, and how long it took until all was safe."""
        ways = [_way(fate, stages) for fate in fates]
        with self._lock:
            for at, stage in enumerate(stages):
                taken = times.get(stage) or StageTime(0.0, 0.0, 0.0)
                self._add("wirewatch_stage_in_records_total", sum(way > at for way, _ in ways), group, stage)
                self._add("wirewatch_stage_out_records_total", sum(out > at for _, out in ways), group, stage)
                self._add("wirewatch_stage_seconds_total", taken.seconds, group, stage)
                self._add("wirewatch_stage_cpu_seconds_total", taken.cpu_seconds, group, stage)
            self._add("wirewatch_hop_seconds_total", seconds, group)
            for fate in fates:
                if fate.verdict != "passed":
                    self._add(_SET_ASIDE[fate.verdict], 1, group, fate.stage, fate.reason)

    def _add(self, metric: str, value: float, *labels: str) -> None:
        self._values[metric, labels] += value

    def samples(self) -> list[Sample]:
        """All that was counted."""
        with self._lock:
            counted = list(self._values.items())
        return [
            Sample(metric, value, dict(zip(PROCESS_METRICS[metric].labels, labels, strict=True)))
            for (metric, labels), value in counted
        ]


_SET_ASIDE = {
    "dropped": "wirewatch_stage_dropped_records_total",
    "dead": "wirewatch_stage_dead_lettered_records_total",
}


def _way(fate: Fate, stages: Sequence[str]) -> tuple[int, int]:
    """How many of the stages, in order, were given a record, and how many gave it on."""
    if fate.verdict == "passed":
        return len(stages), len(stages)
    if fate.stage in stages:
        at = stages.index(fate.stage)
        return at + 1, at
    return (0, 0) if fate.stage == "decode" else (len(stages), len(stages))


def process_samples() -> Iterator[Sample]:
    """What every process may tell, under the names that are usual; memory and files where Linux tells."""
    yield Sample("process_cpu_seconds_total", time.process_time())
    yield Sample("process_start_time_seconds", _STARTED_AT)
    with suppress(OSError, IndexError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        yield Sample("process_resident_memory_bytes", pages * os.sysconf("SC_PAGE_SIZE"))
    with suppress(OSError):
        yield Sample("process_open_fds", len(os.listdir("/proc/self/fd")))  # noqa: PTH208
