"""The proxy carries, and misbehaves only as told."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.faults.proxy import Proxy


class _Echo(StreamRequestHandler):
    def handle(self) -> None:
        with suppress(OSError):
            while data := self.request.recv(65536):
                self.request.sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with ThreadingTCPServer(("127.0.0.1", 0), _Echo) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        with Proxy(lambda: server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()
        thread.join()


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client:
        yield client


def _echoed(client: socket.socket, data: bytes) -> bytes:
    """What comes back, up to the end or as much as was sent."""
    client.sendall(data)
    found = b""
    while len(found) < len(data):
        try:
            chunk = client.recv(65536)
        except ConnectionResetError:
            break
        if not chunk:
            break
        found += chunk
    return found


def test_carries_everything_in_order(proxy: Proxy, client: socket.socket) -> None:
    data = bytes(range(256)) * 4000
    assert _echoed(client, data) == data


def test_delays(proxy: Proxy, client: socket.socket) -> None:
    proxy.delay_seconds = 0.15
    started = time.monotonic()
    assert _echoed(client, b"late") == b"late"
    assert time.monotonic() - started >= 0.3


def test_cuts_half_way_and_heals(proxy: Proxy, client: socket.socket) -> None:
    proxy.cut_after_bytes = 1000
    assert len(_echoed(client, b"x" * 5000)) <= 1000
    proxy.heal()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as another:
        assert _echoed(another, b"x" * 5000) == b"x" * 5000


def test_drops(proxy: Proxy, client: socket.socket) -> None:
    assert _echoed(client, b"here") == b"here"
    proxy.drop()
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_refuses(proxy: Proxy) -> None:
    proxy.refusing = True
    with (
        pytest.raises(ConnectionResetError),
        socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as refused,
    ):
        assert refused.recv(1)
