"""Bytewax: one dataflow, one process, all stages in one step, articles collected into batches before it.

No recovery store: nothing of it survives, nor do its offsets.
"""

from __future__ import annotations

from datetime import timedelta

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.testing import cluster_main
from whole import BATCH_ARTICLES, BATCH_SECONDS, Whole, drive

Read = KafkaSourceMessage[bytes, bytes]


def flow() -> Dataflow:
    given = drive()
    through = Whole(given.model)

    def understood(batch: tuple[str, list[Read]]) -> list[KafkaSinkMessage[bytes, bytes]]:
        return [KafkaSinkMessage(*message) for message in through([read.value for read in batch[1]])]

    dataflow = Dataflow("wirewatch")
    source = KafkaSource([given.brokers], [given.source], batch_size=BATCH_ARTICLES)
    read = op.key_on("one-memory", op.input("raw", dataflow, source), lambda _: "all")
    batches = op.collect("batches", read, timedelta(seconds=BATCH_SECONDS), BATCH_ARTICLES)
    sink = KafkaSink([given.brokers], given.sink, add_config={"compression.type": "lz4"})
    op.output("enriched", op.flat_map("understood", batches, understood), sink)
    return dataflow


if __name__ == "__main__":
    cluster_main(flow(), [], 0)
