"""The sink that raises alerts on what arrives, live lane only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from elasticsearch import Elasticsearch

from schemas.article import Article, Record
from schemas.designation import SanctionMention
from schemas.identity import alert_id
from schemas.topics import DECIDED, ENRICHED
from schemas.wire import WireError
from sinks.alerts.build import Cause
from sinks.alerts.channels import Channel
from sinks.alerts.conditions import fetched_at
from sinks.alerts.delivery import Bury
from sinks.alerts.delivery import Delivery as AlertDelivery
from sinks.alerts.judging import Found, Judge
from sinks.alerts.memory import Memory
from sinks.alerts.outlet import Outlet
from sinks.alerts.rule import WATCHED
from sinks.alerts.stored import percolate, stored_rules
from sinks.alerts.told import Notes
from sinks.consumer import Delivery, Refused
from sinks.elasticsearch.documents import Document, article_document, sanction_document
from sinks.elasticsearch.patience import insist
from sinks.retries import Hold

GROUP = "wirewatch-sink-alerts"
TOPICS: Mapping[str, type[Record]] = {topic.for_lane("live"): topic.record for topic in (ENRICHED, DECIDED)}
RESUME_SECONDS = 5.0
FLATLINES_SECONDS = 30.0
FORGET_SECONDS = 600.0
BEHIND_SECONDS = 120.0


class AlertSink:
    """Matches records with the stored rules, decides what is news, and sends each alert once.

    The backfill lane's topics are not read, and a record that says it is a backfill raises nothing:
    history must never page anyone.
    """

    name = "alerts"

    def __init__(  # noqa: PLR0913
        self,
        client: Elasticsearch,
        prefix: str,
        channels: Sequence[Channel | Outlet],
        *,
        topics: Mapping[str, type[Record]] = TOPICS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        bury: Bury = lambda alert, channel, why: None,  # noqa: ARG005
        notes: Notes | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.topics = topics
        self._client = client
        self._prefix = prefix
        self._alerts = AlertDelivery(client, prefix, channels, now, bury=bury, notes=notes, steady=steady)
        self._memory = Memory(client, prefix)
        self._judge = Judge(client, prefix, self._memory, now)
        self._now = now
        self._due = {"resume": 0.0, "flatlines": time.monotonic() + FLATLINES_SECONDS, "forget": 0.0}

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        """Raise what alerts the batch gives reason for. Refused: what can't be matched or alerted on."""
        refused: list[Refused] = []
        found: list[Found] = []
        deliveries: dict[str, Delivery] = {}
        documents_seen: list[Document] = []
        for kind in WATCHED:
            asked, unreadable = _watched(batch, kind)
            documents = [document for _, document in asked]
            matches, unasked = percolate(self._client, self._prefix, kind, documents, hold)
            documents_seen += documents
            refused += unreadable
            refused += [Refused(asked[at][0], "rejected_by_percolator", why) for at, why in unasked.items()]
            found += [Found(match.rule, documents[match.document]) for match in matches]
            deliveries |= {document["id"]: delivery for delivery, document in asked}
        causes = self._judge.causes(found, hold)
        rejected = self._raise_alerts(causes, hold)
        self._wait_if_behind(documents_seen)
        return refused + [
            Refused(deliveries[document], "alert_rejected", why) for document, why in rejected.items()
        ]

    def tick(self, hold: Hold) -> None:
        """Now and then, and first of all at start: send what was created and not sent; look who is silent."""
        if self._is_due("resume", RESUME_SECONDS):
            self._alerts.resume(hold)
        if self._is_due("flatlines", FLATLINES_SECONDS):
            rules = insist(lambda: stored_rules(self._client, self._prefix, "flatline"), hold, "flatlines")
            self._raise_alerts(self._judge.flat([rule for rule in rules if rule.enabled], hold), hold)
        if self._is_due("forget", FORGET_SECONDS):
            self._memory.forget(self._now(), hold)

    def _raise_alerts(self, causes: Sequence[Cause], hold: Hold) -> dict[str, str]:
        """Send what is to be sent; why the ledger refused an alert, by the document that caused it."""
        alerts = self._judge.alerts(causes, hold)
        claims, rejected = self._alerts.create(alerts, hold) if alerts else ([], {})
        self._alerts.send(claims, hold)
        documents = {alert_id(cause.rule.id, cause.key): cause.document["id"] for cause in causes}
        return {documents[alert]: why for alert, why in rejected.items()}

    def _is_due(self, what: str, every_seconds: float) -> bool:
        if time.monotonic() < self._due[what]:
            return False
        self._due[what] = time.monotonic() + every_seconds
        return True

    def _wait_if_behind(self, documents: Sequence[Document]) -> None:
        """Silence can't be told from our own lag: while old records come in, nobody is called silent."""
        newest = max(map(fetched_at, documents), default=None)
        if newest is not None and (self._now() - newest).total_seconds() > BEHIND_SECONDS:
            self._due["flatlines"] = time.monotonic() + 2 * FLATLINES_SECONDS


def watched_document(record: Record, kind: str) -> Document | None:
    """What rules on `sanctions` or `articles` see of a record; `None` where it is no concern of theirs."""
    match record:
        case SanctionMention(lane="live") if kind == "sanctions":
            document = sanction_document(record)
        case Article(lane="live") if kind == "articles" and record.clean is not None:
            document = article_document(record)
        case _:
            return None
    return {name: value for name, value in document.items() if name != "record"}


def _watched(batch: Sequence[Delivery], kind: str) -> tuple[list[tuple[Delivery, Document]], list[Refused]]:
    watched: list[tuple[Delivery, Document]] = []
    refused: list[Refused] = []
    for delivery in batch:
        try:
            document = watched_document(delivery.record, kind)
            if document is not None:
                fetched_at(document)
        except WireError as error:
            refused.append(Refused(delivery, error.reason, str(error)))
            continue
        except ValueError as error:
            refused.append(Refused(delivery, "no_time", f"fetched_at: {error}"))
            continue
        if document is not None:
            watched.append((delivery, document))
    return watched, refused
