"""A Kafka that asks who is there, and a gate of TLS and keys before the session's Elasticsearch."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

import pytest

from tests.integration.secured.certificates import Authority, Certificate, authority
from tests.integration.secured.clusters import PASSWORD, USER, Gate, SecuredKafka, tls_gate
from wirewatch.local import LocalServices
from wirewatch.settings import load_settings

Environment = dict[str, str]
Run = Callable[..., subprocess.CompletedProcess[str]]

API_KEY = base64.b64encode(b"an-id:a-most-secret-key").decode()
NODE_USER, NODE_PASSWORD = "elastic", "a most secret word"


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory, services: LocalServices) -> Authority:
    """`services` is asked for first: where it can't start, these tests are skipped with the reason."""
    if shutil.which("openssl") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no openssl program")
    return authority(tmp_path_factory.mktemp("certificates") / "ours")


@pytest.fixture(scope="session")
def theirs(ours: Authority) -> Authority:
    """An authority that signed nothing here."""
    return authority(ours.ca.cert.parent.parent / "theirs")


@pytest.fixture(scope="session")
def client(ours: Authority) -> Certificate:
    return ours.sign(USER)


@pytest.fixture(scope="session")
def secured(ours: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    folder = tmp_path_factory.mktemp("secured")
    broker = SecuredKafka(folder, load_settings(data_dir=folder), ours)
    broker.start()
    broker.add_users()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def gate(ours: Authority, elasticsearch: str) -> Iterator[Gate]:
    basic = base64.b64encode(f"{NODE_USER}:{NODE_PASSWORD}".encode()).decode()
    with tls_gate(
        elasticsearch, ours.sign("node"), frozenset({f"ApiKey {API_KEY}", f"Basic {basic}"})
    ) as made:
        yield made


@pytest.fixture
def by_password(secured: SecuredKafka, ours: Authority) -> Environment:
    return {
        "KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{secured.sasl_port}",
        "KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA__SASL_MECHANISM": "SCRAM-SHA-512",
        "KAFKA__SASL_USERNAME": USER,
        "KAFKA__SASL_PASSWORD": PASSWORD,
        "KAFKA__SSL_CA_FILE": str(ours.ca.cert),
    }


@pytest.fixture
def by_certificate(secured: SecuredKafka, ours: Authority, client: Certificate) -> Environment:
    return {
        "KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{secured.mutual_port}",
        "KAFKA__SECURITY_PROTOCOL": "SSL",
        "KAFKA__SSL_CA_FILE": str(ours.ca.cert),
        "KAFKA__SSL_CERT_FILE": str(client.cert),
        "KAFKA__SSL_KEY_FILE": str(client.key),
    }


@pytest.fixture
def by_key(gate: Gate, ours: Authority) -> Environment:
    return {
        "ELASTICSEARCH__URL": gate.url,
        "ELASTICSEARCH__CA_FILE": str(ours.ca.cert),
        "ELASTICSEARCH__API_KEY": API_KEY,
        "ELASTICSEARCH__INDEX_PREFIX": f"test-{uuid.uuid4().hex[:12]}",
    }


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(settings, *arguments, stdin=…)`: one `wirewatch` command; what it prints holds no secret."""

    def wirewatch(
        settings: Mapping[str, str], *arguments: str, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "wirewatch", *arguments],
            env=environment(settings, tmp_path),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert_no_secret(done.stdout + done.stderr)
        return done

    return wirewatch


class Daemon:
    """A `wirewatch` command that runs until it is told to stop, at the most talkative log level."""

    def __init__(self, settings: Mapping[str, str], folder: Path, *arguments: str) -> None:
        self._log = folder / f"{arguments[0]}.log"
        with self._log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wirewatch", "--log-level", "debug", *arguments],
                env=environment(settings, folder),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            assert self.process.wait(30) == 0, self.log()
        finally:
            self.process.kill()
        assert_no_secret(self.log())

    def log(self) -> str:
        return self._log.read_text("utf-8")

    def wait_for(self, what: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.2)


def environment(settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    own = {f"WIREWATCH_{name}": value for name, value in settings.items()}
    return {**os.environ, "WIREWATCH_DATA_DIR": str(folder), "COLUMNS": "160", "PYTHONUTF8": "1"} | own


def assert_no_secret(text: str) -> None:
    for secret in ("battery", "a most secret", API_KEY, base64.b64encode(b"elastic:a most").decode()[:12]):
        assert secret not in text
