"""A bare aiokafka loop: one process, one topic in, one out, nothing that survives it but its offsets."""

from __future__ import annotations

import asyncio
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from whole import BATCH_ARTICLES, COMMIT_SECONDS, Whole, drive


async def run() -> None:
    given = drive()
    through = Whole(given.model)
    consumer = AIOKafkaConsumer(
        given.source,
        bootstrap_servers=given.brokers,
        group_id=given.prefix,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(bootstrap_servers=given.brokers, acks="all", compression_type="lz4")
    await consumer.start()
    await producer.start()
    committed_at = time.monotonic()
    while True:
        polled = await consumer.getmany(timeout_ms=200, max_records=BATCH_ARTICLES)
        raws = [record.value for records in polled.values() for record in records]
        sent = [await producer.send(given.sink, value, key=key) for key, value in through(raws)]
        await asyncio.gather(*sent)
        if raws and time.monotonic() - committed_at > COMMIT_SECONDS:
            await consumer.commit()
            committed_at = time.monotonic()


if __name__ == "__main__":
    asyncio.run(run())
