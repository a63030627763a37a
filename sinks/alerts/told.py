"""Who has been told, noted on a topic before the ledger has it.

The ledger lies in Elasticsearch, which may refuse a write for seconds. A sink that is killed meanwhile leaves
an alert of which nobody knows that a webhook has it, and whoever takes it over tells it again. Kafka has a
note within milliseconds; what a kill hits then is told twice all the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

import structlog
from kafka import KafkaConsumer
from kafka.errors import KafkaError

from schemas.alert import Alert, Told
from schemas.topics import TOLD
from schemas.wire import WireError, decode, encode
from sinks.alerts.topic import records_about
from sinks.producer import Producer

log = structlog.get_logger(__name__)

ACKNOWLEDGED_WITHIN_SECONDS = 2.0
LEFT_ALONE_SECONDS = 60.0
"""How long no note is tried after one that failed, so that no alert waits for a topic that is not there."""


class Notes(Protocol):
    """Where it is noted which alerts channels have that can't be asked themselves."""

    def note(self, channel: str, alerts: Sequence[Alert]) -> None:
        """Note that the channel has the alerts. Raises nothing: the ledger is told next."""
        ...

    def had(self, channel: str, alerts: Sequence[Alert]) -> set[str]:
        """Which of the alerts the channel has, by id, as far as is noted. Raises `ChannelError`."""
        ...


class TopicNotes:
    """Notes on a Kafka topic, looked up with a consumer of their own."""

    def __init__(
        self,
        producer: Producer,
        connect: Callable[[], KafkaConsumer],
        topic: str = TOLD.name,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._producer = producer
        self._connect = connect
        self._topic = topic
        self._steady = steady
        self._away_until = -math.inf

    def note(self, channel: str, alerts: Sequence[Alert]) -> None:
        """Write a note an alert, and wait a moment for Kafka to have them."""
        if self._steady() < self._away_until:
            return
        now = datetime.now(UTC).isoformat()
        try:
            written = [
                self._producer.send(self._topic, key=told.alert_id.encode(), value=encode(told))
                for told in (Told(alert_id=alert.id, channel=channel, told_at=now) for alert in alerts)
            ]
            for answer in written:
                answer.get(timeout=ACKNOWLEDGED_WITHIN_SECONDS)
        except KafkaError as error:
            self._away_until = self._steady() + LEFT_ALONE_SECONDS
            log.warning("told_not_noted", channel=channel, alerts=len(alerts), error=str(error))

    def had(self, channel: str, alerts: Sequence[Alert]) -> set[str]:
        """Read all notes since the first of the alerts was created."""
        noted: set[str] = set()
        for record in records_about(alerts, self._connect, self._topic):
            with suppress(WireError):  # what is no note tells nothing
                told = decode(record.value or b"", Told)
                if told.channel == channel:
                    noted.add(told.alert_id)
        return noted & {alert.id for alert in alerts}
