"""The sink that raises alerts on what arrives, live lane only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from elasticsearch import Elasticsearch

from schemas.article import Article, Record
from schemas.designation import SanctionMention
from schemas.topics import DECIDED, ENRICHED
from schemas.wire import WireError
from sinks.alerts.build import build_alert
from sinks.alerts.channels import Channel
from sinks.alerts.delivery import Delivery as AlertDelivery
from sinks.alerts.rules import WATCHED
from sinks.alerts.stored import percolate
from sinks.consumer import Delivery, Refused
from sinks.elasticsearch.documents import AlertDocument, Document, article_document, sanction_document
from sinks.retries import Hold

GROUP = "wirewatch-sink-alerts"
TOPICS: Mapping[str, type[Record]] = {topic.for_lane("live"): topic.record for topic in (ENRICHED, DECIDED)}
RESUME_SECONDS = 5.0


class AlertSink:
    """Matches records with the stored rules and sends each alert once.

    The backfill lane's topics are not read, and a record that says it is a backfill raises nothing:
    history must never page anyone.
    """

    name = "alerts"

    def __init__(
        self,
        client: Elasticsearch,
        prefix: str,
        channels: Sequence[Channel],
        topics: Mapping[str, type[Record]] = TOPICS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.topics = topics
        self._client = client
        self._prefix = prefix
        self._alerts = AlertDelivery(client, prefix, channels, now)
        self._now = now
        self._resume_due = 0.0

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        """Raise what alerts the batch gives reason for. Refused: what can't be matched or alerted on."""
        refused: list[Refused] = []
        causes: dict[str, Delivery] = {}
        alerts: list[AlertDocument] = []
        for kind in WATCHED:
            asked, unreadable = _watched(batch, kind)
            documents = [document for _, document in asked]
            matches, unasked = percolate(self._client, self._prefix, kind, documents, hold)
            refused += unreadable
            refused += [Refused(asked[at][0], "rejected_by_percolator", why) for at, why in unasked.items()]
            for match in matches:
                delivery, document = asked[match.document]
                alert = build_alert(match.rule, document, self._now())
                causes.setdefault(alert.id, delivery)
                alerts.append(alert)
        claims, rejected = self._alerts.create(alerts, hold)
        self._alerts.send(claims, hold)
        return refused + [Refused(causes[alert], "alert_rejected", why) for alert, why in rejected.items()]

    def tick(self, hold: Hold) -> None:
        """Every few seconds, and first of all at start: send what was created and not sent."""
        if time.monotonic() >= self._resume_due:
            self._alerts.resume(hold)
            self._resume_due = time.monotonic() + RESUME_SECONDS


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
        except WireError as error:
            refused.append(Refused(delivery, error.reason, str(error)))
            continue
        if document is not None:
            watched.append((delivery, document))
    return watched, refused
