"""Small disks that can be filled: tmpfs mounts, where this process may mount."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SIZE = "4g"
"""More than a run writes; memory is taken only by what is written."""


class Disk:
    """A folder on a file system of its own, if `is_small`; else an ordinary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.is_small = _mount(["-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)])

    def fill(self) -> None:
        """Leave no room: the file system becomes as small as what it holds."""
        held = os.statvfs(self.folder)
        used_kib = (held.f_blocks - held.f_bfree) * held.f_frsize // 1024
        _mount(["-o", f"remount,size={max(used_kib, 1)}k", str(self.folder)])

    def free(self) -> None:
        """Give the room back."""
        _mount(["-o", f"remount,size={SIZE}", str(self.folder)])

    def close(self) -> None:
        """Unmount; what it held is gone."""
        if self.is_small:
            subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)


def _mount(arguments: list[str]) -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0
