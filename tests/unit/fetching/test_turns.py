"""The file that processes share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from producers.fetching.turns import Turns
from producers.pages import Known, Ledger

AT_ONCE = 8


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """With a write-ahead log, one in some hundred found it locked."""
    barrier = Barrier(AT_ONCE)

    def open_both(folder: Path) -> tuple[bool, Known]:
        barrier.wait()
        turns = Turns(folder / "turns")
        with Ledger(folder / "ledger") as ledger:
            known = ledger.known("https://example.com/a")
        spent = turns.spend("example.com", AT_ONCE, 0)
        turns.close()
        return spent, known

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(30):
            assert (
                list(pool.map(open_both, [tmp_path / str(number)] * AT_ONCE)) == [(True, Known())] * AT_ONCE
            )
