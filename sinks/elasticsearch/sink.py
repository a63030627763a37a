"""The sink that stores enriched articles, decided sanctions mentions and designations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from elasticsearch import Elasticsearch

from schemas.article import Record
from schemas.topics import DECIDED, DESIGNATIONS, ENRICHED, LANES
from schemas.wire import WireError
from sinks.consumer import Delivery, Refused
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import action_for, latest
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.meaning import has_meaning
from sinks.elasticsearch.patience import insist
from sinks.retries import Hold

GROUP = "wirewatch-sink-elasticsearch"
TOPICS: Mapping[str, type[Record]] = {
    topic.for_lane(lane): topic.record for topic in (ENRICHED, DECIDED, DESIGNATIONS) for lane in LANES
}


class ElasticsearchSink:
    """Writes each record under its own id: a record seen twice changes nothing."""

    name = "elasticsearch"

    def __init__(
        self,
        client: Elasticsearch,
        prefix: str,
        actions_max: int = 500,
        topics: Mapping[str, type[Record]] = TOPICS,
    ) -> None:
        self.topics = topics
        self._client = client
        self._prefix = prefix
        self._actions_max = actions_max
        self._has_meaning: bool | None = None

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        """Store the batch. Refused: what has no document, and what Elasticsearch rejects."""
        refused: list[Refused] = []
        actions = []
        deliveries: dict[tuple[str, str], Delivery] = {}
        for delivery in batch:
            try:
                action = action_for(delivery.record, self._prefix, meaning=self._meaning(hold))
            except WireError as error:
                refused.append(Refused(delivery, error.reason, str(error)))
                continue
            if action is None:
                refused.append(Refused(delivery, "not_cleaned", "the article has not been cleaned"))
                continue
            actions.append(action)
            deliveries[action.index, action.id] = delivery
        for answer in bulk.write(self._client, latest(actions), hold, self._actions_max):
            if answer.verdict == "rejected":
                delivery = deliveries[answer.action.index, answer.action.id]
                refused.append(Refused(delivery, "rejected_by_elasticsearch", answer.reason))
        return refused

    def _meaning(self, hold: Hold) -> bool:
        """Whether the index has a field for meaning: asked once."""
        if self._has_meaning is None:
            name = alias(self._prefix, "articles")
            self._has_meaning = insist(lambda: has_meaning(self._client, name), hold, "has_meaning")
        return self._has_meaning

    def tick(self, hold: Hold) -> None:
        """Nothing is due by the clock."""
