"""Which producers are alive: each holds the lock of a file, which the kernel takes from the dead."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


class Presence:
    """This producer among those that share a folder. `close` it at the end; being killed does as well."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = uuid.uuid4().hex
        self._lock = FileLock(self._path(self.name))
        self._lock.acquire(blocking=False)

    def is_alive(self, name: str) -> bool:
        """Whether the producer of this name runs."""
        if name == self.name:
            return True
        path = self._path(name)
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        path.unlink(missing_ok=True)
        lock.release()
        return False

    def close(self) -> None:
        """Leave."""
        with suppress(OSError):
            self._path(self.name).unlink(missing_ok=True)
        self._lock.release()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
