"""Hours at half capacity: does memory grow, do open files?

    python benchmarks/soak.py [MINUTES] [--model builtin|gazetteer] [--every SECONDS]

A burst tells the capacity; then articles come evenly at half of it, three in ten of them copies, for MINUTES
(60), and every ten seconds each process's memory and open files are noted. Printed for each: both at the
start, the middle and the end, and how memory grew an hour, by the slope through the second half (Theil and
Sen's: the median of all slopes between two notes, so that a burst of the garbage collector bends nothing).
Flat is what grew by less than 3 % of itself in that half, or within the scatter of the notes. The node's
and the broker's heaps are given whole at the start and filled as they go: they may rise to their limit.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt
from processes import MB, Usage, processes, usages
from running import WARM_ARTICLES, WARM_SEED, arguments, pipeline, records, through
from variations import articles

from producers.writer import Writer
from wirewatch.kafka import producer_options
from wirewatch.up import Up

BURST_ARTICLES = 300
SHARE = 0.5
AT_ONCE = 500
FLAT_SHARE = 0.03
POINTS_MAX = 200
Values = npt.NDArray[np.float64]


@dataclass
class Notes:
    """What was noted of one process: seconds since the start, and its usage."""

    seconds: list[float] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)

    def memory_mb(self) -> Values:
        """Memory, MB."""
        return np.array([one.memory_bytes / MB for one in self.usage])

    def files(self) -> Values:
        """Open files."""
        return np.array([float(one.open_files) for one in self.usage])


def main() -> None:
    parser = arguments(__doc__, 60)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between notes")
    parser.add_argument("--burst", type=int, default=BURST_ARTICLES, help="articles that tell the capacity")
    given = parser.parse_args()
    with pipeline(given.model, records(articles(WARM_ARTICLES, seed=WARM_SEED))) as up:
        burst = records(articles(given.burst, seed=2, copies=0.3))
        rate = SHARE * len(burst) / through(up, burst)
        print(f"{given.articles} minutes at {rate:.1f} articles a second, half of what it can", flush=True)
        notes, behind, produced = soak(up, rate, 60.0 * given.articles, given.every)
    print(f"{produced} articles; at most {behind} records on their way\n")
    print("process        memory MB at start   middle   end   MB an hour   files at start   middle   end")
    verdicts = [print_process(name, noted) for name, noted in notes.items()]
    sys.stdout.write("all flat\n" if all(verdicts) else "not all flat\n")


def soak(up: Up, rate: float, seconds: float, every: float) -> tuple[dict[str, Notes], int, int]:
    """Notes by process, the most records that were on their way, and how many articles were produced."""
    stop, counted = threading.Event(), [0]
    thread = threading.Thread(target=produce, args=(up, rate, stop, counted))
    thread.start()
    started, behind = time.monotonic(), 0
    notes: dict[str, Notes] = {}
    while (now := time.monotonic() - started) < seconds:
        up.children.restart_fallen()
        for name, one in usages(processes(up)).items():
            noted = notes.setdefault(name, Notes())
            noted.seconds.append(now)
            noted.usage.append(one)
        behind = max(behind, up.records_behind())
        time.sleep(every)
    stop.set()
    thread.join()
    return notes, behind, counted[0]


def produce(up: Up, rate: float, stop: threading.Event, counted: list[int]) -> None:
    due, seed = time.monotonic(), 100
    with Writer(producer_options(up.settings.kafka)) as writer:
        while not stop.is_set():
            seed += 1
            for item in records(articles(AT_ONCE, seed=seed, copies=0.3)):
                due += 1 / rate
                if stop.wait(max(0.0, due - time.monotonic())):
                    return
                writer.write(item)
                counted[0] += 1


def print_process(name: str, noted: Notes) -> bool:
    """One line, with a verdict; whether it was flat."""
    seconds, memory, files = np.array(noted.seconds), noted.memory_mb(), noted.files()
    half = len(memory) // 2
    slope = slope_of(seconds[half:], memory[half:])
    flat = is_flat(seconds[half:], memory[half:]) and is_flat(seconds[half:], files[half:])
    at = (0, half, -1)
    told = "".join(f"{memory[i]:8.0f}" for i in at) + f"{3600 * slope:13.1f}   "
    told += "".join(f"{files[i]:9.0f}" for i in at)
    print(f"{name:20}{told}   {'flat' if flat else 'GROWS'}")
    return flat


def slope_of(seconds: Values, values: Values) -> float:
    """Theil and Sen's slope, a second."""
    chosen = np.unique(np.linspace(0, len(values) - 1, min(len(values), POINTS_MAX)).astype(int))
    slopes = [(values[j] - values[i]) / (seconds[j] - seconds[i]) for i, j in combinations(chosen, 2)]
    return float(np.median(slopes)) if slopes else 0.0


def is_flat(seconds: Values, values: Values) -> bool:
    """Whether what it grew by is little, or no more than the notes scatter about the line."""
    slope = slope_of(seconds, values)
    line = np.median(values) + slope * (seconds - np.median(seconds))
    grown = slope * float(seconds[-1] - seconds[0])
    scatter = 2 * float(np.median(np.abs(values - line)))
    return grown < max(FLAT_SHARE * float(np.median(values)), scatter)


if __name__ == "__main__":
    main()
