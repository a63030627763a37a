"""Clusters that ask who is there: a Kafka broker with TLS and SASL, and TLS before Elasticsearch."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion

from tests.integration.secured.certificates import Authority, Certificate
from wirewatch.local import Progress
from wirewatch.local.kafka import Kafka
from wirewatch.local.process import free_ports
from wirewatch.settings import Settings

USER, GUEST = "wirewatch", "guest"
PASSWORD = 'correct "horse"; battery\\staple'
GUEST_PASSWORD = "may look at nothing"
ITERATIONS = 4096

SECURED = """
listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl_port},MUTUAL://127.0.0.1:{mutual_port},\
EXPIRED://127.0.0.1:{expired_port},ELSEWHERE://127.0.0.1:{elsewhere_port},\
CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl_port},MUTUAL://127.0.0.1:{mutual_port},\
EXPIRED://127.0.0.1:{expired_port},ELSEWHERE://127.0.0.1:{elsewhere_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,MUTUAL:SSL,\
EXPIRED:SSL,ELSEWHERE:SSL
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={truststore}
listener.name.mutual.ssl.client.auth=required
listener.name.expired.ssl.keystore.location={expired}
listener.name.elsewhere.ssl.keystore.location={elsewhere}
ssl.principal.mapping.rules=RULE:^CN=(.*?)$/$1/
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
user_{user}="{password}";
listener.name.sasl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:{user}
"""


class SecuredKafka(Kafka):
    """A broker that lets in by password over TLS (`sasl_port`), or by certificate (`mutual_port`), and has
    certificates that nobody should believe: one that is over, one of another host.

    The open listener of the local broker stays, for the test's own eyes. `GUEST` may do nothing.
    """

    sasl_port = 0
    mutual_port = 0
    expired_port = 0
    elsewhere_port = 0

    def __init__(self, folder: Path, settings: Settings, authority: Authority) -> None:
        super().__init__(folder, settings, Progress())
        self._authority = authority

    def properties(self, data: Path) -> str:
        self.sasl_port, self.mutual_port, self.expired_port, self.elsewhere_port = free_ports(
            self.sasl_port, self.mutual_port, self.expired_port, self.elsewhere_port
        )
        return super().properties(data) + SECURED.format(
            port=self.port,
            controller_port=self.controller_port,
            sasl_port=self.sasl_port,
            mutual_port=self.mutual_port,
            expired_port=self.expired_port,
            elsewhere_port=self.elsewhere_port,
            keystore=self._keystore("broker"),
            expired=self._keystore("expired", days=-1),
            elsewhere=self._keystore("elsewhere", hosts="DNS:elsewhere.example"),
            truststore=self._authority.ca.cert.as_posix(),
            user=USER,
            password=_in_jaas(PASSWORD),
        )

    def _keystore(self, name: str, **terms: Any) -> str:
        """The PEM file with a key and its certificate, made once."""
        file = self.folder / f"{name}-keystore.pem"
        if not file.exists():
            made = self._authority.sign(name, **terms)
            file.write_text(made.key.read_text("ascii") + made.cert.read_text("ascii"), "ascii")
        return file.as_posix()

    def add_users(self) -> None:
        """Make the users of SCRAM known. Those of PLAIN stand in the broker's configuration."""
        users = [
            UserScramCredentialUpsertion(user, mechanism, password, iterations=ITERATIONS)
            for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)
            for user, password in ((USER, PASSWORD), (GUEST, GUEST_PASSWORD))
        ]
        with closing(KafkaAdminClient(bootstrap_servers=self.bootstrap_servers)) as admin:
            for half in (users[:2], users[2:]):  # Kafka takes each user once a request
                assert set(admin.alter_user_scram_credentials(half).values()) == {None}


def _in_jaas(password: str) -> str:
    """Escaped for a quoted JAAS value, and then for a properties file."""
    return password.replace("\\", "\\\\").replace('"', '\\"').replace("\\", "\\\\")


@dataclass
class Gate:
    """TLS before an Elasticsearch node. Who does not send one of `allowed` gets the node's own 401."""

    url: str
    allowed: frozenset[str]
    asked: list[str] = field(default_factory=list)


@contextmanager
def tls_gate(node_url: str, certificate: Certificate, allowed: frozenset[str]) -> Iterator[Gate]:
    node = urlsplit(node_url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            gate.asked.append(f"{self.command} {self.path}")
            if self.headers.get("Authorization") not in gate.allowed:
                self._answer(
                    401,
                    [("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")],
                    REFUSAL,
                )
                return
            with closing(http.client.HTTPConnection(node, timeout=60)) as connection:
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
                self._answer(answer.status, headers, answer.read())

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 - as http.server wants it

        def log_message(self, *args: object) -> None:
            pass

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    with _Server(("127.0.0.1", 0), Handler) as server:
        gate = Gate(f"https://127.0.0.1:{server.server_address[1]}", allowed)
        server.context = context
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield gate
        finally:
            server.shutdown()
            thread.join()


HOP = {"connection", "transfer-encoding", "content-length"}
REFUSAL = json.dumps(
    {
        "error": {
            "type": "security_exception",
            "reason": "unable to authenticate with provided credentials and anonymous access is not allowed",
        },
        "status": 401,
    }
).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext

    def process_request_thread(self, request, client_address) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """The handshake is this connection's own affair: one that fails holds up no other."""
        try:
            request.settimeout(30)
            wrapped = self.context.wrap_socket(request, server_side=True)
        except OSError:
            request.close()
            return
        super().process_request_thread(wrapped, client_address)

    def handle_error(self, *args: object) -> None:
        """A client that goes away is no concern of the test's log."""
