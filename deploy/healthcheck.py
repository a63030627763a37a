"""Whether this container works: exit code 0 or 1. Standard library only, since it runs twice a minute.

    python healthcheck.py                         # it holds a connection to a Kafka broker
    python healthcheck.py http://127.0.0.1:1/path # it answers there

A worker or sink that hangs is noticed by itself (it ends, and is started again): what is left to see from
outside is whether it has found its broker.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

ESTABLISHED = "01"
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
ANSWER_SECONDS = 4.0


def broker_ports(servers: str) -> frozenset[int]:
    """The ports of `host:port,host:port`."""
    return frozenset(int(server.rpartition(":")[2]) for server in servers.split(",") if server.strip())


def has_connection(table: str, ports: Iterable[int]) -> bool:
    """Whether a connection to one of these ports stands, by Linux's table of TCP sockets."""
    wanted = {f"{port:04X}" for port in ports}
    sockets = [line.split() for line in table.splitlines()[1:]]
    return any(one[3] == ESTABLISHED and one[2].rpartition(":")[2] in wanted for one in sockets)


def answers(url: str) -> bool:
    """Whether an answer comes in time that tells of no failure; one that asks who we are tells of none."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS):  # noqa: S310 - the compose file's own
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def is_well(arguments: Sequence[str], servers: str) -> bool:
    """What is asked for holds."""
    if arguments:
        return answers(arguments[0])
    ports = broker_ports(servers)
    return any(has_connection(table.read_text(), ports) for table in TABLES if table.exists())


if __name__ == "__main__":
    brokers = os.environ.get("WIREWATCH_KAFKA__BOOTSTRAP_SERVERS", "")
    sys.exit(0 if is_well(sys.argv[1:], brokers) else 1)
