"""`wirewatch metrics` between a real broker and a real node."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from producers.feeds.state import FeedState
from producers.feeds.store import Store
from schemas.dead_letter import DeadLetter, Origin
from schemas.topics import DEAD_LETTERS, RAW
from schemas.wire import encode
from sinks.elasticsearch.actions import action_for, alert_action
from sinks.elasticsearch.documents import AlertDocument
from sinks.elasticsearch.indices import apply
from tests.unit.sinks.records import article
from wirewatch.elastic import elasticsearch_client
from wirewatch.feeds import feeds_folder
from wirewatch.kafka import admin_options, producer_options
from wirewatch.metrics import METRICS
from wirewatch.settings import Settings
from wirewatch.topics import apply_topics


@pytest.fixture
def reason(settings: Settings) -> Iterator[str]:
    """Topics, indices, an article, a feed that fails, and two dead letters from before, for this reason."""
    admin = KafkaAdminClient(**admin_options(settings.kafka))
    apply_topics(admin, settings.kafka)
    admin.close()
    with Store(feeds_folder(settings)) as store:
        store.add(FeedState(url="https://a.example/feed", status="failing"))
    prefix = settings.elasticsearch.index_prefix
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, prefix)
        action = action_for(article(), prefix)
        assert action is not None
        client.index(index=action.index, id=action.id, body=action.source.decode(), refresh=True)
        for alert in (
            _alert("waiting"),
            _alert("held", held_because="quiet hours", undelivered=["mail: 550"]),
        ):
            made = alert_action(alert, prefix)
            client.index(index=made.index, id=made.id, body=made.source.decode(), refresh=True)
        _set_aside(settings, found := f"test_{uuid.uuid4().hex[:8]}")
        yield found
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)
        client.indices.delete_index_template(name=f"{prefix}-*")


def _alert(name: str, **more: Any) -> AlertDocument:
    return AlertDocument(
        id=name, rule="r", key=name, created_at="2026-03-04T05:06:07Z", severity="info", title="t", text="t",
        article_id="a1", source="akhbar.example", language="ar", delivered_to=[],
        lease_ends_at="2026-03-04T05:06:07Z", **more,
    )  # fmt: skip


def _set_aside(settings: Settings, reason: str) -> None:
    producer = KafkaProducer(**producer_options(settings.kafka))
    for number in range(2):
        letter = DeadLetter(
            id=f"{reason}-{number}", reason=reason, detail="a test", stage="names",
            origin=Origin(topic=RAW.name), failed_at="2026-03-04T05:06:07Z",
        )  # fmt: skip
        producer.send(DEAD_LETTERS.name, key=letter.id.encode(), value=encode(letter))
    producer.flush()
    producer.close()


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers or "",
        "WIREWATCH_ELASTICSEARCH__URL": settings.elasticsearch.url or "",
        "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": settings.elasticsearch.index_prefix,
        "WIREWATCH_DATA_DIR": str(settings.data_dir),
    }


def _value(text: str, name: str, **labels: str) -> float | None:
    told = ",".join(f'{label}="{value}"' for label, value in labels.items())
    found = re.search(rf"^{re.escape(f'{name}{{{told}}}' if told else name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def test_everything_is_told_and_goes_on_counting(settings: Settings, reason: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wirewatch", "metrics", "--port", "0"],
        env=_environment(settings),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        url = next(line.strip() for line in process.stderr if line.startswith("http://"))
        first = urllib.request.urlopen(url, timeout=30).read().decode()
        for part in ("kafka", "elasticsearch", "feeds"):
            assert _value(first, "wirewatch_up", part=part) == 1
        letters = {"kind": "dead", "reason": reason, "stage": "names"}
        assert _value(first, "wirewatch_set_aside_total", kind="dead") == 0
        assert _value(first, "wirewatch_dead_letters_total", **letters) is None
        assert _value(first, "wirewatch_documents", index="articles") == 1
        assert _value(first, "wirewatch_newest_article_timestamp_seconds") == 1_772_600_767
        fates = ("waiting", "held", "sent", "suppressed", "undelivered")
        assert [_value(first, "wirewatch_alerts", fate=fate) for fate in fates] == [1, 1, 0, 0, 1]
        assert _value(first, "wirewatch_feeds", status="failing") == 1
        assert _value(first, "wirewatch_group_members", group="wirewatch-intake") is not None
        lag = _value(
            first, "wirewatch_lag_records", group="wirewatch-backfill-intake", topic="backfill.articles.raw"
        )
        assert lag is not None
        _set_aside(settings, reason)
        second = urllib.request.urlopen(url, timeout=30).read().decode()
        assert _value(second, "wirewatch_dead_letters_total", **letters) == 2
        assert (_value(second, "wirewatch_set_aside_total", kind="dead") or 0) >= 2
        still = {"group": "wirewatch-threads", "topic": "articles.understood", "partition": "0"}
        assert _value(second, "wirewatch_partition_still_seconds", **still) is not None
        health = urllib.request.urlopen(url.replace("/metrics", "/health"), timeout=30)
        assert json.load(health) == {"status": "ok", "kafka": "ok", "standing_still": []}
        told = set(re.findall(r"^# TYPE (\w+) ", second, re.MULTILINE))
        assert told == set(METRICS)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url.replace("/metrics", "/"), timeout=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def test_what_is_away_is_told_as_down_and_hides_nothing_else(settings: Settings, reason: str) -> None:
    away = _environment(settings) | {"WIREWATCH_ELASTICSEARCH__URL": "http://127.0.0.1:1"}
    told = subprocess.run(
        [sys.executable, "-m", "wirewatch", "metrics", "--once"],
        env=away,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    ).stdout
    assert _value(told, "wirewatch_up", part="elasticsearch") == 0
    assert _value(told, "wirewatch_up", part="kafka") == 1
    assert _value(told, "wirewatch_documents", index="articles") is None
