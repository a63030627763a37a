"""What receivers of alerts may do to us, and what articles may do to their readers besides (see also
tests/unit/sinks/test_alert_messages.py).
"""

from __future__ import annotations

import gzip
import http.server
import threading
import time
from collections.abc import Iterator
from typing import Any, cast

import pytest
from click.testing import CliRunner

from sinks.alerts.channels import ChannelError, WebhookChannel
from sinks.alerts.rule import Rule
from tests.unit.sinks.test_alert_messages import _notice
from wirewatch.cli import main

SECONDS_MAX = 5.0
HOSTILE = "\x1b]0;gone\x07\x9b2J\u202eabc"


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def receiver(asked: list[str]) -> Iterator[str]:
    """A receiver that answers as its path says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            status = 302 if self.path == "/redirect" else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://{self.headers['Host']}/inside")
            if self.path == "/bomb":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            try:
                if self.path == "/bomb":
                    self.wfile.write(gzip.compress(b"\0" * 200_000_000))
                while self.path == "/endless":
                    self.wfile.write(b"more and more ")
            except OSError:  # the sender has heard enough
                pass

        do_GET = do_POST  # noqa: N815 - as http.server wants it

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_receiver_sends_an_alert_nowhere_else(receiver: str, asked: list[str]) -> None:
    with pytest.raises(ChannelError, match="answered 302"):
        WebhookChannel(f"{receiver}/redirect").send(_notice())
    assert asked == ["/redirect"]


@pytest.mark.parametrize("path", ["/bomb", "/endless"])
def test_a_receivers_answer_is_not_read(receiver: str, path: str) -> None:
    begun = time.monotonic()
    WebhookChannel(receiver + path).send(_notice())
    assert time.monotonic() - begun < SECONDS_MAX


def test_a_rule_names_channels_and_no_addresses() -> None:
    """Who may write rules by the desk must not have us ask a network that they can't reach."""
    fields = set(Rule.__struct_fields__)
    assert {name for name in fields if "url" in name or "host" in name or "webhook" in name} == set()


def test_what_enrich_could_not_read_steers_no_terminal(tmp_path: Any) -> None:
    file = tmp_path / f"{HOSTILE}.jsonl"
    file.write_text('{"text": 1, "id": "\\u001b[2J"}\n', "utf-8")
    arguments = ["--log-level", "error", "enrich", str(file)]
    done = CliRunner(env={"WIREWATCH_NAMES__MODEL": "gazetteer"}).invoke(cast("Any", main), arguments)
    assert done.exit_code == 1
    assert "wrong_type" in done.output
    assert not set(done.output) & set("\x1b\x07\x9b\u202e")
