"""Where alerts go: the console, webhooks, chat services; beside them the alerts topic, feeds and mail.

A channel sends one alert and returns once the other side has it, or raises `ChannelError`; it never
retries, since delivery as a whole does (`sinks.alerts.delivery`). An alert's title and text hold words
from the web: a channel writes them as data of its own format.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import httpx

from schemas.alert import Alert
from schemas.wire import WireError, encode
from sinks.alerts.message import Message, message, plain_alert
from sinks.alerts.wording import FALLBACK

WEBHOOK_SECONDS_MAX = 10.0
SIGNATURE_HEADER = "X-Wirewatch-Signature-256"


REFUSING_STATUSES = frozenset({400, 413, 415, 422})
"""Answers that say something about the alert itself; all others are about the receiver, and may pass."""


class ChannelError(Exception):
    """The alert did not get through; it may the next time, unless it was `refused` for what it is.

    `retry_seconds` is how long the receiver asked to be left alone.
    """

    def __init__(self, why: str, *, refused: bool = False, retry_seconds: float = 0.0) -> None:
        super().__init__(why)
        self.refused = refused
        self.retry_seconds = retry_seconds


class Channel(Protocol):
    """One way out. `name` is what the alert's record says has taken it."""

    name: str

    def send(self, alert: Alert) -> None:
        """Hand the alert over. Raises `ChannelError`."""
        ...


@runtime_checkable
class GatheringChannel(Channel, Protocol):
    """A channel that people read: many alerts at once become one message."""

    def send_together(self, alerts: Sequence[Alert]) -> None:
        """Hand over several alerts, all or none as far as the other side allows. Raises `ChannelError`."""
        ...


@runtime_checkable
class TellingChannel(Channel, Protocol):
    """A channel that can be asked what it has: who handed it over may have died before noting so."""

    def had(self, alerts: Sequence[Alert]) -> set[str]:
        """Which of the alerts it has, by id. Raises `ChannelError`."""
        ...


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

    def __init__(
        self, url: str, secret: bytes | None = None, client: httpx.Client | None = None, name: str = "webhook"
    ) -> None:
        self.name = name
        self._url = url
        self._secret = secret
        self._client = client or _client()

    def send(self, alert: Alert) -> None:
        """Post the alert; only a 2xx answer counts."""
        try:
            body = encode(plain_alert(alert))
        except WireError as error:
            raise ChannelError(str(error), refused=True) from error
        _post(self._client, self._url, body, self._headers(alert, body))

    def _headers(self, alert: Alert, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": alert.id}
        if self._secret is not None:
            headers[SIGNATURE_HEADER] = f"sha256={signature(self._secret, body)}"
        return headers


class ChatChannel:
    """A chat service's webhook; `payloads` writes messages in its format, `language` is its readers'."""

    def __init__(
        self,
        name: str,
        url: str,
        payloads: Callable[[Sequence[Message]], Sequence[Mapping[str, Any]]],
        language: str = FALLBACK,
        client: httpx.Client | None = None,
    ) -> None:
        self.name = name
        self._url = url
        self._payloads = payloads
        self._language = language
        self._client = client or _client()

    def send(self, alert: Alert) -> None:
        """Post one alert at length."""
        self.send_together([alert])

    def send_together(self, alerts: Sequence[Alert]) -> None:
        """Post several alerts, a line each, in as few messages as hold them."""
        for payload in self._payloads([message(alert, self._language) for alert in alerts]):
            body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
            _post(self._client, self._url, body, {"Content-Type": "application/json; charset=utf-8"})


def _client() -> httpx.Client:
    return httpx.Client(timeout=WEBHOOK_SECONDS_MAX, follow_redirects=False)


def _post(client: httpx.Client, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Raises `ChannelError`, never with the URL, which may hold a secret. No redirect is followed and no
    answer read: it could be anything, of any length.
    """
    try:
        with client.stream("POST", url, content=body, headers=dict(headers)) as response:
            pass
    except httpx.HTTPError as error:
        raise ChannelError(f"{type(error).__name__}: {error}".replace(url, "…")) from error
    except (httpx.InvalidURL, ValueError):  # whose words quote the URL
        raise ChannelError("the channel's url is none") from None
    if response.is_success:
        return
    after = response.headers.get("Retry-After", "")
    raise ChannelError(
        f"answered {response.status_code}",
        refused=response.status_code in REFUSING_STATUSES,
        retry_seconds=float(after) if after.isascii() and after.isdigit() else 0.0,
    )


def signature(secret: bytes, body: bytes) -> str:
    """HMAC-SHA256 of a webhook's body, in hexadecimal, as the receiver computes it."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()
