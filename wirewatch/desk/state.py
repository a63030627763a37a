"""How the pipeline is: feeds, stages and how far behind they are, and what the indices hold."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from elasticsearch import ApiError, Elasticsearch, TransportError
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from producers.feeds.state import FeedState
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.templates import Kind
from wirewatch.feeds import feeds_folder, follows_feeds
from wirewatch.kafka import admin_options
from wirewatch.lag import lags, readers
from wirewatch.settings import Settings

log = structlog.get_logger(__name__)

FRESH_SECONDS = 2.0
COUNTED: tuple[Kind, ...] = ("articles", "sanctions", "designations", "alerts")


class State:
    """The state, looked up at most every two seconds, by one reader at a time."""

    def __init__(
        self, settings: Settings, client: Elasticsearch, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[float, dict[str, Any]] | None = None
        self._admin: KafkaAdminClient | None = None

    def now(self) -> dict[str, Any]:
        """Stages with their lag, feeds, counts. What can't be told is `None`, with the reason beside it."""
        with self._lock:
            if self._told is None or self._clock() - self._told[0] > FRESH_SECONDS:
                self._told = (
                    self._clock(),
                    self._stages() | {"feeds": self._feeds(), "counts": self._counts()},
                )
            return self._told[1]

    def close(self) -> None:
        """Let go of Kafka."""
        with self._lock:
            self._hang_up()

    def _stages(self) -> dict[str, Any]:
        if not self._settings.kafka.bootstrap_servers:
            return {"stages": None, "stages_unknown_because": "no Kafka is set"}
        try:
            if self._admin is None:
                self._admin = KafkaAdminClient(**admin_options(self._settings.kafka))
            found = lags(self._admin, readers("live"))
        except (KafkaError, OSError, ValueError, KeyError) as error:
            self._hang_up()
            return {"stages": None, "stages_unknown_because": f"{type(error).__name__}: {error}"[:300]}
        return {
            "stages": [
                {"group": lag.reader.group, "topic": lag.reader.topic, "behind": lag.records} for lag in found
            ],
            "stages_unknown_because": None,
        }

    def _feeds(self) -> list[dict[str, Any]]:
        if not follows_feeds(self._settings):
            return []
        from producers.feeds.store import Store

        with Store(feeds_folder(self._settings)) as store:
            return [feed_row(feed) for feed in store.feeds()]

    def _counts(self) -> dict[str, int | None]:
        counts: dict[str, int | None] = {}
        prefix = self._settings.elasticsearch.index_prefix
        for kind in COUNTED:
            try:
                counts[kind] = self._client.count(index=alias(prefix, kind))["count"]
            except (ApiError, TransportError):
                counts[kind] = None
        return counts

    def _hang_up(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()


def feed_row(feed: FeedState) -> dict[str, Any]:
    """What the desk shows of a feed."""
    return {
        "url": feed.url,
        "title": feed.title,
        "state": feed.status,
        "reason": feed.reason,
        "detail": feed.detail,
        "failures": feed.failures,
        "last_success": _iso(feed.success_at),
        "next": _iso(feed.next_at),
        "interval_seconds": round(feed.interval_seconds),
    }


def _iso(moment: float) -> str | None:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds") if moment else None
