"""Alerts and designations, asked of the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from elasticsearch import Elasticsearch

from schemas.alert import Alert
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.query import Meant, designations_query
from sinks.elasticsearch.query.clauses import Query, nobody
from sinks.elasticsearch.query.moments import moment
from wirewatch.desk.answers import DeskError

SEARCH_TIMEOUT = "5s"
ALERT_FIELDS = Alert.__struct_fields__


def alerts(client: Elasticsearch, prefix: str, *, since: str | None, size: int) -> dict[str, Any]:
    """The newest alerts, suppressed ones with their reason. Raises `QueryError` for a faulty `since`."""
    query: Query = {"match_all": {}}
    if since:
        query = {"range": {"created_at": {"gte": moment(since, datetime.now(UTC), 0, "since")}}}
    answer = client.search(
        index=alias(prefix, "alerts"),
        query=query,
        size=size,
        sort=[{"created_at": "desc"}, {"id": "asc"}],
        source_includes=list(ALERT_FIELDS),
        timeout=SEARCH_TIMEOUT,
        track_total_hits=True,
    )
    return {
        "total": answer["hits"]["total"]["value"],
        "alerts": [hit["_source"] for hit in answer["hits"]["hits"]],
    }


def designations(  # noqa: PLR0913
    client: Elasticsearch,
    prefix: str,
    meant: Meant = nobody,
    *,
    issuers: Sequence[str] = (),
    act: str | None = None,
    language: str | None = None,
    since: str | None = None,
    size: int = 20,
) -> dict[str, Any]:
    """The newest designations, without their sightings. Raises `QueryError` for a faulty `since`."""
    ids = [one for issuer in issuers for one in (issuer, *(entity.id for entity in meant(issuer)))]
    first_day = moment(since, datetime.now(UTC), 0, "since") if since else None
    answer = client.search(
        index=alias(prefix, "designations"),
        query=designations_query(ids, first_day, act, language),
        size=size,
        sort=[{"first_seen_at": "desc"}, {"id": "asc"}],
        source_excludes=["record"],
        timeout=SEARCH_TIMEOUT,
        track_total_hits=True,
    )
    found = [hit["_source"] for hit in answer["hits"]["hits"]]
    return {"total": answer["hits"]["total"]["value"], "designations": found}


def designation(client: Elasticsearch, prefix: str, designation_id: str) -> dict[str, Any]:
    """One ledger entry with every sighting and decision. Raises `DeskError` (404)."""
    answer = client.search(
        index=alias(prefix, "designations"),
        query={"term": {"id": designation_id}},
        size=1,
        source_includes=["record"],
        timeout=SEARCH_TIMEOUT,
    )
    if not answer["hits"]["hits"]:
        raise DeskError(HTTPStatus.NOT_FOUND, "not_found", "there is no such designation")
    return {"designation": answer["hits"]["hits"][0]["_source"]["record"]}
