"""Each alert is sent once, by whoever creates it, and never forgotten.

The alerts index is the ledger. Creating the alert's document claims it: of two sinks that find the same
cause, one creates it and the other meets a conflict and leaves it alone. The claim is a lease; if its
holder dies or a channel fails, the alert stays `created`, and when the lease has run out any sink may
take it over by a write conditional on the document's sequence number, which again only one can win.
What each channel has taken is kept, so that a failing one does not make the others repeat themselves.

Clocks of two machines differ, and are put right with a jump. So a lease is not believed to have run out
because another's clock says so: whoever would take an alert over has itself seen it untouched for the
length of a lease, by a clock that never jumps.

A channel that fails is left alone for a while, by all its alerts at once, so that none waits behind it
and all that waited are due together when it is back: what people read then is one message.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog
from elasticsearch import Elasticsearch

from schemas.alert import Alert
from sinks.alerts.build import LEASE_SECONDS, iso
from sinks.alerts.channels import Channel, ChannelError, TellingChannel
from sinks.alerts.message import as_sent, notice
from sinks.alerts.outlet import GIVE_UP_AFTER, LONGEST_RETRY_SECONDS, PACE, Outlet
from sinks.alerts.sources import Sources
from sinks.alerts.told import Notes
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import alert_action
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist, written_if
from sinks.retries import Hold

__all__ = ["Claim", "Delivery", "as_sent"]

log = structlog.get_logger(__name__)

RESUMED_AT_ONCE = 200
LONGEST_WAIT = max(PACE, timedelta(seconds=LONGEST_RETRY_SECONDS))
UNKNOWN_CHANNEL = "there is no such channel"

Sequenced = tuple[int, int]
Bury = Callable[[AlertDocument, str, str], None]
"""Told of an alert, a channel that will never have it, and why. Raises to be told again."""


@dataclass(frozen=True)
class Claim:
    """An alert that is ours to send, the sequence number that proves it, and since when (steady clock).

    `taken_over` says that another held it before us, who may have sent it and died before noting so.
    """

    alert: AlertDocument
    sequence: Sequenced
    since: float = -math.inf
    taken_over: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of an alert at one channel: taken, refused for good, or to be tried again at a time."""

    channel: str
    again_at: datetime | None = None
    refused: str | None = None


class Delivery:
    """Creates alerts in the ledger and takes them to every channel."""

    def __init__(  # noqa: PLR0913
        self,
        client: Elasticsearch,
        prefix: str,
        channels: Sequence[Channel | Outlet],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        bury: Bury = lambda alert, channel, why: None,  # noqa: ARG005
        notes: Notes | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._index = alias(prefix, "alerts")
        self._outlets = [each if isinstance(each, Outlet) else Outlet(each) for each in channels]
        self._sources = Sources(client, prefix)
        self._now = now
        self._bury = bury
        self._notes = notes
        self._steady = steady
        self._put_back: dict[str, Sequenced] = {}
        self._untouched_since: dict[tuple[str, Sequenced], float] = {}

    def create(self, alerts: Sequence[AlertDocument], hold: Hold) -> tuple[list[Claim], dict[str, str]]:
        """Put alerts into the ledger. Those that were not there, and may be sent now, are ours to send.

        Beside them, by alert id, why the ledger could not hold an alert.
        """
        by_id = {alert.id: alert for alert in reversed(alerts)}
        actions = [alert_action(alert, self._prefix) for alert in by_id.values()]
        claims: list[Claim] = []
        rejected: dict[str, str] = {}
        since = self._steady()
        for answer in bulk.write(self._client, actions, hold):
            alert = by_id[answer.action.id]
            if answer.verdict == "rejected":
                rejected[alert.id] = answer.reason
            elif answer.verdict == "written" and answer.sequence is not None:
                if alert.status == "created" and alert.held_because is None:
                    claims.append(Claim(alert, answer.sequence, since))
                else:
                    self._put_back[alert.id] = answer.sequence
                    why = alert.suppressed_because or alert.held_because
                    log.info("alert_kept_quiet", alert=alert.id, article_id=alert.article_id, why=why)
        return claims, rejected

    def send(self, claims: Sequence[Claim], hold: Hold) -> None:
        """Take each alert to the channels that have not had it, and note in the ledger which now have.

        Channels that people read have many at once in one message; the others have each by itself.
        """
        waiting = self._gathered([self._resolved(claim) for claim in claims], hold)
        for claim in waiting:
            hold(0)
            held = self._renewed(claim, hold)
            settled = self._store(held, self._settled(held.alert), hold) if held else None
            if settled is not None and settled.alert.status == "created":
                self._put_back[settled.alert.id] = settled.sequence

    def resume(self, hold: Hold) -> None:
        """Send what was created and not sent, once nobody holds it any more."""
        answer = insist(lambda: self._search(_due(self._now(), self._longest_wait())), hold, "unsent alerts")
        claims = []
        for found in self._left_alone([_claim(hit) for hit in answer["hits"]["hits"]]):
            claim = self._renewed(found, hold)
            if claim is not None:
                alert = claim.alert
                log.info(
                    "alert_resumed", alert=alert.id, article_id=alert.article_id, attempts=alert.attempts
                )
                claims.append(replace(claim, taken_over=found.taken_over))
        if claims := self._without_what_is_there(claims):
            self.send(claims, hold)

    def _without_what_is_there(self, claims: list[Claim]) -> list[Claim]:
        """The claims with what channels had of them from others; without those that one can't tell of."""
        for outlet in self._outlets:
            asked = [claim.alert for claim in claims if claim.taken_over and outlet.wants(claim.alert)]
            if not asked:
                continue
            try:
                had = self._had(outlet, [as_sent(alert) for alert in asked])
            except ChannelError as error:
                log.warning("alerts_not_looked_up", channel=outlet.name, alerts=len(asked), error=str(error))
                unknown = {alert.id for alert in asked}
                claims = [claim for claim in claims if claim.alert.id not in unknown]
                continue
            noted = {
                alert.id: self._marked(alert, [Outcome(outlet.name)]) for alert in asked if alert.id in had
            }
            claims = [replace(claim, alert=noted.get(claim.alert.id, claim.alert)) for claim in claims]
        return claims

    def _had(self, outlet: Outlet, alerts: Sequence[Alert]) -> set[str]:
        """Which of the alerts a channel has, as it tells itself, else as is noted. Raises `ChannelError`."""
        if isinstance(outlet.channel, TellingChannel):
            return outlet.channel.had(alerts)
        return self._notes.had(outlet.name, alerts) if self._notes else set()

    def _left_alone(self, found: Sequence[Claim]) -> list[Claim]:
        """Those that nobody holds: put back by us, or seen untouched for as long as a lease lasts."""
        now, before = self._steady(), self._untouched_since
        since = {_version(claim): before.get(_version(claim), now) for claim in found}
        self._untouched_since = since
        free = [
            replace(claim, taken_over=not self._has_put_back(claim))
            for claim in found
            if self._has_put_back(claim) or now - since[_version(claim)] >= LEASE_SECONDS
        ]
        for claim in free:
            self._put_back.pop(claim.alert.id, None)
        return free

    def _has_put_back(self, claim: Claim) -> bool:
        return self._put_back.get(claim.alert.id) == claim.sequence

    def _longest_wait(self) -> timedelta:
        """No alert is put off for longer, but in quiet hours; a time beyond is of a clock gone wrong."""
        digests = [outlet.digest for outlet in self._outlets]
        return max([LONGEST_WAIT, *digests]) + timedelta(seconds=LEASE_SECONDS)

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
        if self._steady() - claim.since < LEASE_SECONDS / 2:
            return claim
        lease = iso(self._now() + timedelta(seconds=LEASE_SECONDS))
        return self._store(claim, msgspec.structs.replace(claim.alert, lease_ends_at=lease), hold)

    def _gathered(self, claims: list[Claim], hold: Hold) -> list[Claim]:
        """Send what goes together, noted at once; the claims that are still ours."""
        for outlet in self._outlets:
            now = self._now()
            due = [
                claim
                for claim in claims
                if outlet.wants(claim.alert) and outlet.due_at(claim.alert, now) <= now
            ]
            if not outlet.must_gather(len(due)) or outlet.paced_until(now):
                continue
            others = [claim for claim in claims if claim not in due]
            held = [claim for claim in (self._renewed(each, hold) for each in due) if claim is not None]
            outcomes = self._tried(outlet, [claim.alert for claim in held]) if held else []
            noted = [
                self._store(claim, self._marked(claim.alert, [outcome]), hold)
                for claim, outcome in zip(held, outcomes, strict=True)
            ]
            claims = others + [claim for claim in noted if claim is not None]
        return claims

    def _tried(self, outlet: Outlet, alerts: Sequence[AlertDocument]) -> list[Outcome]:
        """Hand alerts to a channel together; if one of several may be at fault, each by itself."""
        now = self._now()
        shown = [self._shown(outlet, alert) for alert in alerts]
        try:
            outlet.hand_over(shown, now)
        except ChannelError as error:
            if error.refused and len(alerts) > 1:
                return [outcome for alert in alerts for outcome in self._tried(outlet, [alert])]
            return [self._failed(outlet, alert, error) for alert in alerts]
        if self._notes and not isinstance(outlet.channel, TellingChannel):
            self._notes.note(outlet.name, shown)
        return [Outcome(outlet.name) for _ in alerts]

    def _failed(self, outlet: Outlet, alert: AlertDocument, error: ChannelError) -> Outcome:
        log.error(
            "alert_not_delivered",
            alert=alert.id,
            article_id=alert.article_id,
            channel=outlet.name,
            error=str(error),
        )
        now = self._now()
        given_up = now - datetime.fromisoformat(alert.created_at) > GIVE_UP_AFTER
        if error.refused or given_up:
            return Outcome(outlet.name, refused=str(error))
        return Outcome(outlet.name, again_at=outlet.away_until or now)

    def _settled(self, alert: AlertDocument) -> AlertDocument:
        """The alert after every channel that wants it has been tried, or been put off."""
        outcomes = [outcome for outlet in self._outlets for outcome in self._one_tried(outlet, alert)]
        again = [outcome.again_at for outcome in outcomes if outcome.again_at is not None]
        noted = msgspec.structs.replace(
            self._marked(alert, outcomes),
            status="created" if again else "sent",
            attempts=alert.attempts + 1,
            lease_ends_at=iso(min(again, default=self._now())),
            held_because=None,
        )
        if not again:
            log.info(
                "alert_sent",
                alert=alert.id,
                article_id=alert.article_id,
                rule=alert.rule,
                key=alert.key,
                channels=noted.delivered_to,
            )
        return noted

    def _one_tried(self, outlet: Outlet, alert: AlertDocument) -> list[Outcome]:
        if not outlet.wants(alert):
            return []
        now = self._now()
        due = outlet.paced_until(now) or outlet.due_at(alert, now)
        return [Outcome(outlet.name, again_at=due)] if due > now else self._tried(outlet, [alert])

    def _marked(self, alert: AlertDocument, outcomes: Sequence[Outcome]) -> AlertDocument:
        """The alert with what has come of it at channels. What none will have is buried first."""
        taken = [one.channel for one in outcomes if one.again_at is None and one.refused is None]
        refused = [(one.channel, one.refused) for one in outcomes if one.refused is not None]
        for channel, why in refused:
            self._bury(alert, channel, why)
        return msgspec.structs.replace(
            alert,
            delivered_to=[*alert.delivered_to, *taken],
            undelivered=[*alert.undelivered, *(f"{channel}: {why}" for channel, why in refused)],
        )

    def _resolved(self, claim: Claim) -> Claim:
        """The claim with channels that a rule names and nobody knows told as such, lest it wait for ever."""
        known = {outlet.name for outlet in self._outlets}
        missing = [
            f"{name}: {UNKNOWN_CHANNEL}" for name in dict.fromkeys(claim.alert.channels) if name not in known
        ]
        fresh = [each for each in missing if each not in claim.alert.undelivered]
        if not fresh:
            return claim
        log.error("channel_unknown", rule=claim.alert.rule, channels=fresh)
        undelivered = [*claim.alert.undelivered, *fresh]
        return replace(claim, alert=msgspec.structs.replace(claim.alert, undelivered=undelivered))

    def _shown(self, outlet: Outlet, alert: AlertDocument) -> Alert:
        """The alert as the channel has it: people are told who else tells it."""
        return notice(alert, *self._sources.of(alert)) if outlet.gathers else as_sent(alert)

    def _store(self, claim: Claim, alert: AlertDocument, hold: Hold) -> Claim | None:
        """Write the alert if nobody else has since; `None` if somebody has."""
        (number, term), since = claim.sequence, self._steady()
        answer = written_if(
            self._client,
            self._index,
            hold,
            "alert ledger",
            id=alert.id,
            document=msgspec.to_builtins(alert),
            if_seq_no=number,
            if_primary_term=term,
        )
        if answer is None:
            log.info("alert_taken_over", alert=alert.id, article_id=alert.article_id)
            return None
        return Claim(alert, (answer["_seq_no"], answer["_primary_term"]), since)


def _version(claim: Claim) -> tuple[str, Sequenced]:
    return claim.alert.id, claim.sequence


def _claim(hit: Any) -> Claim:
    """An alert as it was found; whose it is, is still to be seen."""
    return Claim(msgspec.convert(hit["_source"], AlertDocument), (hit["_seq_no"], hit["_primary_term"]))


def _due(now: datetime, longest_wait: timedelta) -> dict[str, Any]:
    """Alerts whose time has come, and those whose time was written by a clock that was far ahead."""
    beyond = {"range": {"lease_ends_at": {"gt": iso(now + longest_wait)}}}
    due = [
        {"range": {"lease_ends_at": {"lt": iso(now)}}},
        {"bool": {"filter": [beyond], "must_not": [{"exists": {"field": "held_because"}}]}},
    ]
    created = {"term": {"status": "created"}}
    return {"bool": {"filter": [created, {"bool": {"should": due, "minimum_should_match": 1}}]}}
