"""A Kafka cluster with TLS, by password and by certificate: let in, and turned away with the reason."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition

from schemas.topics import CLEAN
from tests.integration.secured.certificates import Certificate
from tests.integration.secured.clusters import GUEST, GUEST_PASSWORD, SecuredKafka
from tests.integration.secured.conftest import Daemon, Environment, Run

SECONDS_MAX = 20


def _found(secured: SecuredKafka, text: str) -> bool:
    """Whether a clean article holds a text, as seen through the broker's open listener."""
    consumer = KafkaConsumer(bootstrap_servers=secured.bootstrap_servers, group_id=None)
    try:
        partitions = [
            TopicPartition(CLEAN.name, number) for number in consumer.partitions_for_topic(CLEAN.name) or ()
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                if any(text.encode() in record.value for record in records):
                    return True
        return False
    finally:
        consumer.close()


@pytest.mark.parametrize("way", ["SCRAM-SHA-512", "PLAIN", "certificate"])
def test_topics_are_made_articles_written_and_agents_run(  # noqa: PLR0917 - fixtures
    way: str, by_password: Environment, by_certificate: Environment, secured: SecuredKafka, run: Run, tmp_path: Path
) -> None:  # fmt: skip
    settings = by_certificate if way == "certificate" else by_password | {"KAFKA__SASL_MECHANISM": way}
    applied = run(settings, "topics", "apply")
    assert applied.returncode == 0, applied.stderr
    text = f"Das Amt hat am Montag {uuid.uuid4().hex} neue Brücken eröffnet, sagte ein Sprecher."
    produced = run(settings, "produce", "--format", "text", "-", stdin=text)
    assert (produced.stdout, produced.stderr) == ("1 of 1 articles acknowledged\n", "")
    with Daemon(settings, tmp_path, "worker", "--groups", "intake") as worker:
        worker.wait_for(lambda: _found(secured, text))
    assert run(settings, "dlq", "list").returncode == 0


@pytest.fixture(
    params=["password by SCRAM", "password by PLAIN", "mechanism", "authority", "no certificate", "certificate over",
        "stranger's certificate", "broker's certificate over", "broker of another name", "no TLS", "port"]
)  # fmt: skip
def faulty(
    request: pytest.FixtureRequest,
    by_password: Environment,
    by_certificate: Environment,
    secured: SecuredKafka,
) -> tuple[Environment, str]:
    """Settings with one fault, and the words that tell which."""
    theirs, ours = request.getfixturevalue("theirs"), request.getfixturevalue("ours")

    def known_by(made: Certificate) -> Environment:
        return by_certificate | {"KAFKA__SSL_CERT_FILE": str(made.cert), "KAFKA__SSL_KEY_FILE": str(made.key)}

    def asking(port: int) -> Environment:
        return by_certificate | {"KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{port}"}

    certificates = ("KAFKA__SSL_CERT_FILE", "KAFKA__SSL_KEY_FILE")
    anonymous = {name: value for name, value in by_certificate.items() if name not in certificates}
    faults: dict[str, tuple[Environment, str]] = {
        "password by SCRAM": (by_password | {"KAFKA__SASL_PASSWORD": "battery"}, "KAFKA__SASL_PASSWORD"),
        "password by PLAIN": (
            by_password | {"KAFKA__SASL_PASSWORD": "battery", "KAFKA__SASL_MECHANISM": "PLAIN"},
            "does not let in user wirewatch by PLAIN",
        ),
        "mechanism": (by_password | {"KAFKA__SASL_USERNAME": "nobody"}, "does not let in user nobody"),
        "authority": (
            by_password | {"KAFKA__SSL_CA_FILE": str(theirs.ca.cert)},
            f"(now {theirs.ca.cert})",
        ),
        "no certificate": (anonymous, "KAFKA__SSL_CERT_FILE"),
        "certificate over": (known_by(ours.sign("over", days=-1)), "KAFKA__SSL_CERT_FILE"),
        "stranger's certificate": (known_by(theirs.sign("wirewatch")), "KAFKA__SSL_CERT_FILE"),
        "broker's certificate over": (asking(secured.expired_port), "certificate has expired"),
        "broker of another name": (asking(secured.elsewhere_port), "KAFKA__BOOTSTRAP_SERVERS"),
        "no TLS": (
            {"KAFKA__BOOTSTRAP_SERVERS": by_password["KAFKA__BOOTSTRAP_SERVERS"]},
            "KAFKA__SECURITY_PROTOCOL=PLAINTEXT",
        ),
        "port": (by_password | {"KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"}, "connection refused"),
    }
    return faults[request.param]


def test_who_is_not_let_in_is_told_why_in_seconds(faulty: tuple[Environment, str], run: Run) -> None:
    settings, told = faulty
    started = time.monotonic()
    done = run(settings, "topics", "apply")
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert time.monotonic() - started < SECONDS_MAX


@pytest.mark.parametrize(
    "arguments", [("produce", "-"), ("dlq", "list"), ("worker",), ("sink",), ("up",), ("doctor",)]
)
def test_no_command_goes_on_without_being_let_in(
    arguments: tuple[str, ...], by_password: Environment, by_key: Environment, run: Run
) -> None:
    started = time.monotonic()
    done = run(by_password | by_key | {"KAFKA__SASL_PASSWORD": "battery"}, *arguments)
    assert done.returncode == 1
    assert "does not let in user wirewatch" in " ".join((done.stdout + done.stderr).split())
    assert '"event"' not in done.stderr  # no log lines in the user's terminal
    assert time.monotonic() - started < SECONDS_MAX


def test_a_user_who_may_do_nothing_is_told_so(by_password: Environment, run: Run) -> None:
    guest = by_password | {"KAFKA__SASL_USERNAME": GUEST, "KAFKA__SASL_PASSWORD": GUEST_PASSWORD}
    for arguments in (("topics", "apply"), ("produce", "--format", "text", "-")):
        done = run(guest, *arguments, stdin="A text.")
        assert done.returncode == 1
        assert "Authorization" in done.stderr
        assert "Traceback" not in done.stderr
        assert '"event"' not in done.stderr


def test_a_file_that_is_none_is_a_fault_of_the_settings(by_password: Environment, run: Run) -> None:
    done = run(by_password | {"KAFKA__SSL_CA_FILE": "/nowhere.pem"}, "topics", "show")
    assert done.returncode == 2
    assert "/nowhere.pem" in done.stderr
