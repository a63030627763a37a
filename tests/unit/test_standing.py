"""What is told from outside about who stands still."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

from kafka import TopicPartition
from kafka.errors import KafkaConnectionError

from wirewatch.stalls import Place, Position
from wirewatch.standing import Standing

PARTITION = TopicPartition("articles.raw", 0)
INTAKE: Place = ("wirewatch-intake", PARTITION)
BACKFILL: Place = ("wirewatch-backfill-intake", TopicPartition("backfill.articles.raw", 0))
SINK: Place = ("wirewatch-sink-elasticsearch", TopicPartition("backfill.articles.enriched", 0))


def _told(
    look: Callable[[], Mapping[Place, Position]],
) -> tuple[HTTPStatus, dict[str, object], dict[str, float]]:
    """The health and the metric, after looks for .3 s at a limit of .1 s."""
    with Standing(look, check_seconds=0.02, limit_seconds=0.1) as standing:
        time.sleep(0.3)
        answer = standing.health()
        seconds = {sample.labels["group"]: sample.value for sample in standing.samples()}
    return answer.status, json.loads(answer.body), seconds


def test_a_group_that_stands_still_is_a_fault_with_its_name() -> None:
    status, told, seconds = _told(lambda: {INTAKE: Position(5, 9), SINK: Position(2, 2)})
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    [still] = told["standing_still"]  # type: ignore[misc]
    assert (still["group"], still["topic"], still["partition"], still["records"]) == (
        *INTAKE[:1],
        *PARTITION,
        4,
    )
    assert still["seconds"] >= 0.1
    assert seconds[INTAKE[0]] >= 0.1
    assert seconds[SINK[0]] == 0


def test_what_moves_is_well() -> None:
    began = time.monotonic()
    status, told, _ = _told(lambda: {INTAKE: Position(int((time.monotonic() - began) * 50), 900)})
    assert (status, told) == (HTTPStatus.OK, {"status": "ok", "kafka": "ok", "standing_still": []})


def test_nobody_has_to_run_a_backfill_but_its_articles_must_reach_the_index() -> None:
    status, _, seconds = _told(lambda: {BACKFILL: Position(0, 9)})
    assert status == HTTPStatus.OK
    assert seconds[BACKFILL[0]] >= 0.1, "it is told all the same"
    status, _, _ = _told(lambda: {SINK: Position(0, 9)})
    assert status == HTTPStatus.SERVICE_UNAVAILABLE


def test_a_broker_that_does_not_tell_is_a_fault() -> None:
    def away() -> Mapping[Place, Position]:
        raise KafkaConnectionError

    status, told, seconds = _told(away)
    assert (status, told["kafka"], seconds) == (HTTPStatus.SERVICE_UNAVAILABLE, "not read", {})
