"""`wirewatch rules` against a real node, in this process."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from schemas.dead_letter import Origin
from schemas.wire import encode
from sinks.alerts.sink import AlertSink
from sinks.consumer import Delivery
from sinks.elasticsearch.actions import action_for
from tests.integration.sinks.bench import Bench, hold
from tests.unit.sinks.records import TITLE, article
from wirewatch.commands.rules import command

RULE = """\
id: korea
type: frequency
watch: articles
words: عقوبة
window: 6h
count: 2
channels: [desk]
owner: Asia desk
"""
CHANNELS = "desk: {type: atom, folder: /tmp/never-written}\n"


def _run(bench: Bench, *arguments: str, folder: Path | None = None) -> Result:
    alerts = bench.settings.alerts.model_copy(update={"rules_dir": folder})
    settings = bench.settings.model_copy(update={"alerts": alerts})
    return CliRunner().invoke(command, list(arguments), obj=settings, env={"COLUMNS": "120"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "korea.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    return tmp_path


def _two_articles(bench: Bench) -> list[Delivery]:
    now = datetime.now(UTC) - timedelta(hours=1)
    made = [
        article(id=f"a{n}", fetched_at=(now + timedelta(minutes=n)).isoformat(timespec="milliseconds"))
        for n in range(2)
    ]
    for one in made:
        action = action_for(one, bench.prefix)
        assert action is not None
        document = msgspec.json.decode(action.source)
        bench.client.index(index=action.index, id=action.id, document=document, refresh=True)
    return [Delivery(one, Origin(topic="t"), encode(one)) for one in made]


def test_a_rule_is_tried_applied_silenced_and_its_alerts_are_listed(bench: Bench, folder: Path) -> None:
    deliveries = _two_articles(bench)
    tried = _run(bench, "test", str(folder / "korea.yaml"), "--since", "2d")
    assert tried.exit_code == 0, tried.output
    assert "korea: 1 alerts, 0 kept quiet; 2 articles match" in tried.output
    assert f"{TITLE}  [2 in 6h (from 2 on)]  https://akhbar.example/1" in tried.output
    assert bench.documents("alerts") == bench.documents("memory") == {}

    assert "korea: created" in _run(bench, "apply", folder=folder).output
    mistaken = _run(bench, "silence", "corea", "--for", "2h", "--because", "exercise")
    assert (mistaken.exit_code, "is korea meant?" in mistaken.output) == (1, True)
    silenced = _run(bench, "silence", "korea", "--for", "2h", "--because", "exercise", "--owner", "Kim")
    assert silenced.exit_code == 0, silenced.output
    listed = _run(bench, "list").output
    assert "Asia desk" in listed
    assert "(exercise)" in listed

    AlertSink(bench.client, bench.prefix, [], topics={}).write(deliveries, hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    shown = _run(bench, "alerts", "--status", "suppressed").output
    assert f"korea: {TITLE}" in shown
    assert "by Kim: exercise" in shown
    [line] = _run(bench, "alerts", "--json", "--rule", "korea").output.splitlines()
    assert json.loads(line)["owner"] == "Asia desk"
    assert _run(bench, "alerts", "--status", "sent").output == ""
    assert _run(bench, "resend", json.loads(line)["id"]).exit_code == 1


def test_a_rule_that_names_a_channel_nobody_knows_is_a_fault(bench: Bench, folder: Path) -> None:
    assert _run(bench, "check", folder=folder).exit_code == 0
    (folder / "channels.yaml").write_text("mail: {type: email, host: h}\n", encoding="utf-8")
    assert f"{folder / 'channels.yaml'}:1: mail: " in _run(bench, "check", folder=folder).output
    (folder / "channels.yaml").unlink()
    assert "korea.yaml:7: there is no channel desk" in _run(bench, "check", folder=folder).output


@pytest.mark.parametrize("wrong", ["7", "d", "0d", "7 weeks", "-1d", "1y"])
def test_a_length_of_time_that_is_none_says_how_to_write_one(bench: Bench, wrong: str) -> None:
    answered = _run(bench, "alerts", "--since", wrong)
    assert answered.exit_code == 2
    assert "90s, 15m, 6h, 7d, 2w" in answered.output


def test_the_schema_of_a_rule_is_json_schema(bench: Bench) -> None:
    schema = json.loads(_run(bench, "schema").output)
    assert "window" in schema["$defs"]["Rule"]["properties"]
