"""The Faust side of the pipeline: one app (and so one consumer group) per group of stages, kept thin."""

from __future__ import annotations

from typing import Any

import faust

from processors.agent_options import AgentOptions
from processors.gaps import UnskippingConsumer
from processors.handlers import handler
from processors.pipeline import Group
from processors.pulse import Pulse
from schemas.article import Lane

STREAM_BUFFER_RECORDS = 64
BATCH_BYTES = 256 * 1024
FETCH_BYTES = 128 * 1024
"""Of a partition, in one fetch: what Faust hands out in half a second, or a single batch that is larger. A
copy of another worker's state that is far behind comes in large fetches, and records wait behind each."""
SESSION_SECONDS = 10.0
"""How long a silent worker keeps its partitions."""


def app_id(group: Group, prefix: str, lane: Lane) -> str:
    """The group's Faust app id and consumer group: one for both lanes where they share topics."""
    return _named(group, prefix, lane if group.source.per_lane else "live")


def _named(group: Group, prefix: str, lane: Lane) -> str:
    return f"{prefix}-{group.name}" if lane == "live" else f"{prefix}-{lane}-{group.name}"


def build_app(group: Group, options: AgentOptions) -> faust.App:
    """The Faust app that runs one group of stages in one lane."""
    name = app_id(group, options.app_prefix, options.lane)
    member = _named(group, options.app_prefix, options.lane)  # workers of two lanes are two, in one group too
    state_dir = options.data_dir / options.instance / member
    state_dir.parent.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        name,
        **options.client,
        datadir=state_dir,
        store="rocksdb://",
        processing_guarantee="at_least_once",
        broker_commit_interval=options.commit_seconds,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=3.0,
        broker_max_poll_interval=600.0,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=f"{member}-{options.instance}" if options.instance else None,
        consumer_max_fetch_size=FETCH_BYTES,
        producer_acks=-1,
        producer_compression_type="lz4",
        producer_max_batch_size=BATCH_BYTES,
        producer_max_request_size=group.sink.max_message_bytes,
        stream_buffer_maxsize=STREAM_BUFFER_RECORDS,
        topic_partitions=options.partitions,
        topic_replication_factor=options.replication_factor,
        topic_disable_leader=True,
        web_enabled=False,
        **options.extra,
    )
    app.transport.Consumer = UnskippingConsumer  # type: ignore[misc]  # a setting of the class, and of one
    source = app.topic(
        group.source.for_lane(options.lane),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
    )
    app.on_rebalance_complete.connect(_hold_flow)  # type: ignore[arg-type]  # its signature is mistyped
    pulse = Pulse(SESSION_SECONDS)
    app.task(pulse.beat)
    app.agent(source, name=group.name)(handler(app, group, options, pulse).handle)
    return app


async def _hold_flow(app: Any, *_: Any, **__: Any) -> None:
    """Stop reading until the partitions have been sought to their committed offsets.

    Faust 0.15 resumes partitions before it seeks them. With a table to recover it is reading by then: it
    hands records to streams that still skip everything, seeks back, and later drops the same records as
    read before, so that they are never handled and no offset after them is ever committed. Faust itself
    resumes the flow once it has sought.
    """
    app.consumer.stop_flow()
