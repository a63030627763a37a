"""The scripts that run once in Compose, with real bash and curl, against servers that note what is asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
PASSWORD = "abcdef012345"

pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="the images have bash and curl"
)


@dataclass
class Server:
    """Answers every path with what it is told to, and remembers what came."""

    url: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.asked.append((self.command, self.path, body))
            status, text = told.answers.get(self.path, (200, '{"success":true}'))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        told.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        yield told
        http.shutdown()
        thread.join()


def _run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(DEPLOY / script)],
        env={"PATH": os.environ["PATH"], "ELASTIC_PASSWORD": PASSWORD} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_users_get_passwords_and_wirewatch_a_role(server: Server) -> None:
    done = _run(
        "elasticsearch/users.sh",
        ELASTICSEARCH_URL=server.url,
        KIBANA_PASSWORD=PASSWORD,
        WIREWATCH_PASSWORD="wirewatch01234",
    )
    assert done.returncode == 0, done.stderr
    asked = {path: (method, json.loads(body)) for method, path, body in server.asked}
    assert asked["/_security/user/kibana_system/_password"] == ("POST", {"password": PASSWORD})
    assert asked["/_security/user/wirewatch"][1] == {"password": "wirewatch01234", "roles": ["wirewatch"]}
    assert asked["/_security/role/wirewatch"][1]["indices"][0]["names"] == ["wirewatch-*"]
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize("password", ["short", 'abcdef"012345', "abcdef 012345"])
def test_a_password_that_would_not_fit_into_json_is_refused_first(server: Server, password: str) -> None:
    done = _run(
        "elasticsearch/users.sh",
        ELASTICSEARCH_URL=server.url,
        KIBANA_PASSWORD=PASSWORD,
        WIREWATCH_PASSWORD=password,
    )
    assert (done.returncode, server.asked) == (2, [])


def test_users_that_are_refused_are_told(server: Server) -> None:
    server.answers["/_security/role/wirewatch"] = (403, "{}")
    done = _run(
        "elasticsearch/users.sh",
        ELASTICSEARCH_URL=server.url,
        KIBANA_PASSWORD=PASSWORD,
        WIREWATCH_PASSWORD=PASSWORD,
    )
    assert done.returncode != 0


IMPORT = "/api/saved_objects/_import?overwrite=true"
RULE = "/api/alerting/rule/wirewatch-new-sanctions"


def test_dashboards_and_the_rule_are_sent_whole(server: Server) -> None:
    done = _run("kibana/import.sh", KIBANA_URL=server.url)
    assert done.returncode == 0, done.stderr
    [(_, first, form), (_, second, rule)] = server.asked
    assert (first, second) == (IMPORT, RULE)
    assert (DEPLOY / "kibana" / "wirewatch.ndjson").read_bytes() in form
    assert json.loads(rule) == json.loads((DEPLOY / "kibana" / "new-sanctions.rule.json").read_text())


def test_a_rule_that_is_there_is_left(server: Server) -> None:
    server.answers[RULE] = (409, "{}")
    assert _run("kibana/import.sh", KIBANA_URL=server.url).returncode == 0


@pytest.mark.parametrize(
    ("path", "answer"),
    [(IMPORT, (200, '{"success":false,"errors":[{"id":"x"}]}')), (IMPORT, (403, "no")), (RULE, (400, "no"))],
)
def test_what_is_not_taken_is_told(server: Server, path: str, answer: tuple[int, str]) -> None:
    server.answers[path] = answer
    done = _run("kibana/import.sh", KIBANA_URL=server.url)
    assert done.returncode == 1
    assert answer[1] in done.stderr
