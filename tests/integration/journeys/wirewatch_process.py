"""`wirewatch` as a person runs it: other processes, a data folder of their own, and what is left of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

READY = "Kafka 127.0.0.1:"


class Installation:
    """One data folder, and the commands run on it."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        clear = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
        self._environment = clear | {
            "WIREWATCH_DATA_DIR": str(folder),
            "COLUMNS": "200",
            "PYTHONUTF8": "1",
            **(variables or {}),
        }

    def run(self, *arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        command = [sys.executable, "-m", "wirewatch", *map(str, arguments)]
        return subprocess.run(
            command, input=stdin, env=self._environment, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip

    def found(self, query: str, *options: str) -> list[dict[str, Any]]:
        """What `search` finds."""
        done = self.run("search", "--json", *options, query)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self, *arguments: object) -> Running:
        """One command in the background."""
        return Running(self._environment, self.output_of(str(arguments[0])), arguments)

    def up(self, *arguments: object) -> Running:
        """`wirewatch up` in the background."""
        return self.start("up", *arguments)

    def output_of(self, command: str) -> Path:
        """What a command that was started prints."""
        return self.folder.parent / f"{self.folder.name}-{command}.txt"

    def processes(self) -> dict[int, str]:
        """Every process that works on this folder, by id: `up`, its children, and Java."""
        found = {}
        for process in Path("/proc").iterdir():
            if not process.name.isdecimal() or int(process.name) == os.getpid():
                continue
            try:
                environment = (process / "environ").read_bytes()
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if words and f"WIREWATCH_DATA_DIR={self.folder}".encode() + b"\0" in environment:
                found[int(process.name)] = words.replace(b"\0", b" ").decode()[-200:]
        return found


class Running:
    """A command that runs."""

    def __init__(self, environment: Mapping[str, str], output: Path, arguments: tuple[object, ...]) -> None:
        output.parent.mkdir(parents=True, exist_ok=True)
        self._output = output
        with self._output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wirewatch", *map(str, arguments)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def printed(self) -> str:
        return self._output.read_text("utf-8")

    def wait_until_ready(self) -> Running:
        wait_for(lambda: self.process.poll() is not None or READY in self.printed(), "up is ready", 120)
        assert self.process.poll() is None, self.printed()
        return self

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def end(self) -> None:
        """However the test went, leave nothing."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.25)
