"""Seconds from the command to the first article on the screen, with jars and packages in place.

    python benchmarks/startup.py [RUNS]

Runs what `make run` runs once it has set up, on a fresh data folder, and stops it after the first article.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main(runs: int) -> None:
    for run in range(1, runs + 1):
        with tempfile.TemporaryDirectory() as folder:
            print(f"run {run}: first article after {first_article_seconds(Path(folder)):.1f} s")


def first_article_seconds(folder: Path) -> float:
    command = [sys.executable, "-m", "wirewatch", "--data-dir", str(folder / "data"), "up", "--samples"]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.count(" | ") >= 2:
                break
        else:
            sys.exit("it ended before any article arrived")
        seconds = time.monotonic() - started
        process.send_signal(signal.SIGINT)
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
