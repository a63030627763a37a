"""A service as a child process: started, watched until ready, stopped, never left behind.

Every service runs under `Guard` (java/Guard.java), which ends the JVM when our end of its standard input
closes, however we die, and which keeps a second JVM out of the service's folder. The child has a session
of its own, so that Ctrl-C at the terminal reaches us alone and we stop it in order.

The pipe to the child must not be inherited by other children of ours: start those by `subprocess` or by
multiprocessing's "spawn", not by a bare fork.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from wirewatch.local.classes import ClassSet, ensure_classes
from wirewatch.local.errors import ServiceFailedError
from wirewatch.local.jars import JarSet, ensure_jars
from wirewatch.local.java import find_java
from wirewatch.local.progress import Progress
from wirewatch.settings import Settings

READY_SECONDS = 120
STOP_SECONDS = 20
PROBE_EVERY_SECONDS = 0.2
TAIL_CHARACTERS = 3000
QUICK = ("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto")

LOG4J = """\
status = error
shutdownHook = disable
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {folder}/{name}.log
appender.file.filePattern = {folder}/{name}.%i.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{ISO8601}} %-5p [%c{{1}}] %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""


class Service(ABC):
    """One service in one folder. `start` can be called again after `stop` or `kill`."""

    name: str
    jar_set: JarSet
    class_set: ClassSet
    main_class: str
    heap_mb: int
    jvm_options: tuple[str, ...] = ()

    def __init__(self, folder: Path, settings: Settings, progress: Progress | None = None) -> None:
        self.folder = folder.absolute()
        self.logs = self.folder / "logs"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings
        self._progress = progress or Progress()
        self.port = 0

    @abstractmethod
    def arguments(self) -> Sequence[str]:
        """Choose ports, write the configuration, and say what the main class is called with."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the service does its work now (an open port does not show that)."""

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start and wait until ready. Raises `LocalServiceError`."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start without waiting: services come up side by side."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self._java = find_java(self.class_set.oldest_java)
        jars = ensure_jars(self.jar_set, self._settings, self._progress)
        classes = ensure_classes(self.class_set, jars, self._java, self._settings, self._progress)
        self._class_path = os.pathsep.join(map(str, [classes, *jars]))
        arguments = self.arguments()
        heap = (f"-Xms{self.heap_mb}m", f"-Xmx{self.heap_mb}m")
        with self.output_path.open("wb") as output:
            self.process = self._spawn(heap, self.main_class, arguments, output)

    @property
    def output_path(self) -> Path:
        """What the process wrote before and beside its log."""
        return self.logs / f"{self.name}.out"

    def run_tool(self, main_class: str, *arguments: str) -> None:
        """Run another main class of the same jars to its end. Raises `ServiceFailedError`."""
        with self._spawn((), main_class, arguments, subprocess.PIPE) as tool:
            assert tool.stdout is not None
            said = tool.stdout.read().decode(errors="replace")
            code = tool.wait()
        if code != 0:
            raise ServiceFailedError(f"{self.jar_set.title}: {main_class} ended with code {code}\n{said}")

    def _spawn(
        self, heap: Sequence[str], main_class: str, arguments: Sequence[str], output: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        config = self.logs / "log4j2.properties"
        write_properties(config, LOG4J.format(folder=self.logs.as_posix(), name=self.name))
        log = f"-Dlog4j2.configurationFile={config.as_uri()}"
        guard = ("wirewatch.Guard", str(self.folder / "jvm.lock"), main_class)
        return subprocess.Popen(  # noqa: S603
            [str(self._java.executable), *QUICK, *self.jvm_options, log, *heap, *guard, *arguments],
            env={**os.environ, "CLASSPATH": self._class_path},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        """Raises `ServiceFailedError`, with the end of the log, if it ends or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        with self._progress.waiting(f"Starting {self.jar_set.title}"):
            while not self.is_ready():
                if not self.running:
                    raise ServiceFailedError(self._failure(f"ended with code {self._reap()} while starting"))
                if time.monotonic() > deadline:
                    self.stop()
                    raise ServiceFailedError(self._failure(f"was not ready after {READY_SECONDS} s"))
                time.sleep(PROBE_EVERY_SECONDS)

    def _failure(self, what: str) -> str:
        tails = [_tail(self.output_path), _tail(self.logs / f"{self.name}.log")]
        return f"{self.jar_set.title} {what}. Its log, {self.logs}, ends:\n" + "\n".join(filter(None, tails))

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after `STOP_SECONDS`."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reap()

    def kill(self) -> None:
        """SIGKILL, as a crash would be."""
        if self.process is not None:
            self.process.kill()
            self._reap()

    def _reap(self) -> int:
        assert self.process is not None
        assert self.process.stdin is not None
        code = self.process.wait()
        self.process.stdin.close()
        return code

    def restart(self) -> None:
        """Stop if running, start again on the same data and the same port, so that clients reconnect."""
        self.stop()
        self.start()


def write_properties(path: Path, text: str) -> None:
    r"""Write a Java properties file: Latin-1 by definition, other characters as `\uXXXX` (UTF-16)."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    escaped = "".join(chr(code) if code < 0x80 else f"\\u{code:04x}" for code in codes)
    path.write_text(escaped, encoding="ascii")


def free_port(wanted: int = 0) -> int:
    """A free loopback port: `wanted` if it still is, else one that the system picks."""
    [port] = free_ports(wanted)
    return port


def free_ports(*wanted: int) -> list[int]:
    """As many, no two the same: of a port that was asked for alone the system may think again."""
    with ExitStack() as held:
        return [held.enter_context(_bound(port)).getsockname()[1] for port in wanted]


def _bound(wanted: int) -> socket.socket:
    probe = socket.socket()
    if os.name != "nt":
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", wanted))
    except OSError:
        probe.close()
        return _bound(0)
    return probe


def is_open(port: int) -> bool:
    """Whether something listens on a loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _tail(path: Path) -> str:
    if not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace")[-TAIL_CHARACTERS:].strip()
