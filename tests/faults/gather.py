"""Gathers the facts of a run from those who hold them: the indices, the topics, the hook that alerts came to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from elasticsearch.helpers import scan

from schemas.alert import Alert
from schemas.topics import ALERTS
from schemas.wire import decode
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.templates import Kind
from tests.faults.account import Facts, Letter, Stored, Told
from tests.faults.cluster import Cluster
from tests.faults.feeding import acknowledged
from tests.faults.stream import Sent
from tests.faults.watch import Watch
from wirewatch.dead_letters import read_dead_letters, topic_values
from wirewatch.kafka import consumer_options

DRAINED_SECONDS_MAX = 300.0
SETTLED_SECONDS_MAX = 90.0
_WAITING = {"term": {"status": "created"}}


def gather(cluster: Cluster, watch: Watch, sent: Sequence[Sent], notes: Sequence[Path]) -> Facts:
    """Wait until nothing is on its way, and look at what there is. `sent` is one run of several, maybe."""
    watch.wait(lambda now: not now.behind(), DRAINED_SECONDS_MAX)
    unsettled = _unsettled(cluster)
    ours = {one.key for one in sent} | {one.name for one in sent}
    hook = [
        Told(each["id"], each["article_id"], "", each["designation_id"] or "")
        for each in cluster.hook.received
    ]
    return Facts(
        sent=sent,
        acknowledged=frozenset(name for file in notes for name in acknowledged(file)),
        articles=[one for one in _articles(cluster) if one.id in ours],
        mentions=[one for one in _mentions(cluster) if one.article_id in ours],
        designations=[one for one in _designations(cluster) if one[1] & ours],
        alerts=[alert for alert in hook if alert.article_id in ours],
        on_topic=[alert for alert in _on_topic(cluster) if alert.article_id in ours],
        letters=[letter for letter in _letters(cluster) if {letter.key, letter.article_id} & ours],
        behind=watch.stand().behind(),
        unsettled_alerts=unsettled,
    )


def _unsettled(cluster: Cluster) -> int:
    """Alerts that wait to be sent, once none does or the time is up."""
    index = alias(cluster.settings.elasticsearch.index_prefix, "alerts")
    deadline = time.monotonic() + SETTLED_SECONDS_MAX
    while True:
        cluster.elasticsearch.indices.refresh(index=index)
        waiting: int = cluster.elasticsearch.count(index=index, query=_WAITING)["count"]
        if not waiting or time.monotonic() > deadline:
            return waiting
        time.sleep(1.0)


def _hits(cluster: Cluster, kind: Kind, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    index = alias(cluster.settings.elasticsearch.index_prefix, kind)
    cluster.elasticsearch.indices.refresh(index=index)
    for hit in scan(cluster.elasticsearch, index=index, query={"_source": list(fields)}, size=2000):
        yield {"_id": hit["_id"], **hit["_source"]}


def _articles(cluster: Cluster) -> list[Stored]:
    fields = ("revision", "cluster_id")
    return [
        Stored(hit["_id"], hit["revision"], hit["cluster_id"]) for hit in _hits(cluster, "articles", fields)
    ]


def _mentions(cluster: Cluster) -> list[Told]:
    fields = ("article_id", "decision", "designation_id")
    return [
        Told(hit["_id"], hit["article_id"], hit.get("decision") or "", hit.get("designation_id") or "")
        for hit in _hits(cluster, "sanctions", fields)
    ]


def _designations(cluster: Cluster) -> list[tuple[str, frozenset[str]]]:
    mentions = _mentions(cluster)
    return [
        (hit["_id"], frozenset(one.article_id for one in mentions if one.designation_id == hit["_id"]))
        for hit in _hits(cluster, "designations", ("id",))
    ]


def _letters(cluster: Cluster) -> list[Letter]:
    letters = read_dead_letters(consumer_options(cluster.settings.kafka))
    return [Letter(each.origin.key or "", each.article_id or "", each.reason) for each in letters]


def _on_topic(cluster: Cluster) -> list[Told]:
    """Every alert on the topic, each as often as it is there."""
    values = topic_values(consumer_options(cluster.settings.kafka), ALERTS.name)
    alerts = [decode(value, Alert) for value in values]
    return [Told(each.id, each.article_id, "", each.designation_id or "") for each in alerts]
