"""An SMTP server with TLS and passwords (RFC 5321, 3207, 4954: as much as a client needs)."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer

from tests.integration.secured.certificates import Certificate


@dataclass
class Office:
    """What was heard, line by line, in the clear and under TLS, and the mails that were taken.

    `at_once`: TLS from the first byte. `offers`: STARTTLS, which a man between can leave out. `injected` is
    said in the clear behind the answer to STARTTLS, by somebody who hopes it is heard as under TLS.
    """

    password: str
    at_once: bool = False
    offers: bool = True
    injected: str = ""
    port: int = 0
    clear: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def passwords(self) -> list[str]:
        """The passwords given under TLS (AUTH PLAIN)."""
        given = [line.split()[2] for line in self.secret if line.upper().startswith("AUTH PLAIN ")]
        return [base64.b64decode(one).split(b"\0")[2].decode() for one in given]


class _Server(ThreadingTCPServer):
    office: Office
    context: ssl.SSLContext


class _Session(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.office = self.server.office
        self.heard = self.office.clear
        with suppress(OSError):  # a client that does not like our certificate
            if self.office.at_once:
                self._turn_secret()
            self._talk()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _turn_secret(self) -> None:
        self.rfile.close()
        self.wfile.close()
        self.connection = self.server.context.wrap_socket(self.request, server_side=True)
        self.setup_files()
        self.heard = self.office.secret

    def setup_files(self) -> None:
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def _talk(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode():
            self.heard.append(line.strip())
            verb = line.upper().split()[0]
            if verb == "QUIT":
                return self._say("221 bye")
            self._answer(verb)
        return None

    def _answer(self, verb: str) -> None:
        if verb == "STARTTLS":
            self._say("\r\n".join(filter(None, ["220 go on", self.office.injected])))
            self._turn_secret()
        elif verb == "DATA":
            self._say("354 go on")
            self.office.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say("250 taken")
        elif verb == "EHLO":
            offered = ["250-STARTTLS"] if self.office.offers and self.heard is self.office.clear else []
            self._say("\r\n".join(["250-test", *offered, "250 AUTH PLAIN"]))
        elif verb == "AUTH" and self.office.passwords()[-1:] != [self.office.password]:
            self._say("535 wrong")
        else:
            self._say("235 come in" if verb == "AUTH" else "250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def open_office(office: Office, certificate: Certificate) -> Iterator[Office]:
    """The office, with a port, while the context lasts."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.office = office
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate.cert, certificate.key)
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
