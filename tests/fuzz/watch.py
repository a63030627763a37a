"""Runs a target's cases in a child process and watches it: a hang or a crash ends one child, not the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.board import Board, Seen
from tests.fuzz.child import REPOSITORY, Fault
from tests.fuzz.target import CASE_CPU_SECONDS_MAX

CASE_SECONDS_MAX = 60.0
"""Of a case that takes no CPU: it waits for something. The machine may be busy, so CPU is what counts."""
START_SECONDS_MAX = 120.0
CHILDREN_MAX = 6
POLL_SECONDS = 0.1
DUMP_SECONDS = 2.0


class ChildError(Exception):
    """A fault of the fuzzer's own, or a valid sample that its parser refuses."""


@dataclass
class Report:
    """What came of a target's cases. `slowest` is the input that took longest."""

    target: str
    cases: int = 0
    seconds: float = 0.0
    slowest_seconds: float = 0.0
    slowest: bytes = b""
    peak_bytes: int = 0
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.target:24} {self.cases:8} cases  {self.cases / max(self.seconds, 0.001):8.0f}/s  "
            f"{len(self.faults):3} faults  slowest {self.slowest_seconds * 1000:7.0f} ms  "
            f"peak {self.peak_bytes / 1e6:6.0f} MB"
        )


def fuzz(name: str, cases: int, start: int) -> Report:
    """Run so many cases. A child that hangs or dies is replaced by one of the next seed."""
    report = Report(name)
    for child in range(CHILDREN_MAX):
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            _one_child(report, cases - report.cases, start + 1000 * child, Path(folder))
        if report.cases >= cases:
            break
    return report


def _one_child(report: Report, cases: int, start: int, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.child", report.target, str(start), str(cases), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(folder)}
    with (folder / "stderr").open("w+b") as stderr:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=stderr
        )
        try:
            hung = _watch(process, folder)
        finally:
            process.kill()
            process.wait()
        stderr.seek(0)
        told = stderr.read()[-6000:].decode("utf-8", "replace")
    if (folder / "result.json").exists():
        _take(report, json.loads((folder / "result.json").read_text()))
    elif not _board(folder):
        raise ChildError(f"{report.target}: the child did not begin\n{told}")
    _count(report, folder, hung, process.returncode, told)


def _watch(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Wait for the child's end; whether it had to be ended, hanging."""
    board: Board | None = None
    until = time.monotonic() + START_SECONDS_MAX
    while process.poll() is None:
        time.sleep(POLL_SECONDS)
        board = board or _board(folder)
        if board is None:
            if time.monotonic() > until:
                return False
            continue
        seen = board.seen()
        if _hangs(process.pid, seen) and _still(board, seen):
            process.send_signal(signal.SIGABRT)  # so that it says where it is
            with suppress(subprocess.TimeoutExpired):
                process.wait(DUMP_SECONDS)
            return True
    return False


def _hangs(pid: int, seen: Seen) -> bool:
    worked = _cpu_seconds(pid) - seen.cpu_at_seconds
    is_over = worked > CASE_CPU_SECONDS_MAX + 1 or time.monotonic() - seen.at_seconds > CASE_SECONDS_MAX
    return seen.at_seconds > 0 and is_over


def _still(board: Board, seen: Seen) -> bool:
    """Whether the same case is under way a moment later: what was read may have been half written."""
    time.sleep(POLL_SECONDS)
    return board.seen() == seen


def _board(folder: Path) -> Board | None:
    with suppress(OSError, ValueError):
        return Board(folder / "board", 0)
    return None


def _cpu_seconds(pid: int) -> float:
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _take(report: Report, result: dict[str, object]) -> None:
    report.peak_bytes = max(report.peak_bytes, int(str(result["peak_bytes"])))
    report.slowest = bytes.fromhex(str(result["slowest"]))
    faults = result["faults"]
    assert isinstance(faults, list)
    report.faults += [Fault(**fault | {"data": bytes.fromhex(fault["data"])}) for fault in faults]


def _count(report: Report, folder: Path, hung: bool, status: int, told: str) -> None:
    """Add up what the board says; a child that did not end well has a fault of its own."""
    board = _board(folder)
    assert board is not None
    seen = board.seen()
    report.cases += seen.cases
    report.seconds += seen.seconds
    report.slowest_seconds = max(report.slowest_seconds, seen.slowest_seconds)
    if hung:
        report.slowest_seconds = max(report.slowest_seconds, CASE_CPU_SECONDS_MAX)
        report.slowest = seen.data
    if hung or status:
        report.cases += 1
        report.faults.append(Fault("hang" if hung else f"died ({status})", told, 1, seen.data))
