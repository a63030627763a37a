"""The Elasticsearch sink between a real broker and a real node."""

from __future__ import annotations

import msgspec
import pytest

from schemas.article import Article, Clean, Raw
from sinks.elasticsearch.sink import ElasticsearchSink
from tests.integration.sinks.bench import Bench, wait_for
from tests.unit.sinks.records import article, designation, mention
from wirewatch.local import LocalServices

TOPICS = ("enriched", "decided", "designations")


def _many(count: int, revision: int = 1) -> list[tuple[str, Article]]:
    return [
        (
            f"many-{n}",
            Article(
                id=f"many-{n}",
                source="wire.example",
                fetched_at="2026-03-04T05:06:07Z",
                revision=revision,
                raw=Raw(content=f"Заголовок {n}"),
                clean=Clean(title=f"Заголовок {n}", text=f"Новость номер {n}. " * 20),
            ),
        )
        for n in range(count)
    ]


def _sink(bench: Bench) -> ElasticsearchSink:
    return ElasticsearchSink(bench.client, bench.prefix, topics=bench.topics(*TOPICS))


def test_each_kind_of_record_becomes_a_document(bench: Bench) -> None:
    bench.produce("enriched", [("a1", article())])
    bench.produce("decided", [("a1-0", mention())])
    bench.produce("designations", [("d1", designation()), ("d1", designation(updates=2))])
    with bench.running(_sink(bench)):
        wait_for(lambda: bench.behind(*TOPICS) == 0, "everything committed")
    assert bench.documents("articles")["a1"]["title_ar"] == article().clean.title  # type: ignore[union-attr]
    assert bench.documents("articles")["a1"]["record"]["raw"]["content"] == article().raw.content
    assert bench.documents("sanctions")["a1-0"]["decision"] == "new"
    assert bench.documents("designations")["d1"]["updates"] == 2
    assert bench.read("dead") == []


def test_a_replay_changes_nothing_and_an_older_revision_does_not_win(bench: Bench) -> None:
    bench.produce("enriched", _many(50, revision=5))
    with bench.running(_sink(bench)):
        wait_for(lambda: bench.behind("enriched") == 0, "first pass")
    before = bench.documents("articles")
    bench.produce("enriched", _many(50, revision=5) + _many(50, revision=4))
    with bench.running(_sink(bench), group="again"):
        wait_for(lambda: bench.behind("enriched", group="again") == 0, "second pass")
    assert bench.documents("articles") == before
    assert len(before) == 50
    bench.produce("enriched", _many(1, revision=6))
    with bench.running(_sink(bench)):
        wait_for(lambda: bench.behind("enriched") == 0, "third pass")
    assert bench.documents("articles")["many-0"]["revision"] == 6
    assert bench.read("dead") == []


def test_what_can_not_be_stored_is_set_aside_and_the_rest_is_written(bench: Bench) -> None:
    bad_date = article(id="bad", clean=msgspec.structs.replace(article().clean, published_at="yesterday"))
    bench.produce(
        "enriched",
        [
            ("a1", article()),
            ("bad", bad_date),
            ("p1", b'{"id":"\xff"}'),
            ("p2", b"{not json"),
            ("p3", b'{"id": 5}'),
            ("p4", b'{"id":"x","source":"\\ud800","fetched_at":"2026-01-01","raw":{"content":""}}'),
            ("p5", b""),
            ("raw", article(id="raw", clean=None)),
            ("a2", article(id="a2")),
        ],
    )
    with bench.running(_sink(bench)):
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed")
    assert set(bench.documents("articles")) == {"a1", "a2"}
    letters = {letter.origin.key: letter for letter in bench.read("dead")}
    assert {key: letter.reason for key, letter in letters.items()} == {
        "bad": "rejected_by_elasticsearch",
        "p1": "not_utf8",
        "p2": "not_json",
        "p3": "wrong_type",
        "p4": "not_utf8",
        "p5": "empty",
        "raw": "not_cleaned",
    }
    assert "published_at" in letters["bad"].detail
    assert letters["bad"].article_id == "bad"
    assert letters["p1"].payload == b'{"id":"\xff"}'
    assert letters["p1"].origin.topic == bench.topic("enriched")


def test_a_node_killed_and_started_again_loses_nothing(bench: Bench, services: LocalServices) -> None:
    if services.elasticsearch is None:
        pytest.skip("the settings name a cluster, which is not ours to kill")
    with bench.running(_sink(bench), batch_records=50):
        bench.produce("enriched", _many(300))
        wait_for(lambda: bench.behind("enriched") < 300, "the first batches")
        services.elasticsearch.kill()
        try:
            bench.produce("enriched", _many(600)[300:])
            behind = bench.behind("enriched")
        finally:
            services.elasticsearch.start()
        assert behind > 0, "offsets were committed while nothing could be written"
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed", 120)
    assert len(bench.documents("articles")) == 600
    assert bench.read("dead") == []


def test_stopping_while_the_node_is_away_commits_nothing(bench: Bench, services: LocalServices) -> None:
    if services.elasticsearch is None:
        pytest.skip("the settings name a cluster, which is not ours to kill")
    services.elasticsearch.kill()
    try:
        with bench.running(_sink(bench)) as stop:
            bench.produce("enriched", _many(10))
            stop.wait(3)
        assert bench.behind("enriched") == 10
    finally:
        services.elasticsearch.start()
    with bench.running(_sink(bench)):
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed")
    assert len(bench.documents("articles")) == 10


def test_a_group_is_kept_while_the_node_is_away(bench: Bench, services: LocalServices) -> None:
    """Longer than the session timeout and, as set here, than the longest time between polls."""
    if services.elasticsearch is None:
        pytest.skip("the settings name a cluster, which is not ours to kill")
    services.elasticsearch.kill()
    try:
        with bench.running(_sink(bench), in_group={"max_poll_interval_ms": 6000}) as stop:
            bench.produce("enriched", _many(5))
            stop.wait(14)
            assert "Stable" in str(bench.admin.describe_groups([f"sink-{bench.run}"]))
            services.elasticsearch.start()
            wait_for(lambda: bench.behind("enriched") == 0, "everything committed")
    finally:
        if not services.elasticsearch.running:
            services.elasticsearch.start()
    assert len(bench.documents("articles")) == 5


def test_two_sinks_share_the_partitions(bench: Bench) -> None:
    bench.produce("enriched", _many(200))
    with bench.running(_sink(bench), batch_records=20), bench.running(_sink(bench), batch_records=20):
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed", 90)
        bench.produce("enriched", _many(400)[200:])
        wait_for(lambda: bench.behind("enriched") == 0, "everything committed again", 90)
    assert len(bench.documents("articles")) == 400
    assert bench.read("dead") == []
