"""The small HTTP server beside a worker or sink, and of `wirewatch metrics`: GET on a few paths.

It has a thread of its own, so that it answers while the process works, and also while it hangs.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEAD_SECONDS = 10.0
PORTS = 16


@dataclass(frozen=True)
class Answer:
    """What a path answers."""

    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK


Answers = Mapping[str, Callable[[], Answer]]


def listening(host: str, port: int, answers: Answers, ports: int = 1) -> ThreadingHTTPServer:
    """A server at the port, or at the next free one of so many; 0 takes any. To be closed.

    Raises `OSError` where it can't listen.
    """
    for candidate in range(port, port + ports):
        try:
            return _Server((host, candidate if port else 0), _handler(answers))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == port + ports - 1:
                raise
    raise AssertionError("unreachable")


@contextmanager
def serving(host: str, port: int, answers: Answers) -> Iterator[str]:
    """Answers in a thread until left. Its address: several processes of a machine, set alike, share
    `PORTS` ports from the one that is set. Raises `OSError`.
    """
    with listening(host, port, answers, PORTS) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="serving", daemon=True)
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = HEAD_SECONDS

        def do_GET(self) -> None:
            make = answers.get(self.path)
            if make is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            answer = make()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: a scrape every half minute tells nobody anything."""

    return Handler
