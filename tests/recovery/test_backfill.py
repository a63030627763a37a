"""A few hundred articles of an archive beside live news, the backfill killed in its middle.

How much slower live news may get is measured by the long run, alone on its machine; here other tests' noise
allows only that they do not stop.
"""

from __future__ import annotations

import pytest

from tests.recovery.backfill import run, scene
from wirewatch.local import Progress
from wirewatch.settings import Settings

ARTICLES, LIVE, RATE = 300, 30, 5.0
LATE_SECONDS_MAX = 20.0


def test_an_archive_is_loaded_whole_after_a_kill_and_alerts_nobody(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_NAMES__MODEL", "gazetteer")
    monkeypatch.setenv("WIREWATCH_ELASTICSEARCH__INDEX_PREFIX", ready.elasticsearch.index_prefix)
    with scene(ready, Progress()) as running:
        report = run(running, ARTICLES, LIVE, RATE)
    assert report.nothing_lost, str(report)
    assert report.killed_at < report.indexed == ARTICLES
    assert report.alerts_of_live > 0, "live news tell of sanctions too"
    assert report.beside.p95 < LATE_SECONDS_MAX, str(report)
