"""Records many times as large as a worker's fetch, in every partition at once, stop none of them."""

from __future__ import annotations

import random
import uuid
from contextlib import closing

from kafka.admin import KafkaAdminClient

from processors.agents import FETCH_BYTES
from producers.writer import Writer
from schemas.topics import RAW
from schemas.wire import RECORD_BYTES_MAX, encode
from tests.recovery.part import Part, wait_for
from tests.recovery.stalls import HANGS, article, is_through
from wirewatch.dead_letters import read_dead_letters
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import Settings

INTAKE = HANGS[0]


def test_records_larger_than_a_fetch_are_read(ready: Settings) -> None:
    chance = random.Random(1)
    mark = uuid.uuid4().hex
    large = [
        (mark + chance.randbytes(bytes_max // 2 - 100).hex()).encode()
        for bytes_max in [RECORD_BYTES_MAX, 4 * FETCH_BYTES, FETCH_BYTES] * 4
    ]
    with Writer(producer_options(ready.kafka)) as writer:
        for number, value in enumerate(large):
            writer.send(RAW.name, f"{number % 8}.example".encode(), value)
            writer.send(RAW.name, f"{number % 8}.example".encode(), encode(article("Beside")))
    with (
        closing(KafkaAdminClient(**admin_options(ready.kafka))) as admin,
        Part(ready, INTAKE.arguments) as part,
    ):
        wait_for(lambda: part.supervised() and is_through(admin, INTAKE), "everything is committed", 120)
    letters = list(read_dead_letters(consumer_options(ready.kafka)))
    found = sorted(letter.payload_bytes for letter in letters if letter.payload.startswith(mark.encode()))
    assert found == sorted(map(len, large))
