"""The whole pipeline, on a real broker and node: the seeds, a replay, poison, and every process killed."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from producers.writer import Writer
from schemas.topics import RAW
from sinks.elasticsearch.indices import alias
from wirewatch.kafka import producer_options
from wirewatch.up import Fed, Up

JsonLines = Callable[[int, int], bytes]
POISON = {
    "not UTF-8": b'{"id":"\xff\xfe"}',
    "not JSON": b"<html>not a record</html>",
    "a field of the wrong type": b'{"id":7,"source":"s","fetched_at":"x","raw":{"content":"y"}}',
    "empty": b"",
    "a lone surrogate": rb'{"id":"p","source":"s","fetched_at":"x","raw":{"content":"\ud800 tail"}}',
    "nested deep": b"[" * 100_000,
    "eight megabytes and more": b"x" * (8 * 1024 * 1024 + 1),
}


def through(up: Up, inputs: list[Path]) -> Fed:
    """Feed and wait until everything is through."""
    fed = up.feed(inputs)
    up.run(lambda _: None, until_idle=True)
    return fed


def documents(up: Up, kind: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    index = alias(up.settings.elasticsearch.index_prefix, kind)
    up.elasticsearch.indices.refresh(index=index)
    answer = up.elasticsearch.search(index=index, query=query or {"match_all": {}}, size=5000)
    return [hit["_source"] | {"_id": hit["_id"]} for hit in answer["hits"]["hits"]]


@pytest.fixture(scope="module")
def seeds(shared: Path) -> list[Path]:
    return sorted((shared / "data" / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (shared / "data" / "seeds" / "lines_gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["file"], []).append(row)
    return found


@pytest.mark.shared
def test_the_seeds_come_out_clean_linked_and_alerted_on_and_a_replay_changes_nothing(
    up: Up, seeds: list[Path], gold: dict[str, list[dict[str, Any]]]
) -> None:
    fed = through(up, seeds)
    fates = up.fates(fed)
    assert len(fates) == 5
    assert all(fate.what.startswith("indexed") for fate in fates), fates
    ids = {path.name: article_id for path, article_id in zip(seeds, fed.labels, strict=True)}
    by_id = {document["_id"]: document for document in documents(up, "articles")}
    assert {by_id[article_id]["language"] for article_id in ids.values()} == {"ar"}
    for name, rows in gold.items():
        kept = set(by_id[ids[name]]["text"].splitlines())
        for row in rows:
            text = row["text"].strip()
            if row["label"] == "body":
                assert text in kept, (name, row)
            if row["label"] in ("boilerplate", "duplicate"):
                assert text not in kept, (name, row)
    first, second, _, fourth, _ = ids.values()
    clusters = [by_id[article_id]["cluster_id"] for article_id in ids.values()]
    assert by_id[first]["cluster_id"] == by_id[fourth]["cluster_id"]
    assert len(set(clusters)) == 4
    assert {by_id[first]["relation"], by_id[fourth]["relation"]} == {"first", "related"}
    for article_id in (first, second):
        imposed = documents(up, "sanctions", {"term": {"article_id": article_id}})
        assert any(one["act"] == "imposed" and "state:US" in json.dumps(one) for one in imposed)
    new = documents(up, "sanctions", {"term": {"decision": "new"}})
    alerts = documents(up, "alerts")
    assert new
    assert {alert["designation_id"] for alert in alerts} == {one["designation_id"] for one in new}

    before = {kind: len(documents(up, kind)) for kind in ("articles", "sanctions", "designations", "alerts")}
    sent = len(up.arrivals.alerts)
    through(up, seeds)
    after = {kind: len(documents(up, kind)) for kind in before}
    assert after == before
    assert len(up.arrivals.alerts) == sent
    assert documents(up, "alerts") == alerts


def test_poison_is_set_aside_with_its_reason_and_the_partition_goes_on(
    up: Up, tmp_path: Path, json_lines: JsonLines
) -> None:
    with Writer(producer_options(up.settings.kafka)) as writer:
        for key, value in POISON.items():
            writer.send(RAW.name, key.encode(), value)
    page = tmp_path / "lines.txt"
    page.write_text("word\n" * 1_000_000, "utf-8")
    huge = tmp_path / "huge.txt"
    huge.write_bytes(b"a" * 30 * 1024 * 1024)
    fine = tmp_path / "fine.jsonl"
    fine.write_bytes(json_lines(20, 11))
    fed = through(up, [page, huge, fine])
    letters = list(up.arrivals.dead_letters.values())
    by_key = {letter.origin.key: letter.reason for letter in letters}
    assert {key for key in POISON if key not in by_key} == set()
    assert by_key["not UTF-8"] in ("not_utf8", "not_json")
    assert by_key["a field of the wrong type"] == "wrong_type"
    assert by_key["empty"] == "empty"
    assert by_key["eight megabytes and more"] == "too_large"
    fates = {fate.label: fate.what for fate in up.fates(fed)}
    set_aside = {label: what for label, what in fates.items() if not what.startswith("indexed")}
    assert set_aside.pop(str(huge)) == "dead-lettered: too_large"
    (what,) = set_aside.values()
    assert what == "dead-lettered: too_large (boilerplate)"
    assert sum(what.startswith("indexed") for what in fates.values()) == 20


KILLS = {"understanding": 100, "flow": 200, "sink": 300, "kafka": 450, "elasticsearch": 600}
"""Who is killed, and after how many articles have come through."""


@pytest.fixture
def killer(up: Up) -> Iterator[list[str]]:
    """SIGKILLs each process once, while articles are on their way. Gives the names of those it killed."""
    killed: list[str] = []
    stop = threading.Event()

    def pid(name: str) -> int | None:
        service = {"kafka": up.services.kafka, "elasticsearch": up.services.elasticsearch}.get(name)
        if service is not None:
            return service.process.pid if service.process else None
        return up.children.pid(name)

    def kill() -> None:
        for name, at_articles in KILLS.items():
            while len(up.arrivals.articles) < at_articles and not stop.wait(0.05):
                pass
            found = pid(name)
            if found is not None and not stop.is_set():
                os.kill(found, signal.SIGKILL)
                killed.append(name)

    thread = threading.Thread(target=kill)
    up.arrivals.articles.clear()
    thread.start()
    yield killed
    stop.set()
    thread.join()


@pytest.mark.timeout(900)
def test_whoever_is_killed_in_the_middle_nothing_is_lost_and_nothing_doubled(
    up: Up, tmp_path: Path, json_lines: JsonLines, killer: list[str]
) -> None:
    articles = tmp_path / "many.jsonl"
    articles.write_bytes(json_lines(800, 23))
    fed = through(up, [articles])
    assert killer == list(KILLS)
    assert len(fed.labels) == 800
    fates = up.fates(fed)
    assert [fate for fate in fates if not fate.what.startswith("indexed")] == []
    found = documents(up, "articles", {"prefix": {"external_id": "23-"}})
    assert len(found) == 800
    assert len({document["external_id"] for document in found}) == 800
