"""Every way of writing an address of this machine or network that a URL has, given to what fetches.

tests/unit/fetching/test_addresses.py has the ranges; tests/integration/fetching redirects and rebinding.
"""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from producers.fetching import FetchError
from producers.fetching.transport import CheckedTransport

FORMS = (
    "http://127.0.0.1/", "http://127.1/", "http://0/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/",
    "http://0177.0.0.1/", "http://127.0.0.1./", "http://news.example@127.0.0.1/", "http://news.example:80@127.0.0.1:80/",
    "http://127.0.0.1#@news.example/", "http://127.0.0.1?@news.example/", "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/",
    "http://127。0。0。1/", "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[fec0::1]/", "http://[fd00::1]/",
    "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://192.0.0.192/",
    "http://localhost/", "http://LOCALHOST/", "http://ⓛocalhost/", "http://localhost./", "http://inside.example/",
    "http://mixed.example/",
)  # fmt: skip
NAMES = {"localhost": ["127.0.0.1"], "localhost.": ["127.0.0.1"], "inside.example": ["10.0.0.1"], "mixed.example": ["8.8.8.8", "::1"]}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host.lower() not in NAMES:
            raise AssertionError(f"{host} was taken for a name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in NAMES[host.lower()]]

    async def connect(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", connect)


@pytest.mark.parametrize("url", FORMS)
def test_no_way_of_writing_it_leads_inside(url: str) -> None:
    async def asked() -> None:
        transport = CheckedTransport()
        try:
            await transport.handle_async_request(httpx.Request("GET", url))
        finally:
            await transport.aclose()

    with pytest.raises((FetchError, httpx.InvalidURL)) as caught:
        asyncio.run(asked())
    if isinstance(caught.value, FetchError):
        assert caught.value.reason in {"private_address", "bad_url"}
