"""Articles a second through all stages and into the index, beside a bare loop, in one run.

    python benchmarks/throughput.py [ARTICLES]

The pipeline is what `wirewatch up` runs: two workers, one sink, a broker and a node, on this machine. Its
peer is one process: aiokafka reads the same raw topic, the same stage functions run in order with a dict
for memory, and the same builders and bulk writer fill an index of its own. It has no topics between,
no acknowledgements between stages, no state that survives, no alerts. Trust the ratio, not the rates.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from aiokafka import AIOKafkaConsumer
from variations import articles

from processors.stage import Passed
from schemas.article import Article
from schemas.topics import RAW
from schemas.wire import decode
from sinks.elasticsearch.actions import article_action
from sinks.elasticsearch.bulk import write
from sinks.elasticsearch.indices import apply
from wirewatch.elastic import elasticsearch_client
from wirewatch.enrichment import Enrichment
from wirewatch.kafka import aiokafka_options
from wirewatch.local import ConsoleProgress
from wirewatch.settings import Settings, load_settings
from wirewatch.up import Up

PEER_PREFIX = "bare-loop"
BATCH = 100


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "articles.jsonl")
        inputs.write_bytes(b"\n".join(articles(count)))
        with Up(load_settings(data_dir=Path(folder, "data")), ConsoleProgress()) as up:
            warm = Path(folder, "warm.jsonl")
            warm.write_bytes(b"\n".join(articles(20, seed=99)))
            up.feed([warm])
            up.run(lambda _: None, until_idle=True)
            started = time.monotonic()
            up.feed([inputs])
            up.run(lambda _: None, until_idle=True)
            ours_seconds = time.monotonic() - started
            up.children.stop()
            peer_seconds = asyncio.run(bare_loop(up.settings, count + 20))
    ours, peer = count / ours_seconds, (count + 20) / peer_seconds
    print(f"pipeline   {ours:7.1f} articles/s   ({count} in {ours_seconds:.1f} s)")
    print(f"bare loop  {peer:7.1f} articles/s   ({count + 20} in {peer_seconds:.1f} s)")
    print(f"pipeline / bare loop = {ours / peer:.2f}")


async def bare_loop(settings: Settings, count: int) -> float:
    enrich = Enrichment()
    consumer = AIOKafkaConsumer(RAW.name, **aiokafka_options(settings.kafka), auto_offset_reset="earliest")
    await consumer.start()
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, PEER_PREFIX)
        done, started = 0, time.monotonic()
        while done < count:
            polled = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            actions = []
            for record in (record for records in polled.values() for record in records):
                outcome = enrich(decode(record.value, Article))
                done += 1
                if isinstance(outcome, Passed):
                    actions.append(article_action(outcome.article, PEER_PREFIX))
            if actions:
                await asyncio.to_thread(write, client, actions, time.sleep)
        seconds = time.monotonic() - started
    await consumer.stop()
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
