"""How an `up` ends: by Ctrl-C, by a kill, by itself; and that the next one goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.journeys.wirewatch_process import Installation, wait_for
from wirewatch.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc for what is left")

KILLED_SECONDS = 15


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """`settings` is asked for, since where its services can't start, these can't either."""
    made = Installation(tmp_path / "data")
    yield made
    for process in made.processes():
        os.kill(process, signal.SIGKILL)


def _lines(mark: str, count: int) -> str:
    return "\n".join(
        json.dumps({"id": f"{mark}-{n}", "source": "quay.example", "text": f"Berth {n} of quay {mark} opens on day {n}.\n\n"
                    f"The harbour office said on Monday that berth {n} would take {n + 3} ferries a week from spring."})
        for n in range(count)
    )  # fmt: skip


def test_killed_outright_it_leaves_nothing_and_the_next_one_loses_nothing(installation: Installation) -> None:
    mark = uuid.uuid4().hex[:8]
    up = installation.up().wait_until_ready()
    try:
        assert len(installation.processes()) == 7  # itself, two workers, a sink, the desk, two of Java
        done = installation.run("produce", "-", stdin=_lines(mark, 60))
        assert done.stdout == "60 of 60 articles acknowledged\n"
        up.process.kill()
        up.process.wait()
        wait_for(lambda: installation.processes() == {}, "nothing is left", KILLED_SECONDS)
        up = installation.up().wait_until_ready()
        wait_for(lambda: len(installation.found(mark, "--limit", "100")) == 60, "all are in the index", 90)
        assert up.interrupt() == 0, up.printed()
        assert up.printed().endswith("Stopping…\nStopped.\n")
        assert '"event"' not in up.printed()
        assert installation.processes() == {}
    finally:
        up.end()


def test_fed_and_told_to_exit_it_says_where_each_article_went(settings: Settings, tmp_path: Path) -> None:
    """On clusters that the settings name: it starts neither broker nor node."""
    mark = uuid.uuid4().hex[:8]
    elsewhere = Installation(
        tmp_path / "data",
        {
            "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
            "WIREWATCH_ELASTICSEARCH__URL": settings.elasticsearch.url or "",
            "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix,
        },
    )
    (tmp_path / "quay.jsonl").write_text(_lines(mark, 3) + "\nno JSON\n", "utf-8")
    up = elsewhere.up("--exit-when-idle", "--input", tmp_path / "quay.jsonl")
    try:
        up.wait_until_ready()
        assert not [words for words in elsewhere.processes().values() if "java" in words]
        assert up.process.wait(120) == 0, up.printed()
    finally:
        up.end()
    printed = up.printed().splitlines()
    for number in range(3):
        assert any(line.startswith(f"{mark}-{number}: indexed") for line in printed), up.printed()
    assert f"{tmp_path / 'quay.jsonl'}:4: dead-lettered: not_json" in printed
    assert any(line.startswith("4 articles, 0 missing, ") for line in printed)
    assert not (elsewhere.folder / "kafka").exists()
    assert elsewhere.processes() == {}
    assert {hit["id"] for hit in elsewhere.found(mark)} != set()
