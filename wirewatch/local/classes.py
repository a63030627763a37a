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
from pathlib import Path

from wirewatch.local.errors import LocalServiceError
from wirewatch.local.jars import COMPILER, ensure_jars
from wirewatch.local.java import Java
from wirewatch.local.progress import Progress
from wirewatch.settings import Settings

SOURCES = Path(__file__).parent / "java"
COMPILE_SECONDS = 180


def ensure_classes(
    sources: Sequence[str],
    jars: Sequence[Path],
    java: Java,
    settings: Settings,
    *,
    target: int,
    progress: Progress | None = None,
) -> Path:
    """The folder with the compiled `sources` (file names in `java/`), for Java `target` and newer.

    Raises `LocalServiceError` with the compiler's words where they do not compile.
    """
    paths = [SOURCES / name for name in sources]
    folder = settings.cache_dir / "classes" / _fingerprint(paths, jars, target)
    if not folder.is_dir():
        (compiler,) = ensure_jars(COMPILER, settings, progress)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix="compiling-"))
        try:
            _compile(paths, jars, java, compiler, fresh, target)
            _name(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _name(fresh: Path, folder: Path) -> None:
    try:
        os.replace(fresh, folder)
    except OSError:
        if not folder.is_dir():  # else another process was first, with the same classes
            raise


def _fingerprint(paths: Sequence[Path], jars: Sequence[Path], target: int) -> str:
    digest = hashlib.sha256(f"{target}\n{[jar.name for jar in jars]}\n".encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(
    paths: Sequence[Path], jars: Sequence[Path], java: Java, compiler: Path, out: Path, target: int
) -> None:
    class_path = os.pathsep.join(map(str, jars))
    command = [java.executable, "-jar", compiler, "-nowarn", "-encoding", "UTF-8", f"-{target}", "-d", out]
    if class_path:
        command += ["-classpath", class_path]
    answer = subprocess.run(  # noqa: S603
        [*command, *paths],
        capture_output=True,
        text=True,
        timeout=COMPILE_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if answer.returncode != 0:
        raise LocalServiceError(
            f"the Java sources in {SOURCES} do not compile with Java {java.major}:\n{answer.stderr}"
        )
