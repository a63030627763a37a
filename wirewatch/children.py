"""The processes that `wirewatch up` runs: started, watched, restarted when they fall, stopped together."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

log = structlog.get_logger(__name__)

STOP_SECONDS = 20.0
RESTART_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 60.0


@dataclass
class Child:
    """One process: the `wirewatch` command it runs, and where its log goes."""

    name: str
    arguments: Sequence[str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    restart_at: float | None = None


@dataclass
class Children:
    """The processes of one `up`. `environment` is added to this process's own."""

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, arguments: Sequence[str], log_file: Path) -> None:
        """Start one `wirewatch` command as a child."""
        child = Child(name, arguments, log_file)
        self.children.append(child)
        self._spawn(child)

    def restart_fallen(self) -> list[str]:
        """Restart what has ended by itself, waiting longer each time it falls. Returns who fell just now."""
        fallen = []
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                steady = now - child.started_at > STEADY_SECONDS
                delay_seconds = RESTART_SECONDS[min(0 if steady else child.falls, len(RESTART_SECONDS) - 1)]
                child.falls = 1 if steady else child.falls + 1
                child.restart_at = now + delay_seconds
                log.warning("child_fell", child=child.name, exit_code=child.process.returncode)
                fallen.append(child.name)
                self._forget(child)
            elif child.restart_at is not None and now >= child.restart_at:
                self._spawn(child)
        return fallen

    def fallen(self) -> list[tuple[str, int]]:
        """Who has ended by itself of late, and how often in a row."""
        return [(child.name, child.falls) for child in self.children if child.falls]

    def stop(self) -> None:
        """SIGTERM to all, then SIGKILL to whoever is left."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("child_killed", pid=process.pid)
                process.kill()
                process.wait()
        for child in self.children:
            self._forget(child)

    def pid(self, name: str) -> int | None:
        """The process id of a running child."""
        for child in self.children:
            if child.name == name and child.process is not None:
                return child.process.pid
        return None

    def kill(self, name: str) -> None:
        """End a running child outright; `restart_fallen` starts it again."""
        for child in self.children:
            if child.name == name and child.process is not None:
                child.process.kill()

    def _spawn(self, child: Child) -> None:
        child.log_file.parent.mkdir(parents=True, exist_ok=True)
        with child.log_file.open("ab") as out:
            child.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "wirewatch", *child.arguments],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.environment},
                start_new_session=True,  # Ctrl-C reaches the parent alone, which stops us in order
            )
        child.started_at = time.monotonic()
        child.restart_at = None
        log.debug("child_started", child=child.name, pid=child.process.pid)

    @staticmethod
    def _forget(child: Child) -> None:
        pipe: IO[bytes] | None = child.process.stdin if child.process else None
        if pipe is not None:
            pipe.close()
        child.process = None
