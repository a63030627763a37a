"""The alerts topic as a channel, which can be asked what it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError

from schemas.alert import Alert
from schemas.topics import ALERTS
from schemas.wire import WireError, encode
from sinks.alerts.channels import ChannelError
from sinks.alerts.message import plain_alert
from sinks.producer import Producer
from sinks.reading import assign_since, records_until

ACKNOWLEDGED_WITHIN_SECONDS = 10.0
CLOCKS_DIFFER = timedelta(days=1)
"""By how much the clock of who wrote an alert to the topic may be behind that of who created it."""


class TopicChannel:
    """The alerts topic, keyed by alert id.

    What Kafka has not answered in time the producer goes on sending for minutes. So an alert that is tried
    again is not written a second time while that may still arrive: its answer is waited for. What another
    process may have written is looked up, with a consumer of its own.
    """

    name = "topic"

    def __init__(
        self,
        producer: Producer,
        connect: Callable[[], KafkaConsumer],
        topic: str = ALERTS.name,
        answered_within_seconds: float = ACKNOWLEDGED_WITHIN_SECONDS,
    ) -> None:
        self._producer = producer
        self._connect = connect
        self._topic = topic
        self._answered_within_seconds = answered_within_seconds
        self._unanswered: dict[str, Any] = {}

    def send(self, alert: Alert) -> None:
        """Write the alert and wait until Kafka has acknowledged it."""
        try:
            answer = self._answer(alert)
            answer.get(timeout=self._answered_within_seconds)
        except (KafkaError, WireError) as error:
            if alert.id in self._unanswered and self._unanswered[alert.id].failed():
                del self._unanswered[alert.id]
            raise ChannelError(f"{type(error).__name__}: {error}") from error
        del self._unanswered[alert.id]

    def _answer(self, alert: Alert) -> Any:
        if alert.id not in self._unanswered:
            key, value = alert.id.encode(), encode(plain_alert(alert))
            self._unanswered[alert.id] = self._producer.send(self._topic, key=key, value=value)
        return self._unanswered[alert.id]

    def had(self, alerts: Sequence[Alert]) -> set[str]:
        """Which of the alerts are on the topic, by id: looked for from a day before the first was created."""
        written = records_about(alerts, self._connect, self._topic)
        return {alert.id for alert in alerts} & {_text(record.key) for record in written}


def records_about(alerts: Sequence[Alert], connect: Callable[[], KafkaConsumer], topic: str) -> Iterator[Any]:
    """What was written to a topic since the first of the alerts was created, whatever it is about.

    Raises `ChannelError`.
    """
    created = [datetime.fromisoformat(alert.created_at) for alert in alerts]
    since = min([datetime.now(UTC), *created]) - CLOCKS_DIFFER
    try:
        with closing(connect()) as consumer:
            yield from records_until(consumer, assign_since(consumer, topic, since.timestamp()))
    except KafkaError as error:
        raise ChannelError(f"{type(error).__name__}: {error}") from error


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace")
