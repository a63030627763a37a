"""Other machines' clocks against ours: articles' times, alert windows and leases are compared across them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from wirewatch.doctor.finding import Finding

SKEW_SECONDS = 30.0


def clock(subject: str, theirs: float | None) -> Iterator[Finding]:
    """Another machine's clock against ours; nothing where it is not told."""
    if theirs is None:
        return
    skew_seconds = theirs - time.time()
    if abs(skew_seconds) > SKEW_SECONDS:
        way = "ahead of" if skew_seconds > 0 else "behind"
        what = f"{abs(skew_seconds):.0f} s {way} this machine's"
        yield Finding(
            subject, "fault", what, "let both machines ask a time server (chrony, systemd-timesyncd)"
        )
    else:
        yield Finding(subject, "ok", "agrees with this machine's")
