"""Shifting the wall clock of one process, where the machine has a C compiler and a linker that preloads."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("shifted_clock.c")


class Clocks:
    """Processes started with `environment` have a clock that `shift` moves while they run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "clocks"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._library = _compiled(self._folder)

    @property
    def can_shift(self) -> bool:
        """Whether clocks can be shifted here."""
        return self._library is not None

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with."""
        if self._library is None:
            return {}
        return {"LD_PRELOAD": str(self._library), "FAULTS_CLOCKS": str(self._folder)}

    def shift(self, pid: int, seconds: int) -> None:
        """Move a process's clock, within a second; 0 puts it right."""
        fresh = self._folder / f"{pid}.new"
        fresh.write_text(str(seconds))
        fresh.replace(self._folder / str(pid))


def _compiled(folder: Path) -> Path | None:
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "shifted_clock.so"
    done = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"],
        capture_output=True,
        check=False,
    )
    return library if done.returncode == 0 else None
