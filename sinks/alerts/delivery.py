"""Each alert is sent once, by whoever creates it, and never forgotten.

The alerts index is the ledger. Creating the alert's document claims it: of two sinks that find the same
cause, one creates it and the other meets a conflict and leaves it alone. The claim is a lease; if its
holder dies or a channel fails, the alert stays `created`, and when the lease has run out any sink may
take it over by a write conditional on the document's sequence number, which again only one can win.
What each channel has taken is kept, so that a failing one does not make the others repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from elasticsearch import ApiError, Elasticsearch

from schemas.alert import Alert
from sinks.alerts.build import LEASE_SECONDS, iso
from sinks.alerts.channels import Channel, ChannelError
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import alert_action
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist
from sinks.retries import Hold

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 3600.0
RESUMED_AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """An alert that is ours to send, and the sequence number that proves it."""

    alert: AlertDocument
    sequence: tuple[int, int]


class Delivery:
    """Creates alerts in the ledger and takes them to every channel."""

    def __init__(
        self,
        client: Elasticsearch,
        prefix: str,
        channels: Sequence[Channel],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._index = alias(prefix, "alerts")
        self._channels = channels
        self._now = now

    def create(self, alerts: Sequence[AlertDocument], hold: Hold) -> tuple[list[Claim], dict[str, str]]:
        """Put alerts into the ledger. Those that were not there are ours to send.

        Beside them, by alert id, why the ledger could not hold an alert.
        """
        by_id = {alert.id: alert for alert in reversed(alerts)}
        actions = [alert_action(alert, self._prefix) for alert in by_id.values()]
        claims: list[Claim] = []
        rejected: dict[str, str] = {}
        for answer in bulk.write(self._client, actions, hold):
            if answer.verdict == "rejected":
                rejected[answer.action.id] = answer.reason
            elif answer.verdict == "written" and answer.sequence is not None:
                claims.append(Claim(by_id[answer.action.id], answer.sequence))
        return claims, rejected

    def send(self, claims: Sequence[Claim], hold: Hold) -> None:
        """Take each alert to the channels that have not had it, and note in the ledger which now have."""
        for claim in claims:
            hold(0)
            held = self._renewed(claim, hold)
            if held is not None:
                self._store(held, self._through_channels(held.alert), hold)

    def resume(self, hold: Hold) -> None:
        """Send what was created and not sent, once nobody holds it any more."""
        query = {
            "bool": {
                "filter": [
                    {"term": {"status": "created"}},
                    {"range": {"lease_ends_at": {"lt": iso(self._now())}}},
                ]
            }
        }
        answer = insist(lambda: self._search(query), hold, "unsent alerts")
        for hit in answer["hits"]["hits"]:
            alert = msgspec.convert(hit["_source"], AlertDocument)
            log.info("alert_resumed", alert=alert.id, attempts=alert.attempts)
            self.send([Claim(alert, (hit["_seq_no"], hit["_primary_term"]))], hold)

    def _search(self, query: dict[str, Any]) -> Any:
        return self._client.search(
            index=self._index,
            query=query,
            sort=[{"created_at": "asc"}],
            size=RESUMED_AT_ONCE,
            seq_no_primary_term=True,
        )

    def _renewed(self, claim: Claim, hold: Hold) -> Claim | None:
        """The claim with enough of its lease left to send by, or `None` where another has taken it."""
        now = self._now()
        if datetime.fromisoformat(claim.alert.lease_ends_at) - now > timedelta(seconds=LEASE_SECONDS / 2):
            return claim
        lease = iso(now + timedelta(seconds=LEASE_SECONDS))
        return self._store(claim, msgspec.structs.replace(claim.alert, lease_ends_at=lease), hold)

    def _through_channels(self, alert: AlertDocument) -> AlertDocument:
        taken = list(alert.delivered_to)
        sent = as_sent(alert)
        for channel in self._channels:
            if channel.name in taken:
                continue
            try:
                channel.send(sent)
            except ChannelError as error:
                log.error("alert_not_delivered", alert=alert.id, channel=channel.name, error=str(error))  # noqa: TRY400
            else:
                taken.append(channel.name)
        done = {channel.name for channel in self._channels} <= set(taken)
        if done:
            log.info("alert_sent", alert=alert.id, rule=alert.rule, key=alert.key, channels=taken)
        retry = self._now() + timedelta(seconds=retry_seconds(alert.attempts))
        return msgspec.structs.replace(
            alert,
            status="sent" if done else "created",
            delivered_to=taken,
            attempts=alert.attempts + 1,
            lease_ends_at=iso(retry),
        )

    def _store(self, claim: Claim, alert: AlertDocument, hold: Hold) -> Claim | None:
        """Write the alert if nobody else has since; `None` if somebody has."""
        number, term = claim.sequence
        try:
            answer = insist(
                lambda: self._client.index(
                    index=self._index,
                    id=alert.id,
                    document=msgspec.to_builtins(alert),
                    if_seq_no=number,
                    if_primary_term=term,
                ),
                hold,
                "alert ledger",
            )
        except ApiError as error:
            if error.status_code != 409:
                raise
            log.info("alert_taken_over", alert=alert.id)
            return None
        return Claim(alert, (answer["_seq_no"], answer["_primary_term"]))


def as_sent(alert: AlertDocument) -> Alert:
    """The alert as channels get it: `sent`, without the ledger's own fields."""
    fields = {name: getattr(alert, name) for name in Alert.__struct_fields__}
    return Alert(**{**fields, "status": "sent"})


def retry_seconds(attempts: int) -> float:
    """How long after its nth failure (from 0) an alert is tried again."""
    return min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(attempts, 16))
