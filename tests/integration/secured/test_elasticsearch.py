"""An Elasticsearch cluster behind TLS, by key and by password: let in, and turned away with the reason."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer

from schemas.topics import ENRICHED
from schemas.wire import encode
from sinks.elasticsearch.templates import KINDS
from tests.integration.secured.certificates import Authority
from tests.integration.secured.clusters import Gate, SecuredKafka, tls_gate
from tests.integration.secured.conftest import API_KEY, NODE_PASSWORD, NODE_USER, Daemon, Environment, Run
from tests.unit.sinks.records import article

SECONDS_MAX = 20


@pytest.fixture
def by_name(by_key: Environment) -> Environment:
    return {name: value for name, value in by_key.items() if not name.endswith("API_KEY")} | {
        "ELASTICSEARCH__USERNAME": NODE_USER,
        "ELASTICSEARCH__PASSWORD": NODE_PASSWORD,
    }


def test_what_the_sink_writes_with_a_key_is_found_with_a_password(  # noqa: PLR0917 - fixtures
    by_key: Environment, by_name: Environment, by_password: Environment, secured: SecuredKafka, run: Run, tmp_path: Path
) -> None:  # fmt: skip
    kafka = by_password | {"KAFKA__SASL_MECHANISM": "PLAIN"}
    assert run(kafka, "topics", "apply").returncode == 0
    applied = run(by_key, "index", "apply")
    assert (applied.returncode, applied.stdout.count("created")) == (0, len(KINDS)), applied.stderr
    written = uuid.uuid4().hex
    producer = KafkaProducer(bootstrap_servers=secured.bootstrap_servers)
    producer.send(ENRICHED.name, key=written.encode(), value=encode(article(id=written)))
    producer.close()

    def found() -> set[str]:
        lines = run(by_name, "search", "--json", "--lang", "ar", "عقوبة").stdout.splitlines()
        return {json.loads(line)["id"] for line in lines}

    with Daemon(kafka | by_key, tmp_path, "sink") as sink:
        sink.wait_for(lambda: written in found())
    assert run(by_key, "rules", "list").returncode == 0


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("key", ("index", "apply")),
        ("key", ("sink",)),
        ("password", ("search", "x")),
        ("authority", ("index", "apply")),
        ("no authority", ("search", "x")),
        ("no authority", ("sink",)),
        ("no TLS", ("rules", "list")),
    ],
)
def test_who_is_not_let_in_is_told_why_in_seconds(  # noqa: PLR0917 - fixtures
    fault: str, arguments: tuple[str, ...], by_key: Environment, by_name: Environment, by_password: Environment,
    gate: Gate, request: pytest.FixtureRequest, run: Run,
) -> None:  # fmt: skip
    theirs = request.getfixturevalue("theirs").ca.cert
    plain = {"ELASTICSEARCH__URL": gate.url.replace("https:", "http:")}
    settings, told = {
        "key": (by_key | {"ELASTICSEARCH__API_KEY": "a most secret"}, "ELASTICSEARCH__API_KEY"),
        "password": (by_name | {"ELASTICSEARCH__PASSWORD": "a most secret"}, "ELASTICSEARCH__PASSWORD"),
        "authority": (by_key | {"ELASTICSEARCH__CA_FILE": str(theirs)}, f"(now {theirs})"),
        "no authority": (
            {name: value for name, value in by_key.items() if not name.endswith("CA_FILE")},
            "ELASTICSEARCH__CA_FILE",
        ),
        "no TLS": (plain, "ELASTICSEARCH__URL right"),
    }[fault]
    if arguments == ("sink",):
        settings |= by_password
    started = time.monotonic()
    done = run(settings, *arguments)
    assert done.returncode == 1
    assert told in done.stderr
    assert '"event"' not in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - started < SECONDS_MAX


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"days": -1}, "certificate has expired"),
        ({"hosts": "DNS:elsewhere.example"}, "certificate was made for in WIREWATCH_ELASTICSEARCH__URL"),
    ],
)
def test_a_node_s_certificate_that_is_over_or_of_another_host_is_not_believed(  # noqa: PLR0917 - fixtures
    terms: dict[str, Any], told: str, by_key: Environment, ours: Authority, elasticsearch: str, run: Run
) -> None:
    made = ours.sign(f"node-{next(iter(terms))}", **terms)
    with tls_gate(elasticsearch, made, frozenset({f"ApiKey {API_KEY}"})) as gate:
        for arguments in (("index", "apply"), ("search", "x")):
            done = run(by_key | {"ELASTICSEARCH__URL": gate.url}, *arguments)
            assert done.returncode == 1
            assert told in done.stderr
            assert "http://" not in done.stderr, "nobody is told to do without TLS"
            assert "Traceback" not in done.stderr
            assert '"event"' not in done.stderr
        assert gate.asked == []


def test_desk_metrics_and_push_are_let_in_like_the_rest(
    by_key: Environment, by_password: Environment, run: Run, tmp_path: Path
) -> None:
    settings = (
        by_password | by_key | {"DESK__TOKEN": "a most secret token", "PUSH__PORT": "0", "DESK__PORT": "0"}
    )
    assert run(settings, "topics", "apply").returncode == 0
    assert run(settings, "index", "apply").returncode == 0
    measured = run(settings, "metrics", "--once")
    assert measured.returncode == 0, measured.stderr
    assert "wirewatch_" in measured.stdout
    assert run(settings, "designations", "list").returncode == 0
    with Daemon(settings, tmp_path, "desk") as desk, httpx.Client(trust_env=False, timeout=30) as client:
        desk.wait_for(lambda: "The desk: " in desk.log())
        url = desk.log().partition("The desk: ")[2].split()[0]
        state = client.get(f"{url}api/state", headers={"Authorization": "Bearer a most secret token"}).json()
        assert state["stages"]
        assert state["counts"]["articles"] == 0
        assert client.get(f"{url}api/state").status_code == 401
    with (
        Daemon(settings, tmp_path, "push-server") as server,
        httpx.Client(trust_env=False, timeout=30) as client,
    ):
        server.wait_for(lambda: "push_endpoint_ready" in server.log())
        [ready] = [json.loads(line) for line in server.log().splitlines() if "push_endpoint_ready" in line]
        answer = client.post(
            f"http://127.0.0.1:{ready['port']}/articles", json={"text": "A bridge was opened on Monday."}
        )
        assert (answer.status_code, answer.json()["accepted"]) == (202, 1)


def test_the_doctor_names_the_setting(by_key: Environment, by_password: Environment, run: Run) -> None:
    fine = run(by_password | by_key, "doctor")
    assert "node(s) at https://" in fine.stdout
    for fault in ({"ELASTICSEARCH__API_KEY": "a most secret"}, {"ELASTICSEARCH__CA_FILE": "/nowhere.pem"}):
        done = run(by_password | by_key | fault, "doctor")
        assert done.returncode == 1
        assert f"WIREWATCH_{next(iter(fault))}" in done.stdout
