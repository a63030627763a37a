"""What tells Docker that a container works."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.healthcheck import answers, broker_ports, has_connection, is_well

TABLE = Path("/proc/net/tcp")


def test_the_ports_of_all_brokers() -> None:
    assert broker_ports("kafka-1:9092, kafka-2:9093,[::1]:9094") == {9092, 9093, 9094}


@pytest.mark.skipif(not TABLE.exists(), reason="Linux only")
def test_a_connection_to_a_broker_is_seen_and_one_that_has_ended_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        port = broker.getsockname()[1]
        servers = f"127.0.0.1:{port}"
        assert not is_well([], servers), "listening is not being connected"
        with socket.create_connection(("127.0.0.1", port)), broker.accept()[0]:
            assert is_well([], servers)
            assert has_connection(TABLE.read_text(), {port})
            assert not has_connection(TABLE.read_text(), {1})
    assert not is_well([], servers)


@pytest.fixture
def served() -> Iterator[str]:
    """A server that answers with the status in its path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path[1:]))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "well"), [(200, True), (401, True), (500, False), (503, False)])
def test_an_answer_that_tells_of_no_failure(served: str, status: int, well: bool) -> None:
    assert answers(f"{served}/{status}") is well


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert not answers(f"http://127.0.0.1:{port}/")
