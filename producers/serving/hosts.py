"""Under which name a request was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


def is_loopback(hosts: Sequence[str]) -> bool:
    """Whether the `Host` headers of a request are one, and a name that only this machine can mean.

    A page in a browser here may rebind a name of its own to 127.0.0.1, and then has that name in `Host`.
    Read as it was sent: what a library takes for no host at all, it may replace by the server's own.
    """
    return len(hosts) == 1 and _LOOPBACK.fullmatch(hosts[0]) is not None
