"""The commands as a user runs them, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from schemas.article import Party
from schemas.designation import Designation
from schemas.topics import DECIDED, ENRICHED
from schemas.wire import encode
from sinks.consumer import SESSION_SECONDS
from sinks.elasticsearch.actions import action_for
from tests.integration.sinks.bench import Bench, wait_for
from tests.unit.sinks.records import TITLE, article, designation, mention
from wirewatch.kafka import admin_options, producer_options
from wirewatch.settings import Settings
from wirewatch.topics import apply_topics

JOINED_SECONDS = 4.0


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
        "WIREWATCH_ELASTICSEARCH__URL": settings.elasticsearch.url or "",
        "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix,
        "WIREWATCH_DATA_DIR": str(settings.data_dir),
        "COLUMNS": "200",
    }


def _wirewatch(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wirewatch", *arguments],
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def _sink(settings: Settings, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "wirewatch", "sink", *arguments],
        env=_environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        lines.extend(iter(process.stdout.readline, ""))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _started(lines: list[str]) -> int:
    return sum('"sink_started"' in line for line in list(lines))


@pytest.fixture
def topics(settings: Settings) -> None:
    admin = KafkaAdminClient(**admin_options(settings.kafka))
    try:
        apply_topics(admin, settings.kafka)
    finally:
        admin.close()


@pytest.mark.usefixtures("topics")
def test_what_is_produced_is_found_and_alerted_on(settings: Settings) -> None:
    run = uuid.uuid4().hex
    sanction = msgspec.structs.replace(mention().sanction, designation_id=run)
    with _sink(settings) as (process, lines):
        wait_for(lambda: _started(lines) == 2, "both sinks running")
        producer = KafkaProducer(**producer_options(settings.kafka))
        producer.send(ENRICHED.name, key=run.encode(), value=encode(article(id=run)))
        producer.send(DECIDED.name, key=run.encode(), value=encode(mention(id=run, sanction=sanction)))
        producer.flush()
        producer.close()
        wait_for(
            lambda: any(line.startswith("ALERT critical") for line in list(lines)), "an alert on the console"
        )

        def found() -> list[str]:
            return _wirewatch(settings, "search", "--lang", "ar", "--json", "عقوبة").stdout.splitlines()

        wait_for(lambda: run in {json.loads(line)["id"] for line in found()}, "the article is found")
        table = _wirewatch(settings, "search", "United States | شركتين")
        assert table.returncode == 0
        assert TITLE in table.stdout
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.usefixtures("topics")
def test_a_sink_ends_with_its_parent(settings: Settings) -> None:
    with _sink(settings, "--only", "elasticsearch", "--end-with-parent") as (process, lines):
        wait_for(lambda: _started(lines) == 1, "the sink running")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.mark.usefixtures("topics")
def test_a_sink_ends_when_asked_to_though_it_waits_for_the_session_of_one_that_died(
    settings: Settings,
) -> None:
    only = ("--only", "elasticsearch")
    with _sink(settings, *only) as (first, lines):
        wait_for(lambda: _started(lines) == 1, "the first sink running")
        time.sleep(JOINED_SECONDS)
        first.kill()
    with _sink(settings, *only) as (second, lines):
        wait_for(lambda: _started(lines) == 1, "the second sink running")
        second.send_signal(signal.SIGTERM)
        assert second.wait(SESSION_SECONDS / 2) == 0


def test_indices_and_rules_are_applied_and_listed(settings: Settings) -> None:
    listed = _wirewatch(settings, "rules", "list")
    assert listed.returncode == 1
    assert "wirewatch index apply" in listed.stderr
    first, second = (_wirewatch(settings, "index", "apply") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.count("created") == 6
    assert second.stdout.count("unchanged") == 6
    assert "new-sanctions-mention: created" in _wirewatch(settings, "rules", "apply").stdout
    assert "new-sanctions-mention" in _wirewatch(settings, "rules", "list").stdout


def test_the_ledger_is_listed_and_shown(bench: Bench) -> None:
    us = designation(id="aaaa1111")
    eu = designation(
        id="aaaa2222",
        issuers=[Party(text="Евросоюз", name="European Union", entity="org:EU")],
        first_seen_at="2026-04-01T00:00:00Z",
        sightings=[msgspec.structs.replace(us.sightings[0], language="ru", title="Евросоюз ввёл санкции")],
    )
    for record in (us, eu):
        action = action_for(record, bench.prefix)
        assert action is not None
        bench.client.index(index=action.index, id=action.id, document=json.loads(action.source), refresh=True)

    def listed(*options: str) -> list[str]:
        lines = _wirewatch(bench.settings, "designations", "list", "--json", *options).stdout.splitlines()
        return [json.loads(line)["id"] for line in lines]

    assert listed() == ["aaaa2222", "aaaa1111"]
    assert listed("--limit", "1") == ["aaaa2222"]
    assert listed("--issuer", "الاتحاد الأوروبي") == listed("--issuer", "org:EU") == ["aaaa2222"]
    assert listed("--issuer", "united states treasury") == ["aaaa1111"]
    assert listed("--since", "2026-03-20") == listed("--lang", "ru") == ["aaaa2222"]
    assert listed("--act", "lifted") == []
    table = _wirewatch(bench.settings, "designations", "list").stdout
    assert "2 of 2 designations" in table
    shown = _wirewatch(bench.settings, "designations", "show", "aaaa1")
    assert TITLE in shown.stdout
    assert "akhbar.example" in shown.stdout
    whole = _wirewatch(bench.settings, "designations", "show", "--json", "aaaa1").stdout
    assert msgspec.json.decode(whole, type=Designation) == us
    assert (
        "more than one id begins with aaaa"
        in _wirewatch(bench.settings, "designations", "show", "aaaa").stderr
    )
    missing = _wirewatch(bench.settings, "designations", "show", "zz")
    assert (missing.returncode, "no designation has the id zz" in missing.stderr) == (1, True)


def test_a_faulty_rule_is_told_with_its_line(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nwatch: articles\nquery: {match_all: {}}\nseverity: loud\n", encoding="utf-8")
    checked = _wirewatch(settings, "rules", "check", str(path))
    assert checked.returncode == 1
    assert f"{path}:4: severity" in checked.stderr


def test_a_command_without_a_node_says_what_to_do(settings: Settings) -> None:
    nowhere = settings.model_copy(
        update={"elasticsearch": settings.elasticsearch.model_copy(update={"url": "http://127.0.0.1:1"})}
    )
    started = time.monotonic()
    searched = _wirewatch(nowhere, "search", "x")
    assert searched.returncode == 1
    assert "no Elasticsearch answers at http://127.0.0.1:1" in searched.stderr
    assert "Traceback" not in searched.stderr
    assert time.monotonic() - started < 20
