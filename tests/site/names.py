"""Names of sites, resolved as a test says, so that one local server can be many domains."""

from __future__ import annotations

import socket
from typing import Any

import pytest


def resolve(monkeypatch: pytest.MonkeyPatch, names: dict[str, str | list[list[str]]]) -> list[str]:
    """Let `names` resolve to addresses; any other name has none. Gives the list of names asked.

    A list of lists is one answer a time, the last for ever: a name that changes (DNS rebinding).
    """
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        told = names[host]
        turns = [[told]] if isinstance(told, str) else told
        addresses = turns[min(asked.count(host), len(turns)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
