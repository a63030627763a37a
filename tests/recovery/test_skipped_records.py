"""What Faust fetched and lost is read again: a worker ends rather than commit past it. Where nothing was, it goes on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from producers.writer import Writer
from schemas.article import Article
from schemas.topics import CLEAN, RAW
from schemas.wire import encode
from tests.recovery.part import WIREWATCH, Part, wait_for
from tests.recovery.stalls import HANGS, article, is_through
from wirewatch.dead_letters import topic_values
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.lag import Reader, places
from wirewatch.settings import Settings

SKIPPING = ("-m", "tests.recovery.skipping")
INTAKE = HANGS[0]
READER = Reader(INTAKE.group, RAW.name)
KEY = b"one.example"


def _admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(**admin_options(settings.kafka))


def _send(settings: Settings, records: Sequence[Article]) -> None:
    """All into one partition."""
    with Writer(producer_options(settings.kafka)) as writer:
        for record in records:
            writer.send(RAW.name, KEY, encode(record))


def _clean_ids(settings: Settings) -> set[str]:
    """The articles that came out of the group."""
    return {json.loads(value)["id"] for value in topic_values(consumer_options(settings.kafka), CLEAN.name)}


def _through(settings: Settings, program: Sequence[str], variables: Mapping[str, str]) -> int:
    """How many lives the group's worker needed until it had committed everything."""
    lives = 1
    with (
        closing(_admin(settings)) as admin,
        Part(settings, INTAKE.arguments, program, variables) as part,
    ):

        def goes_on() -> bool:
            nonlocal lives
            lives += part.has_ended()
            return part.supervised() and is_through(admin, INTAKE)

        wait_for(goes_on, "everything is committed", 120)
    return lives


def _forget(settings: Settings) -> None:
    """Nothing is in the topic and nothing committed, though offsets go on."""
    with closing(_admin(settings)) as admin:
        admin.delete_records({partition: place.end for partition, place in places(admin, READER).items()})
        wait_for(lambda: _is_deleted(admin), "the group has no members left", 60)


def _is_deleted(admin: KafkaAdminClient) -> bool:
    answer = str(admin.delete_groups([INTAKE.group])[INTAKE.group])
    assert answer in {"OK", "GroupIdNotFoundError", "NonEmptyGroupError"}
    return answer != "NonEmptyGroupError"


def _skipped(settings: Settings, folder: Path, by: str, told: int, lost: range) -> int:
    """How many lives it took to have all of twenty records handled, some of which were lost in the first.

    As many as are `told` had been handled before; without any, the group had committed nothing.
    """
    mark = f"skipped{uuid.uuid4().hex}"
    before = [article("Told") for _ in range(told)]
    if before:
        _send(settings, before)
        assert _through(settings, WIREWATCH, {}) == 1
    else:
        _forget(settings)
    records = [article(mark if number in lost else "Told") for number in range(20)]
    _send(settings, records)
    once = folder / "once"
    lives = _through(settings, SKIPPING, {"SKIPS": mark, "SKIPPED_BY": by, "SKIPPED_ONCE": str(once)})
    assert once.exists()
    assert {record.id for record in before + records} <= _clean_ids(settings)
    return lives


@pytest.mark.parametrize(
    ("told", "lost"),
    [(5, range(5, 12)), (5, range(1)), (0, range(1))],
    ids=["on the way", "the first after a commit", "the first of a group without a commit"],
)
def test_what_was_fetched_and_lost_is_read_again(
    ready: Settings, tmp_path: Path, told: int, lost: range
) -> None:
    assert _skipped(ready, tmp_path, "losing", told, lost) == 2


@pytest.mark.parametrize(("by", "told"), [("pausing", 5), ("breaking_off", 5), ("stopping", 0)])
def test_what_faust_does_not_hand_out_is_fetched_again_at_once(
    ready: Settings, tmp_path: Path, by: str, told: int
) -> None:
    assert _skipped(ready, tmp_path, by, told, range(20)) == 1


def test_what_retention_took_is_passed(ready: Settings) -> None:
    first, taken, left = ([article("Told") for _ in range(number)] for number in (10, 15, 5))
    _send(ready, first)
    assert _through(ready, WIREWATCH, {}) == 1
    _send(ready, taken + left)
    with closing(_admin(ready)) as admin:
        [(partition, place)] = [one for one in places(admin, READER).items() if one[1].waiting]
        admin.delete_records({partition: place.end - len(left)})
    assert _through(ready, WIREWATCH, {}) == 1
    assert {record.id for record in first + left} <= _clean_ids(ready)


def test_the_marks_of_transactions_are_passed(ready: Settings) -> None:
    records = [article("Told") for _ in range(9)]
    options = producer_options(ready.kafka) | {"transactional_id": f"t-{uuid.uuid4().hex}"}
    with closing(KafkaProducer(**options)) as producer:
        producer.init_transactions()
        for some in (records[:3], records[3:4], records[4:]):
            producer.begin_transaction()
            for record in some:
                producer.send(RAW.name, encode(record), KEY)
            producer.commit_transaction()
    assert _through(ready, WIREWATCH, {}) == 1
    assert {record.id for record in records} <= _clean_ids(ready)
