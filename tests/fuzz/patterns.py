"""Every regular expression of ours, found by watching `re` while our modules load and our parsers run."""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("schemas", "producers", "processors", "sinks", "wirewatch")
_OURS = tuple(f"{REPOSITORY / package}/" for package in PACKAGES)


@dataclass(frozen=True)
class Found:
    """A pattern, and the first place that compiled it, as `path:line`."""

    pattern: re.Pattern[Any]
    place: str


def collect() -> list[Found]:
    """All of them: of modules and lexicons as they are imported, of functions as every target's samples
    call them. Must be called before anything of ours is imported.
    """
    found: dict[tuple[object, int], Found] = {}
    with _watched(found):
        for package in PACKAGES:
            _import_all(package)
        _run_samples()
    return sorted(found.values(), key=lambda each: each.place)


@contextmanager
def _watched(found: dict[tuple[object, int], Found]) -> Iterator[None]:
    compiled = re._compile  # type: ignore[attr-defined]

    def watching(pattern: Any, flags: int) -> Any:
        made = compiled(pattern, flags)
        place = _place()
        if place and (made.pattern, made.flags) not in found:
            found[made.pattern, made.flags] = Found(made, place)
        return made

    re._compile = watching  # type: ignore[attr-defined]
    try:
        yield
    finally:
        re._compile = compiled  # type: ignore[attr-defined]


def _place() -> str:
    """Who called `re`, if it is one of us."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename == re.__file__:
        frame = frame.f_back
    name = frame.f_code.co_filename
    return f"{Path(name).relative_to(REPOSITORY)}:{frame.f_lineno}" if name.startswith(_OURS) else ""


def _import_all(package: str) -> None:
    root = import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # an extra that is not installed: torch
                import_module(module.name)


def _run_samples() -> None:
    from tests.fuzz.targets import TARGETS, load

    for name in TARGETS:
        target = load(name)
        for sample in target.samples:
            target.read(sample)
