"""Who told first of what an alert is about, and how many told besides: as far as the indices know by now."""

from __future__ import annotations

from typing import Any

import structlog
from elasticsearch import ApiError, Elasticsearch, TransportError

from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import alias

log = structlog.get_logger(__name__)

SOURCES_MAX = 1000


class Sources:
    """Looks sources up. An index that does not answer makes a message poorer and never late."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client.options(request_timeout=5)
        self._prefix = prefix

    def of(self, alert: AlertDocument) -> tuple[str | None, int]:
        """The first source of the designation or the story, and the number of further ones."""
        try:
            if alert.designation_id:
                return self._of_designation(alert)
            return self._of_story(alert) if alert.cluster_id else (alert.source, 0)
        except (ApiError, TransportError) as error:
            log.info("sources_unknown", alert=alert.id, error=str(error))
            return alert.source, 0

    def _of_designation(self, alert: AlertDocument) -> tuple[str | None, int]:
        answer: Any = self._client.search(
            index=alias(self._prefix, "designations"),
            query={"ids": {"values": [str(alert.designation_id)]}},
            source_includes=["sources"],
        )
        hits = answer["hits"]["hits"]
        sources = hits[0]["_source"].get("sources", []) if hits else []
        return _first(sources, alert)

    def _of_story(self, alert: AlertDocument) -> tuple[str | None, int]:
        answer: Any = self._client.search(
            index=alias(self._prefix, "articles"),
            query={"term": {"cluster_id": alert.cluster_id}},
            size=0,
            aggs={
                "sources": {
                    "terms": {"field": "source", "size": SOURCES_MAX, "order": {"since": "asc"}},
                    "aggs": {"since": {"min": {"field": "fetched_at"}}},
                }
            },
        )
        return _first([each["key"] for each in answer["aggregations"]["sources"]["buckets"]], alert)


def _first(sources: list[str], alert: AlertDocument) -> tuple[str | None, int]:
    """The alert's own source is one of them, whether the index has it yet or not."""
    known = sources if alert.source in sources or not alert.source else [*sources, alert.source]
    return (known[0] if known else None), max(0, len(known) - 1)
