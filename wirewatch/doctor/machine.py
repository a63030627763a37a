"""The machine: interpreter, packages, open files, room on disk, memory."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from wirewatch.doctor.finding import Finding, listed
from wirewatch.settings import PREFIX, Settings

OLDEST_PYTHON = (3, 11)
LITTLE_DISK_BYTES = 5 * 10**9
NO_DISK_BYTES = 10**9
FEW_FILES = 1024
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
MEMINFO = Path("/proc/meminfo")
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)( ?;)?", re.MULTILINE)


def python(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """The interpreter is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield Finding("Python", "ok", version)
    else:
        yield Finding("Python", "fault", version, "install Python 3.11 or newer, then `make run`")


def packages(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """The packages are those that were tested together, where a checkout's lock file says which."""
    if not LOCK.exists():
        return
    differing = list(unlike(LOCK.read_text(encoding="utf-8"), _installed()))
    if differing:
        what = f"{len(differing)} differ from the lock file: {listed(differing)}"
        yield Finding("packages", "fault", what, f"`pip install --no-deps --require-hashes -r {LOCK.name}`")
    else:
        yield Finding("packages", "ok", f"as {LOCK.name} names them")


def unlike(lock: str, installed: Mapping[str, str]) -> Iterator[str]:
    """What is installed in another version than a lock file pins, or not at all, each in words.

    A package may be pinned differently for different machines, and for some not at all.
    """
    pins: dict[str, list[str]] = {}
    needed = set()
    for name, version, condition in _PIN.findall(lock):
        pins.setdefault(_plain(name), []).append(version)
        if not condition:
            needed.add(_plain(name))
    for name, versions in pins.items():
        found = installed.get(name)
        if found is None and name in needed:
            yield f"{name} is missing"
        elif found is not None and found not in versions:
            yield f"{name} is {found}, not {' or '.join(versions)}"


def _installed() -> dict[str, str]:
    return {_plain(one.metadata["Name"]): one.version for one in metadata.distributions()}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def files(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """A process may open enough files: workers' memories are many."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    what = "as many as wanted" if soft == resource.RLIM_INFINITY else f"{soft} at once"
    if soft != resource.RLIM_INFINITY and soft < FEW_FILES:
        mend = "raise it: `ulimit -n 65535` in the shell, LimitNOFILE= for systemd"
        yield Finding("open files", "fault", f"{what}; {FEW_FILES} are needed", mend)
    else:
        yield Finding("open files", "ok", what)


def disk(settings: Settings) -> Iterator[Finding]:
    """The folders can be written, and there is room."""
    for subject, folder, variable in (
        ("data folder", settings.data_dir, "DATA_DIR"),
        ("cache folder", settings.cache_dir, "CACHE_DIR"),
    ):
        elsewhere = f"use another folder with {PREFIX}{variable}"
        existing = _nearest_existing(folder)
        free_bytes = shutil.disk_usage(existing).free
        room = f"{folder}: {free_bytes / 1e9:.1f} GB free"
        if not (existing.is_dir() and os.access(existing, os.W_OK)):
            yield Finding(subject, "fault", f"{folder} can't be written", elsewhere)
        elif free_bytes < NO_DISK_BYTES:
            yield Finding(subject, "fault", room, f"make room, or {elsewhere}")
        elif free_bytes < LITTLE_DISK_BYTES:
            yield Finding(subject, "note", room, f"soon make room, or {elsewhere}")
        else:
            yield Finding(subject, "ok", room)


def _nearest_existing(folder: Path) -> Path:
    return next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())


def memory(needed_bytes: int) -> Iterator[Finding]:
    """The machine, or the container, has that much memory; nothing where it does not tell."""
    total_bytes = memory_bytes()
    if total_bytes is None:
        return
    what = f"{total_bytes / 1e9:.1f} GB"
    if total_bytes < needed_bytes:
        mend = "take a larger machine, or raise the container's limit; or use clusters elsewhere"
        yield Finding("memory", "fault", f"{what}; {needed_bytes / 1e9:.1f} GB are needed here", mend)
    else:
        yield Finding("memory", "ok", what)


def memory_bytes() -> int | None:
    """What this process and its children may have together: the machine's, or its container's limit."""
    found: list[int] = []
    with suppress(OSError, AttributeError):
        found.append(1024 * int(re.search(r"MemTotal:\s+(\d+) kB", MEMINFO.read_text())[1]))  # type: ignore[index]
    for limit in LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(limit.read_text()))
    return min(found, default=None)
