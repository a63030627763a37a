"""`python -m tests.fuzz --cases 100000 [--target NAME] [--seed N] [--keep FOLDER]`: fuzz every parser.

Prints a line a target; failing inputs are kept in the folder, and shown shortened. Exits 1 on a fault.
"""

from __future__ import annotations

import argparse
import sys
from hashlib import blake2b
from pathlib import Path

from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import Report, fuzz

SHOWN_BYTES = 300


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Fuzz every parser of outside bytes."
    )
    parser.add_argument("--cases", type=int, default=100_000, help="a target")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-faults"), help="folder for failing inputs")
    given = parser.parse_args()
    faults = 0
    for name in given.target or TARGETS:
        report = fuzz(name, given.cases, given.seed)
        print(report, flush=True)  # noqa: T201
        _tell(report, given.keep)
        faults += len(report.faults)
    return 1 if faults else 0


def _tell(report: Report, folder: Path) -> None:
    for fault in report.faults:
        kept = folder / report.target / blake2b(fault.data, digest_size=6).hexdigest()
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(fault.data)
        kept.with_suffix(".txt").write_text(
            f"{fault.where}\n{fault.what}", encoding="utf-8", errors="replace"
        )
        print(f"  {fault.where} ({fault.times} times): {kept}\n    {fault.data[:SHOWN_BYTES]!r}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
