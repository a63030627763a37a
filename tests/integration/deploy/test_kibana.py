"""Every panel, sent to real nodes as Kibana sends it, on real documents: something comes back for each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

from deploy.kibana.build import FOLDER, saved_objects
from schemas.article import Record
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import BulkAction, action_for, alert_action
from sinks.elasticsearch.client import connect
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import apply
from tests.integration.deploy.as_kibana import Times, chart_request, search_request, view_of
from tests.unit.sinks.records import SENTENCE, TITLE, article, designation, mention

NOW = datetime.now(UTC)
TIMES = Times((NOW - timedelta(days=7)).isoformat(), NOW.isoformat(), "3h")
DRAWN = [one["id"].removeprefix("wirewatch-") for one in saved_objects() if one["type"] in ("lens", "search")]


def _when(hours: int) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def _records() -> Iterator[Record]:
    """Two days of news: two sources, an article without a date, one without a language."""
    for n in range(12):
        at, source = _when(4 * n + 1), ("akhbar.example", "vesti.example")[n % 2]
        relation = ("first", "copy", "related")[n % 3]
        story = msgspec.structs.replace(article().story, relation=relation, cluster_id=f"c{n // 3}")
        yield article(id=f"a{n}", fetched_at=at, source=source, story=story)
        yield mention(id=f"m{n}", article_id=f"a{n}", fetched_at=at, source=source)
        yield designation(id=f"d{n}", first_seen_at=at, last_seen_at=at)
    undated = msgspec.structs.replace(article().clean, published_at=None)
    yield article(id="undated", fetched_at=_when(3), clean=undated)
    yield article(id="unread", fetched_at=_when(3), language=None)


def _alert(name: str, status: str) -> AlertDocument:
    return AlertDocument(
        id=name, rule="new-sanctions-mention", key=name, created_at=_when(2), severity="critical",
        title=TITLE, text=SENTENCE, article_id="a1", source="akhbar.example", language="ar",
        status=status, delivered_to=[], attempts=3, lease_ends_at=_when(1), held_because="quiet hours", undelivered=["mail: 550"],
    )  # type: ignore[arg-type]  # fmt: skip


def _fill(client: Elasticsearch, prefix: str) -> None:
    apply(client, prefix)
    actions: list[BulkAction] = [one for record in _records() if (one := action_for(record, prefix))]
    actions += [alert_action(_alert(name, name), prefix) for name in ("created", "sent")]
    answers = bulk.write(client, actions, lambda _: None)
    assert {answer.verdict for answer in answers} == {"written"}
    client.indices.refresh(index=f"{prefix}-*")


@pytest.fixture(scope="module", params=["elasticsearch", "elasticsearch9"])
def filled(request: pytest.FixtureRequest) -> Iterator[tuple[Elasticsearch, str]]:
    """A node of each generation with documents, and their prefix."""
    prefix = f"kibana-{uuid.uuid4().hex[:10]}"
    with connect(request.getfixturevalue(request.param)) as client:
        _fill(client, prefix)
        yield client, prefix
        for name in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=name)
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.mark.parametrize("name", DRAWN)
def test_every_panel_brings_something_back(filled: tuple[Elasticsearch, str], name: str) -> None:
    client, prefix = filled
    objects = {one["id"]: one for one in saved_objects(prefix)}
    saved = objects[f"{prefix}-{name}"]
    view = objects[view_of(saved)]["attributes"]
    if saved["type"] == "search":
        asked = search_request(saved, view["timeFieldName"], TIMES)
        answer = client.search(index=view["title"], body=asked)
        shown = {column for hit in answer["hits"]["hits"] for column in hit["fields"]}
        assert set(saved["attributes"]["columns"]) - shown <= {"delivered_to"}, "a column is empty"
    else:
        asked = chart_request(saved, view["timeFieldName"], TIMES)
        answer = client.search(index=view["title"], body=asked)
        _assert_filled(asked["aggs"], answer.get("aggregations", {}))
    assert answer["hits"]["total"]["value"] > 0
    assert answer["_shards"]["failed"] == 0
    assert not answer["timed_out"]


def _assert_filled(asked: Mapping[str, Any], got: Mapping[str, Any]) -> None:
    """Every aggregation asked for has a value, or a bucket with something in it, all the way down."""
    for name, aggregation in asked.items():
        if "aggs" not in aggregation:
            assert got[name]["value"], name
            continue
        counted = [bucket for bucket in got[name]["buckets"] if bucket["doc_count"]]
        assert counted, name
        _assert_filled(aggregation["aggs"], counted[0])


def test_the_alerting_rule_finds_what_is_new(filled: tuple[Elasticsearch, str]) -> None:
    client, prefix = filled
    rule = json.loads((FOLDER / "new-sanctions.rule.json").read_text(encoding="utf-8"))["params"]
    window = {"range": {rule["timeField"]: {"gte": f"now-{rule['timeWindowSize']}{rule['timeWindowUnit']}"}}}
    query = {"bool": {"filter": [json.loads(rule["esQuery"])["query"], window]}}
    index = rule["index"][0].replace("wirewatch", prefix)
    answer = client.search(index=index, query=query, size=rule["size"])
    assert answer["hits"]["total"]["value"] > rule["threshold"][0]
