"""The process that reads the inputs, so that what hangs, crashes or eats memory harms nobody else.

`python -m tests.fuzz.child TARGET SEED CASES FOLDER`: works on FOLDER/board and leaves FOLDER/result.json.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import resource
import sys
import traceback
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import structlog

from tests.fuzz.board import Board
from tests.fuzz.cases import inputs
from tests.fuzz.shorten import shortened
from tests.fuzz.target import CASE_CPU_SECONDS_MAX, MEMORY_BYTES_MAX, Target
from tests.fuzz.targets import load

REPOSITORY = Path(__file__).resolve().parents[2]
FAULTS_TOLD = 40


@dataclass
class Fault:
    """One way to fail: where, how often, and the shortest input found that does."""

    where: str
    what: str
    times: int
    data: bytes


class Run:
    """One target's cases. Faults that come from one line are one fault."""

    def __init__(self, target: Target, board: Board) -> None:
        self._target, self._board = target, board
        self.faults: dict[str, Fault] = {}

    def case(self, data: bytes) -> None:
        """Read one input."""
        where, what = self._attempt(data)
        if not where:
            return
        if where in self.faults:
            self.faults[where].times += 1
        elif len(self.faults) < FAULTS_TOLD:
            short = shortened(data, lambda less: self._attempt(less)[0] == where)
            self.faults[where] = Fault(where, what, 1, short)

    def _attempt(self, data: bytes) -> tuple[str, str]:
        """Where it failed and how; nothing where it didn't."""
        self._board.begin(data)
        failed = ("", "")
        try:
            self._target.read(data)
        except Exception as error:  # whatever it raises is what we are here for
            failed = _place(error), "".join(traceback.format_exception(error, limit=-12))
        seconds = self._board.end(data)
        if seconds > CASE_CPU_SECONDS_MAX and not failed[0]:
            failed = "slow", f"it took {seconds:.1f} s of CPU"
        return failed


def _place(error: BaseException) -> str:
    frames = [
        f"{Path(frame.filename).relative_to(REPOSITORY)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(f"{REPOSITORY}/")
        and ".venv" not in frame.filename
        and frame.name != "holds"
    ]
    return f"{type(error).__name__} at {frames[-1] if frames else 'unknown'}"


def _status_bytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


def _bound_memory() -> int:
    """Limit what is taken from here on; what is held already, in bytes."""
    if sys.platform != "linux":
        return 0
    limit = _status_bytes("VmSize") + MEMORY_BYTES_MAX
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    Path("/proc/self/clear_refs").write_text("5")  # from now on the peak is the cases'
    return _status_bytes("VmRSS")


def main() -> None:
    name, start, cases, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    faulthandler.enable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    target = load(name)
    for data in target.samples:  # loads what is loaded when first needed
        target.read(data)
    held = _bound_memory()
    board = Board(folder / "board", target.bytes_max, fresh=True)
    run = Run(target, board)
    for data in islice(inputs(target, start), cases):
        run.case(data)
    result = {
        "peak_bytes": _status_bytes("VmHWM") - held,
        "slowest": board.slowest.hex(),
        "faults": [asdict(fault) | {"data": fault.data.hex()} for fault in run.faults.values()],
    }
    (folder / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
