"""A broker that goes away does not end a sink; one that shuts it out does."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from kafka.errors import GroupAuthorizationFailedError, KafkaConnectionError, KafkaError

from sinks import consumer as consumers
from sinks.consumer import Delivery, SinkConsumer
from sinks.retries import Hold

POLLS = 3


class Broker:
    """Answers polls with an error, and then ends the sink."""

    def __init__(self, stop: threading.Event, error: KafkaError) -> None:
        self.polls = 0
        self._stop = stop
        self._error = error
        self._coordinator = SimpleNamespace(need_rejoin=lambda: False)

    def poll(self, **_: Any) -> dict[Any, Any]:
        self.polls += 1
        if self.polls == POLLS:
            self._stop.set()
        if self.polls < POLLS:
            raise self._error
        return {}

    def assignment(self) -> set[Any]:
        return set()

    def partitions_for_topic(self, _: str) -> set[int]:
        return {0}

    def subscribe(self, _: list[str]) -> None:
        pass

    def close(self, **_: Any) -> None:
        pass


class Idle:
    name = "idle"
    topics: dict[str, Any] = {"t": None}  # noqa: RUF012

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Any]:  # noqa: ARG002
        return []

    def tick(self, hold: Hold) -> None:
        pass


def _run(error: KafkaError) -> Broker:
    stop = threading.Event()
    broker = Broker(stop, error)
    SinkConsumer(Idle(), broker, lambda _: None, stop).run()
    return broker


def test_a_broker_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "AWAY_SECONDS", 0.0)
    assert _run(KafkaConnectionError("reset")).polls == POLLS


def test_whoever_is_shut_out_falls() -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        _run(GroupAuthorizationFailedError("no"))
