"""What processes use, as the kernel tells it in /proc: processor time, memory, open files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wirewatch.up import Up

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MB = 1024 * 1024


@dataclass(frozen=True)
class Usage:
    """Processor time since the start, memory in use and at its highest, open files."""

    cpu_seconds: float
    memory_bytes: int
    memory_bytes_max: int
    open_files: int


def usage(pid: int) -> Usage:
    """Of one process, all its threads. Raises `OSError` for one that is gone."""
    folder = Path("/proc", str(pid))
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    now, highest = (int(status[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return Usage(ticks / TICKS_A_SECOND, now, highest, len(list((folder / "fd").iterdir())))


def processes(up: Up) -> dict[str, int]:
    """The process ids of a running pipeline by what each is; `producer` is this process, which also
    watches what arrives, as `wirewatch up` does.
    """
    services = {"broker": up.services.kafka, "node": up.services.elasticsearch}
    found = {name: one.process.pid for name, one in services.items() if one and one.process}
    found |= {child.name: child.process.pid for child in up.children.children if child.process}
    return found | {"producer": os.getpid()}


def usages(pids: Mapping[str, int]) -> dict[str, Usage]:
    return {name: usage(pid) for name, pid in pids.items()}


def table(before: Mapping[str, Usage], after: Mapping[str, Usage], articles: int) -> str:
    """CPU-milliseconds an article of each process, and its memory."""
    rows = ["process         CPU-ms an article   memory MB   at most   files"]
    for name, now in after.items():
        spent_ms = 1000 * (now.cpu_seconds - before[name].cpu_seconds) / articles
        memory = f"{now.memory_bytes / MB:9.0f} {now.memory_bytes_max / MB:9.0f} {now.open_files:7}"
        rows.append(f"{name:14} {spent_ms:18.1f}   {memory}")
    total = sum(now.cpu_seconds - before[name].cpu_seconds for name, now in after.items())
    return "\n".join([*rows, f"{'all':14} {1000 * total / articles:18.1f}"])
