"""A child process that ends with its parent, however the parent ends.

`wirewatch up` holds the write end of each child's standard input and never writes to it. When the
parent is gone, even by SIGKILL, the kernel closes that end, and the child reads the end of file.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

GRACE_SECONDS = 8.0


def end_with_parent(grace_seconds: float = GRACE_SECONDS) -> None:
    """Send this process SIGTERM at the end of standard input, and end it outright after the grace."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(grace_seconds)
        os._exit(1)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()
