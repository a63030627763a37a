"""What a process serves of itself: metrics and health, from a thread of its own."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

import wirewatch.watching.own
from wirewatch.settings import ConfigurationError, load_settings
from wirewatch.watching import watching
from wirewatch.watching.health import SILENT_SECONDS, STARTING, Health
from wirewatch.watching.serving import PORTS

GROUP = "wirewatch-intake"


@pytest.fixture(autouse=True)
def unbound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger keeps the form of logs in which it first wrote, which may have been another test's."""
    monkeypatch.setattr(wirewatch.watching.own, "log", structlog.get_logger())


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def served(lines: list[Any]) -> str:
    [address] = [line["address"] for line in lines if line["event"] == "metrics_served"]
    return str(address)


def test_metrics_and_health_are_served_and_nothing_else() -> None:
    with capture_logs() as lines, watching(load_settings(metrics={"port": 0})) as seen:
        seen.expect(GROUP, ("language",))
        url = served(lines)
        status, text = get(f"{url}/metrics")
        assert status == 200
        assert f'wirewatch_stage_in_records_total{{group="{GROUP}",stage="language"}} 0' in text
        assert f'wirewatch_group_healthy{{group="{GROUP}"}} 0' in text
        assert get(f"{url}/")[0] == 404
        status, text = get(f"{url}/health")
        assert (status, json.loads(text)) == (503, {"status": "fault", "groups": {GROUP: STARTING}})
        seen.health.tell(GROUP, None)
        status, text = get(f"{url}/health")
        assert (status, json.loads(text)) == (200, {"status": "ok", "groups": {GROUP: "ok"}})
        assert f'wirewatch_group_healthy{{group="{GROUP}"}} 1' in get(f"{url}/metrics")[1]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{url}/health", timeout=2)


def test_nothing_is_served_without_a_port() -> None:
    with capture_logs() as lines, watching(load_settings()):
        assert lines == []


def test_processes_of_a_machine_set_alike_take_ports_side_by_side() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        if port + PORTS > 65535:
            pytest.skip("too near to the last port")
        settings = load_settings(metrics={"port": port})
        with capture_logs() as lines, watching(settings):
            found = int(served(lines).rpartition(":")[2])
        assert port < found < port + PORTS


def test_an_address_that_can_not_be_had_is_a_fault_of_the_settings() -> None:
    settings = load_settings(metrics={"port": 9465, "host": "192.0.2.1"})
    with pytest.raises(ConfigurationError, match="WIREWATCH_METRICS__PORT"), watching(settings):
        pass


def test_a_group_of_which_nothing_is_heard_is_not_well() -> None:
    now = 100.0
    health = Health(lambda: now)
    health.tell(GROUP, None)
    assert health.faults() == {GROUP: None}
    now += SILENT_SECONDS + 1
    assert health.faults() == {GROUP: "nothing was heard of it for 61 s"}
    health.tell(GROUP, "the broker does not answer")
    now += SILENT_SECONDS + 1
    assert "the broker does not answer" in (health.faults()[GROUP] or "")
