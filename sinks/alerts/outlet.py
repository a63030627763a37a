"""A channel with what was agreed about it: which alerts it has, when, and how often. No input or output."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from schemas.alert import Alert, Severity
from sinks.alerts.channels import Channel, ChannelError, GatheringChannel
from sinks.elasticsearch.documents import AlertDocument

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 300.0
GIVE_UP_AFTER = timedelta(days=3)
TOGETHER_FROM = 6
SINGLE_MESSAGES_MAX = 20
PACE = timedelta(minutes=10)


@dataclass
class Outlet:
    """A channel and its terms.

    It has the alerts of `severity` and above of rules that name it, and as a `default` those of rules that
    name none; `always` all of them, whatever a rule names. With a `digest` it has them at the full
    multiples of that time, together.
    """

    channel: Channel
    default: bool = True
    always: bool = False
    severity: Severity = "info"
    digest: timedelta = timedelta()
    failures: int = 0
    away_until: datetime | None = None
    sent_at: deque[datetime] = field(default_factory=lambda: deque(maxlen=SINGLE_MESSAGES_MAX))

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return self.channel.name

    @property
    def gathers(self) -> bool:
        """Whether many alerts become one message."""
        return isinstance(self.channel, GatheringChannel)

    def wants(self, alert: AlertDocument) -> bool:
        """Whether the alert is for this channel and it has not had it, nor refused it."""
        if self.name in alert.delivered_to or any(
            each.startswith(f"{self.name}: ") for each in alert.undelivered
        ):
            return False
        if self.always:
            return True
        loud = SEVERITIES.index(alert.severity) >= SEVERITIES.index(self.severity)
        return loud and (self.name in alert.channels if alert.channels else self.default)

    def due_at(self, alert: AlertDocument, now: datetime) -> datetime:
        """When the alert may be tried: now, with the digest, or when a channel that failed is tried again."""
        due = now
        if self.digest:
            due = max(now, _next_multiple(datetime.fromisoformat(alert.created_at), self.digest))
        if self.away_until is not None and self.away_until - now <= timedelta(seconds=LONGEST_RETRY_SECONDS):
            due = max(
                due, self.away_until
            )  # further away, it was told by a clock that has been put back since
        return due

    def must_gather(self, waiting: int) -> bool:
        """Whether so many are to be one message."""
        return self.gathers and (bool(self.digest) or waiting >= TOGETHER_FROM)

    def paced_until(self, now: datetime) -> datetime | None:
        """Until when messages wait to be gathered, after many in a short time; `None`: they need not."""
        if not self.gathers or len(self.sent_at) < SINGLE_MESSAGES_MAX:
            return None
        if not timedelta() <= now - self.sent_at[0] < PACE:
            return None
        return self.sent_at[0] + PACE

    def hand_over(self, alerts: Sequence[Alert], now: datetime) -> None:
        """Give the alerts to the channel, as one message if they are several. Raises `ChannelError`."""
        try:
            if isinstance(self.channel, GatheringChannel) and len(alerts) > 1:
                self.channel.send_together(alerts)
            else:
                for alert in alerts:
                    self.channel.send(alert)
        except ChannelError as error:
            if not error.refused:
                wait = max(retry_seconds(self.failures), error.retry_seconds)
                self.away_until = now + timedelta(seconds=min(wait, LONGEST_RETRY_SECONDS))
                self.failures += 1
            raise
        self.failures, self.away_until = 0, None
        self.sent_at.append(now)


def retry_seconds(failures: int) -> float:
    """How long a channel is left alone after its nth failure in a row (from 0)."""
    return min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16))


def _next_multiple(moment: datetime, step: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((moment - epoch) // step + 1) * step
