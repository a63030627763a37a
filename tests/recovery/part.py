"""One `wirewatch` process as a supervisor has it: started, killed, stopped, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from wirewatch.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
WIREWATCH = ("-m", "wirewatch")
SHOWN_CHARACTERS = 20_000
"""How many characters of a part's log a failed test shows."""


@dataclass
class Part:
    """A context manager: runs on entering, and is gone on leaving, whatever became of it.

    `program` are the interpreter's arguments before the command's own. Where a test fails, its log is shown.
    """

    settings: Settings
    arguments: Sequence[str]
    program: Sequence[str] = WIREWATCH
    variables: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log_file(self) -> Path:
        """Where all its runs speak."""
        return self.settings.data_dir / "logs" / f"{'-'.join(self.arguments).replace(',', '-')[:80]}.log"

    def start(self) -> None:
        """Start, or start again."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, *self.arguments],
                cwd=ROOT,
                env={**os.environ, **environment(self.settings), **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, to a process that must be running."""
        assert self.process is not None
        assert self.process.poll() is None, self.said()
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it outright."""
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def has_ended(self) -> bool:
        """Whether it has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def supervised(self) -> bool:
        """Start it again where it has ended, as one that joins too slowly for a short limit does. True."""
        if self.has_ended():
            self.start()
        return True

    def said(self) -> str:
        """Its log."""
        return self.log_file.read_text("utf-8")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        if self.process is not None:
            self.process.wait()
        if error is not None:
            error.add_note(f"{' '.join(self.arguments)} said:\n{self.said()[-SHOWN_CHARACTERS:]}")


def environment(settings: Settings) -> dict[str, str]:
    """What a process needs to know to work with these services, with the model that is quick to load."""
    return {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
        "WIREWATCH_ELASTICSEARCH__URL": settings.elasticsearch.url or "",
        "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix,
        "WIREWATCH_DATA_DIR": str(settings.data_dir),
        "WIREWATCH_NAMES__MODEL": settings.names.model,
    }


def wait_for(
    condition: Callable[[], bool], what: str, seconds: float = 60.0, look_seconds: float = 0.1
) -> float:
    """How many seconds it took for the condition to hold; a failure after `seconds`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(look_seconds)
    return time.monotonic() - began
