"""A record that kills the worker each time that it is read stops no partition: it is set aside, the rest goes on."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest
from kafka.admin import KafkaAdminClient

from processors.in_hand import DEATHS_MAX
from tests.recovery.part import Part, wait_for
from tests.recovery.stalls import HANGING, HANGS, Hang, article, is_through, send
from wirewatch.dead_letters import read_dead_letters
from wirewatch.kafka import admin_options, consumer_options
from wirewatch.settings import Settings


@pytest.mark.parametrize("hang", HANGS[:2], ids=lambda hang: hang.place)
def test_what_kills_a_worker_again_and_again_is_set_aside(ready: Settings, hang: Hang) -> None:
    mark = f"deadly{uuid.uuid4().hex}"
    deadly = article(mark)
    with (
        closing(KafkaAdminClient(**admin_options(ready.kafka))) as admin,
        Part(ready, hang.arguments, HANGING, {"HANGS_IN": hang.place, "HANGS_ON": mark}) as part,
    ):
        for record in (article("Before"), deadly, *(article("After") for _ in range(20))):
            send(ready, hang.topic, record)
        lives = 1

        def goes_on() -> bool:
            nonlocal lives
            lives += part.has_ended()
            return part.supervised() and is_through(admin, hang)

        wait_for(goes_on, "the partition goes on", 240)
        assert lives == 1 + DEATHS_MAX, part.said()
    [letter] = [
        one for one in read_dead_letters(consumer_options(ready.kafka)) if one.article_id == deadly.id
    ]
    assert (letter.reason, letter.kind) == ("worker_died", "dead")
    assert f"died {DEATHS_MAX} times" in letter.detail
    assert mark.encode() in letter.payload, "it can be replayed after a fix"
