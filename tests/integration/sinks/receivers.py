"""Real receivers of alerts: an HTTP server and an SMTP server of a test's own, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import Any


class Web:
    """What was posted, and what is answered; what holds the word in `refuses` is refused."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0
        self.refuses = ""
        self.received: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    def answer(self, body: bytes, headers: dict[str, str]) -> int:
        """The status for a request, which is kept if it is taken."""
        self.asked += 1
        if self.status != 200:
            return self.status
        if self.refuses and self.refuses in body.decode():
            return 400
        self.received.append(json.loads(body))
        self.headers.append(headers)
        return 200


@contextmanager
def web() -> Iterator[Web]:
    """An HTTP server that takes posts."""
    kept = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(kept.answer(body, dict(self.headers.items())))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        kept.url = f"http://127.0.0.1:{port}/hook"
        yield kept


class Post:
    """The mails that were taken. While `down`, each is answered with 451."""

    def __init__(self) -> None:
        self.down = False
        self.mails: list[EmailMessage] = []
        self.port = 0


@contextmanager
def post() -> Iterator[Post]:
    """An SMTP server (RFC 5321, as much as a client needs)."""
    kept = Post()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            for line in self.rfile:
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    self._take()
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("451 later" if kept.down and verb == b"MAIL" else "250 ok")

        def _take(self) -> None:
            self._say("354 go on")
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            mail = message_from_bytes(b"".join(lines), policy=default)
            assert isinstance(mail, EmailMessage)
            kept.mails.append(mail)
            self._say("250 taken")

        def _say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    with _served(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        kept.port = port
        yield kept


@contextmanager
def _served(server: TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
