"""The alerts index as people ask about it: what was sent, what waits, what was kept quiet and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from sinks.alerts.build import iso
from sinks.elasticsearch.indices import alias


def latest_alerts(  # noqa: PLR0913
    client: Elasticsearch,
    prefix: str,
    since: datetime,
    *,
    rule: str | None = None,
    status: str | None = None,
    size: int = 100,
) -> list[dict[str, Any]]:
    """Alerts made since then, newest first. The status `undelivered` is having been refused by a channel."""
    filters: list[dict[str, Any]] = [{"range": {"created_at": {"gte": iso(since)}}}]
    if rule is not None:
        filters.append({"term": {"rule": rule}})
    if status == "undelivered":
        filters.append({"exists": {"field": "undelivered"}})
    elif status is not None:
        filters.append({"term": {"status": status}})
    answer: Any = client.search(
        index=alias(prefix, "alerts"),
        query={"bool": {"filter": filters}},
        sort=[{"created_at": "desc"}, {"id": "desc"}],
        size=size,
    )
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def send_again(client: Elasticsearch, prefix: str, alert_id: str) -> bool:
    """Let an alert go out again to the channels that refused it. Whether any had."""
    try:
        held: Any = client.get(index=alias(prefix, "alerts"), id=alert_id)
    except NotFoundError:
        return False
    if not held["_source"].get("undelivered"):
        return False
    fresh = {"undelivered": [], "status": "created", "lease_ends_at": iso(datetime.now(UTC))}
    client.index(
        index=alias(prefix, "alerts"),
        id=alert_id,
        document=held["_source"] | fresh,
        if_seq_no=held["_seq_no"],
        if_primary_term=held["_primary_term"],
        refresh=True,
    )
    return True
