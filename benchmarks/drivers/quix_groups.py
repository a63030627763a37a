"""Quix Streams with our topology: the same groups over topics of their own, memories in its state.

Its state is RocksDB with a changelog topic, as ours is. The last argument names the groups this process
runs, with commas between, as `wirewatch worker --groups` has them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

from quixstreams import Application, State
from quixstreams.models import Serializer
from whole import COMMIT_SECONDS, Drive, drive

from processors.forward import Message, decision_messages, outcome_messages
from processors.pipeline import PIPELINE, Group, StageOptions, build_stages
from processors.stage import run_stages
from schemas.dead_letter import Origin
from schemas.topics import DEAD_LETTERS, DESIGNATIONS, Topic

ALL = b"all"
WINDOW_DAYS = 30
ORIGIN = Origin(topic="")


class Value(Serializer):
    """The record's bytes of a message."""

    def __call__(self, value: Message, ctx: Any = None) -> bytes:  # noqa: ARG002
        """As they stand."""
        return value.value


class Memory(MutableMapping[str, bytes]):
    """The state of the current record's key as a stage's memory."""

    state: State

    def __getitem__(self, key: str) -> bytes:
        value = self.state.get_bytes(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        self.state.set_bytes(key, value)

    def __delitem__(self, key: str) -> None:
        self.state.delete(key)

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


def key_of(message: Message) -> bytes:
    """State is kept by key: where one state must see all records, they have one key."""
    return ALL if message.topic.partitions == 1 else message.key


def add(app: Application, group: Group, given: Drive) -> None:
    """A group of stages from its topic to those it writes."""

    def topic(of: Topic) -> Any:
        return app.topic(
            f"{given.prefix}.{of.name}",
            value_deserializer="bytes",
            value_serializer=Value(),
            key_deserializer="bytes",
            key_serializer="bytes",
        )

    memory = Memory()
    sources = memory if group.learns else None
    options = replace(StageOptions(names_model=given.model), memory=memory, sources=sources)
    stages = build_stages(group.stages, options)
    topics = {one.name: topic(one) for one in outputs(group)}

    def messages(raw: bytes) -> list[Message]:
        if stages:
            return outcome_messages(group, run_stages(stages, raw), raw, ORIGIN)
        return decision_messages(raw, ORIGIN, memory, WINDOW_DAYS)

    def remembering(raw: bytes, state: State) -> list[Message]:
        memory.state = state
        return messages(raw)

    frame = app.dataframe(topic(group.source))
    frame = (
        frame.apply(remembering, stateful=True, expand=True)
        if group.remembers or group.learns
        else frame.apply(messages, expand=True)
    )
    frame.to_topic(lambda value, *_: topics[value.topic.name], key=key_of)


def outputs(group: Group) -> list[Topic]:
    ledger = [] if group.stages else [DESIGNATIONS]
    return [group.sink, DEAD_LETTERS, *ledger, *([group.mentions_to] if group.mentions_to else [])]


def main() -> None:
    given, names = drive(), sys.argv[5].split(",")
    app = Application(
        given.brokers,
        consumer_group=f"{given.prefix}-{names[0]}",
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        state_dir=given.folder / names[0],
        auto_create_topics=True,
        producer_extra_config={"acks": "all", "compression.type": "lz4"},
        loglevel="WARNING",
    )
    for group in PIPELINE:
        if group.name in names:
            add(app, group, given)
    app.run()


if __name__ == "__main__":
    main()
