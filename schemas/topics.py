"""The one table of topics: name, record, key, partitions, retention, compaction.

A topic lies between two groups of stages. The backfill lane has the same topics under `backfill.`,
so that a backfill never delays live news. From the sanctions mentions on, all is shared: what the archive
tells must be known when live news tell it again, and mentions are few.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.alert import Alert, Told
from schemas.article import Article, Lane, Record
from schemas.dead_letter import DeadLetter
from schemas.designation import Designation, SanctionMention
from schemas.wire import RECORD_BYTES_MAX, prepare

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic.

    `partitions` of `None` is as many as the settings say (`kafka.partitions`); 1 where one state must see
    all. `retention_ms` counts for topics that are not compacted; those keep the last record of a key for
    ever.
    """

    name: str
    record: type[Record]
    key: str
    partitions: int | None = None
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False
    per_lane: bool = True
    max_message_bytes: int = RECORD_BYTES_MAX + 1024 * 1024

    def for_lane(self, lane: Lane) -> str:
        """The topic's name in a lane."""
        return f"backfill.{self.name}" if lane == "backfill" and self.per_lane else self.name

    def config(self) -> dict[str, str]:
        """Kafka's own settings for the topic, as `wirewatch topics apply` creates and compares them."""
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(-1 if self.compacted else self.retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
        }


RAW = Topic("articles.raw", Article, key="source")
CLEAN = Topic("articles.clean", Article, key="language code")
CLUSTERED = Topic("articles.clustered", Article, key="story id")
UNDERSTOOD = Topic("articles.understood", Article, key="article id", partitions=1)
ENRICHED = Topic("articles.enriched", Article, key="article id")
MENTIONS = Topic("sanctions.mentions", SanctionMention, key="the same for all", partitions=1, per_lane=False)
DECIDED = Topic("sanctions.decided", SanctionMention, key="mention id", per_lane=False)
DESIGNATIONS = Topic("designations", Designation, key="designation id", compacted=True, per_lane=False)
ALERTS = Topic("alerts", Alert, key="alert id", retention_ms=90 * DAY_MS, per_lane=False)
TOLD = Topic("alerts.told", Told, key="alert id", per_lane=False)
DEAD_LETTERS = Topic(
    "dead-letters", DeadLetter, key="dead letter id", retention_ms=30 * DAY_MS, per_lane=False
)

TOPICS = (
    RAW, CLEAN, CLUSTERED, UNDERSTOOD, ENRICHED, MENTIONS, DECIDED, DESIGNATIONS, ALERTS, TOLD, DEAD_LETTERS,
)  # fmt: skip
LANES: tuple[Lane, ...] = ("live", "backfill")

prepare(*(topic.record for topic in TOPICS))


def topic_names() -> dict[str, Topic]:
    """Every topic that must exist, by its full name, in both lanes."""
    return {topic.for_lane(lane): topic for topic in TOPICS for lane in LANES}
