"""What strangers write ends no line of a log, forges none and steers no terminal; no library tells secrets."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

HOSTILE = "news\n2026-01-01 [info] all_is_well\r\x1b[2J\x9b31m\u202eabc\u2066\u2028\ud800 العربية"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SCRIPT = """
import logging, sys, structlog
from wirewatch.logs import configure_logs
form, level, hostile = sys.argv[1], sys.argv[2], sys.argv[3].encode("ascii").decode("unicode_escape")
configure_logs(level, form)
log = structlog.get_logger("wirewatch.test")
log.warning("page_refused", url=hostile, title=[hostile], number=3, of=None)
logging.getLogger("trafilatura").warning("can not read %s", hostile)
log.warning("asked", urls=["https://user:marker@example.org/a?b=c@d", "ftp://marker@example.org", "https://example.org/@name"])
try:
    password = "".join(["mar", "ker"])
    raise ValueError(hostile)
except ValueError:
    log.exception("failed", detail=hostile)
"""


def said(form: str, level: str = "info", script: str = SCRIPT) -> list[str]:
    escaped = HOSTILE.encode("unicode_escape").decode("ascii")
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", script, form, level, escaped],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stderr.decode("utf-8").split("\n")


def test_a_record_is_a_line_of_json_with_the_words_as_they_were() -> None:
    lines = said("json")
    assert lines.pop() == ""
    assert not any(STEERING.search(line) for line in lines)
    records = [json.loads(line) for line in lines]
    assert [one["event"] for one in records] == ["page_refused", f"can not read {HOSTILE}", "asked", "failed"]
    assert (records[0]["url"], records[0]["title"], records[0]["number"]) == (HOSTILE, [HOSTILE], 3)
    assert "العربية" in lines[0]
    assert records[2]["urls"] == [
        "https://…@example.org/a?b=c@d",
        "ftp://…@example.org",
        "https://example.org/@name",
    ]


def test_on_a_console_a_record_is_a_line_and_a_trace_shows_no_values() -> None:
    lines = said("console")
    assert not any(STEERING.search(line) for line in lines)
    begun = [line for line in lines if re.match(r"\d{4}-\d\d-\d\dT\S+ \[", line)]
    assert [line.split("] ", 1)[1].split()[0] for line in begun] == ["page_refused", "can", "asked", "failed"]
    assert any(line.startswith("ValueError") for line in lines)
    assert not any("marker" in line for line in lines)


@pytest.mark.parametrize("level", ["debug", "info"])
def test_no_address_that_holds_a_token_is_told_by_the_library_that_asks_it(level: str) -> None:
    """Telegram's bots have their token in the path; httpx tells of every request."""
    script = """
import http.server, sys, threading
from wirewatch.logs import configure_logs
from sinks.alerts.channels import ChannelError, WebhookChannel
from schemas.alert import Alert
configure_logs(sys.argv[2], "json")
class Refusing(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_error(int(self.path[-3:]))
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Refusing)
threading.Thread(target=server.serve_forever, daemon=True).start()
alert = Alert(id="1", rule="r", key="k", created_at="2026-01-01T00:00:00Z", severity="info", title="t",
              text="x", article_id="a", source="s", language="en")
base = f"http://127.0.0.1:{server.server_port}/botmarker:token/"
for url in (base + "200", base + "401", base + "500", "http://127.0.0.1:1/botmarker", "http://botmarker:pw:x/",
            "http://bot marker.example/", f"https://127.0.0.1:{server.server_port}/botmarker"):
    try:
        WebhookChannel(url).send(alert)
    except ChannelError as error:
        print(error, repr(error.__cause__), file=sys.stderr)
server.shutdown()
"""
    lines = said("json", level, script)
    assert "answered 401" in "\n".join(lines)
    assert not any("marker" in line for line in lines), lines
