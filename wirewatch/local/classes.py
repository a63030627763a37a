"""Our few Java classes, compiled once into the cache by Eclipse's compiler (a Java runtime has none).

The compiled folder is named after what went into it: sources, jars and Java version. A changed source
is another folder; a half-written one never gets the name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wirewatch.local.errors import LocalServiceError
from wirewatch.local.jars import COMPILER, ensure_jars
from wirewatch.local.java import OLDEST, Java
from wirewatch.local.progress import Progress
from wirewatch.settings import Settings

SOURCES = Path(__file__).parent / "java"
COMPILE_SECONDS = 180


@dataclass(frozen=True)
class ClassSet:
    """Source files (names in `java/`) and the oldest Java that their classes run on."""

    sources: tuple[str, ...]
    oldest_java: int = OLDEST

    def paths(self) -> list[Path]:
        """The source files."""
        return [SOURCES / name for name in self.sources]

    def fingerprint(self, jars: Sequence[Path]) -> str:
        """Sixteen hexadecimal digits that change with anything that goes into the classes."""
        digest = hashlib.sha256(f"{self.oldest_java}\n{[jar.name for jar in jars]}\n".encode())
        for path in self.paths():
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def ensure_classes(
    wanted: ClassSet, jars: Sequence[Path], java: Java, settings: Settings, progress: Progress
) -> Path:
    """The folder with the compiled classes, which may use `jars`.

    Raises `LocalServiceError` with the compiler's words where they do not compile.
    """
    folder = settings.cache_dir / "classes" / wanted.fingerprint(jars)
    if folder.is_dir():
        return folder
    (compiler,) = ensure_jars(COMPILER, settings, progress)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix="compiling-"))
    try:
        _compile(wanted, jars, [str(java.executable), "-jar", str(compiler)], fresh)
        _give_name(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _give_name(fresh: Path, folder: Path) -> None:
    try:
        fresh.replace(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first, with the same classes
            raise


def _compile(wanted: ClassSet, jars: Sequence[Path], compiler: Sequence[str], out: Path) -> None:
    options = ["-nowarn", "-encoding", "UTF-8", f"-{wanted.oldest_java}", "-d", str(out)]
    class_path = ["-classpath", os.pathsep.join(map(str, jars))] if jars else []
    answer = subprocess.run(  # noqa: S603
        [*compiler, *options, *class_path, *map(str, wanted.paths())],
        capture_output=True,
        text=True,
        timeout=COMPILE_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if answer.returncode != 0:
        raise LocalServiceError(f"{', '.join(wanted.sources)} do not compile:\n{answer.stderr}")
