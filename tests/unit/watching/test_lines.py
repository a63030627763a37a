"""Lines in the log: grep an article's id, and see where it went."""

from __future__ import annotations

import time
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from schemas.hops import Fate, StageTime
from tests.unit.watching.records import Arrived
from wirewatch.settings import load_settings
from wirewatch.watching import Watching, tells_every_article, watching

GROUP = "wirewatch-intake"
DEAD = Fate("a2", "dead", "boilerplate", "stage_failed", "ValueError: no")
DROPPED = Fate("a3", "dropped", "boilerplate", "not_an_article")


def told(fates: list[Fate], times: dict[str, StageTime] | None = None, *, every: bool = False) -> list[Any]:
    seen = Watching(every_article=every)
    with capture_logs() as lines:
        hop = seen.hop(GROUP, ("boilerplate",), [Arrived(offset) for offset in range(len(fates))])
        hop.end(fates, times or {})
    return lines


def test_what_passes_is_not_told_unless_asked_for() -> None:
    assert told([Fate("a1")]) == []
    [line] = told([Fate("a1")], every=True)
    assert line == {
        "event": "passed", "log_level": "info", "article_id": "a1", "group": GROUP,
        "topic": "articles.raw", "partition": 2, "offset": 0,
    }  # fmt: skip


def test_what_is_set_aside_is_told_with_place_and_reason() -> None:
    dead, dropped = told([Fate("a1"), DEAD, DROPPED])
    assert (dead["event"], dead["log_level"], dead["article_id"]) == ("dead_letter", "warning", "a2")
    assert (dead["stage"], dead["reason"], dead["detail"]) == (
        "boilerplate",
        "stage_failed",
        "ValueError: no",
    )
    assert (dead["topic"], dead["partition"], dead["offset"]) == ("articles.raw", 2, 1)
    assert (dropped["event"], dropped["log_level"]) == ("dropped", "info")
    assert dropped["reason"] == "not_an_article"


def test_what_took_long_is_told_with_the_slowest_stage() -> None:
    times = {"language": StageTime(time.time(), 1, 1), "boilerplate": StageTime(time.time(), 9.5, 9)}
    [line] = told([Fate("a1"), Fate("a2")], times)
    assert (line["event"], line["stage"], line["article_ids"]) == ("slow", "boilerplate", ["a1", "a2"])


def test_a_watcher_that_fails_harms_nobody() -> None:
    [line] = told([Fate("a1", "gone")])  # type: ignore[arg-type]
    assert line["event"] == "not_watched"


@pytest.mark.parametrize(
    ("given", "every"), [({}, False), ({"log_articles": True}, True), ({"log_level": "debug"}, True)]
)
def test_a_line_an_article_by_setting_or_at_debug(given: dict[str, Any], every: bool) -> None:
    assert tells_every_article(load_settings(**given)) is every
    with watching(load_settings(**given)) as seen:
        assert seen.every_article is every
    structlog.reset_defaults()
