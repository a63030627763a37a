"""Where alerts go: the alerts topic, the console, a webhook.

A channel sends one alert and returns once the other side has it, or raises `ChannelError`; it never
retries, since delivery as a whole does (`sinks.alerts.delivery`). An alert's title and text hold words
from the web: a channel writes them as data of its own format.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Protocol

import httpx
from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.alert import Alert
from schemas.topics import ALERTS
from schemas.wire import WireError, encode

WEBHOOK_SECONDS_MAX = 10.0
ACKNOWLEDGED_WITHIN_SECONDS = 10.0
SIGNATURE_HEADER = "X-Wirewatch-Signature-256"


class ChannelError(Exception):
    """The alert did not get through; it may the next time."""


class Channel(Protocol):
    """One way out. `name` is what the alert's record says has taken it."""

    name: str

    def send(self, alert: Alert) -> None:
        """Hand the alert over. Raises `ChannelError`."""
        ...


class TopicChannel:
    """The alerts topic, keyed by alert id."""

    name = "topic"

    def __init__(self, producer: KafkaProducer, topic: str = ALERTS.name) -> None:
        self._producer = producer
        self._topic = topic

    def send(self, alert: Alert) -> None:
        """Write the alert and wait until Kafka has acknowledged it."""
        try:
            future = self._producer.send(self._topic, key=alert.id.encode(), value=encode(alert))
            future.get(timeout=ACKNOWLEDGED_WITHIN_SECONDS)
        except (KafkaError, WireError) as error:
            raise ChannelError(f"{type(error).__name__}: {error}") from error


class ConsoleChannel:
    """A few lines on the terminal. `write` is given them and sees to it that nothing steers the terminal."""

    name = "console"

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, alert: Alert) -> None:
        """Print the alert."""
        below = [*alert.text.splitlines(), alert.url or alert.article_id]
        lines = [f"ALERT {alert.severity}: {alert.title}", *(f"  {line}" for line in below)]
        self._write("\n".join(lines))


class WebhookChannel:
    """An HTTP POST of the alert as JSON.

    With a secret, the header `X-Wirewatch-Signature-256` is `sha256=` and the HMAC of the body in
    hexadecimal. `Idempotency-Key` is the alert's id.
    """

    name = "webhook"

    def __init__(self, url: str, secret: bytes | None = None, client: httpx.Client | None = None) -> None:
        self._url = url
        self._secret = secret
        self._client = client or httpx.Client(timeout=WEBHOOK_SECONDS_MAX, follow_redirects=False)

    def send(self, alert: Alert) -> None:
        """Post the alert; only a 2xx answer counts."""
        try:
            body = encode(alert)
            response = self._client.post(self._url, content=body, headers=self._headers(alert, body))
        except (httpx.HTTPError, httpx.InvalidURL, WireError) as error:
            raise ChannelError(f"{type(error).__name__}: {error}") from error
        if not response.is_success:
            raise ChannelError(f"answered {response.status_code}")

    def _headers(self, alert: Alert, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": alert.id}
        if self._secret is not None:
            headers[SIGNATURE_HEADER] = f"sha256={signature(self._secret, body)}"
        return headers


def signature(secret: bytes, body: bytes) -> str:
    """HMAC-SHA256 of a webhook's body, in hexadecimal, as the receiver computes it."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()
