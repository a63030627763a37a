"""Faults of the cluster and its indices, each prepared on a real node."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

from sinks.elasticsearch.indices import IndexName, alias, apply
from sinks.elasticsearch.templates import mappings, template
from tests.doctor.conftest import found, wrong
from wirewatch.doctor.disks import room
from wirewatch.elastic import elasticsearch_client
from wirewatch.settings import Settings


@pytest.fixture
def client(well: Settings) -> Iterator[Elasticsearch]:
    with elasticsearch_client(well.elasticsearch) as made:
        yield made


def remade(client: Elasticsearch, settings: Settings, body: dict[str, Any]) -> str:
    """The index of articles, made anew with another mapping."""
    prefix = settings.elasticsearch.index_prefix
    index = str(IndexName(prefix, "articles"))
    client.indices.delete(index=index)
    client.indices.delete_index_template(name=alias(prefix, "articles"))
    client.indices.create(
        index=index,
        mappings=body,
        settings=template("articles", "x")["template"]["settings"],
        aliases={alias(prefix, "articles"): {"is_write_index": True}},
    )
    name = alias(prefix, "articles")
    client.indices.put_index_template(name=name, body=template("articles", f"{name}-*"))
    return index


def test_a_field_of_another_type(well: Settings, client: Elasticsearch) -> None:
    body = mappings("articles")
    properties = body["properties"] | {"source": {"type": "text"}}
    index = remade(client, well, body | {"properties": properties})
    fault = wrong(well)["mapping"]
    assert (fault.verdict, fault.what) == ("fault", f"in {index}, source is text, not keyword")
    assert f"delete {index}" in fault.mend


def test_a_field_that_is_missing_is_added_by_what_the_doctor_says(
    well: Settings, client: Elasticsearch
) -> None:
    body = mappings("articles")
    properties = {name: field for name, field in body["properties"].items() if name != "source"}
    index = remade(client, well, body | {"properties": properties})
    fault = wrong(well)["mapping"]
    assert (fault.what, fault.mend) == (f"{index} lacks source", "`wirewatch index apply`")
    apply(client, well.elasticsearch.index_prefix)
    assert "mapping" not in wrong(well)


def test_a_template_of_another_version(well: Settings, client: Elasticsearch) -> None:
    name = alias(well.elasticsearch.index_prefix, "sanctions")
    old = template("sanctions", f"{name}-*")
    old["template"]["mappings"]["_meta"] = {"mapping": "older", "analysis": "older"}
    client.indices.put_index_template(name=name, body=old)
    fault = wrong(well)["index templates"]
    assert (fault.verdict, name in fault.what, fault.mend) == ("fault", True, "`wirewatch index apply`")
    apply(client, well.elasticsearch.index_prefix)
    assert "index templates" not in wrong(well)


def test_an_index_that_the_flood_stage_has_closed(well: Settings, client: Elasticsearch) -> None:
    index = str(IndexName(well.elasticsearch.index_prefix, "articles"))
    client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": True})
    fault = wrong(well)["index blocks"]
    assert fault.verdict == "fault"
    assert fault.what == f"{index} can't be written (read_only_allow_delete): its node's disk is full"
    path, _, body = fault.mend.partition("PUT ")[2].partition(" ")
    client.perform_request(
        "PUT", f"/{path}", body=msgspec.json.decode(body), headers={"content-type": "application/json"}
    )
    assert "index blocks" not in wrong(well)


def test_a_red_cluster(well: Settings, client: Elasticsearch) -> None:
    red = f"{well.elasticsearch.index_prefix}-red"
    client.indices.create(
        index=red,
        settings={"index.routing.allocation.require.no_such": "node"},
        wait_for_active_shards="0",
        timeout="1s",
    )
    fault = wrong(well)["Elasticsearch"]
    assert (fault.verdict, fault.what[:3], red in fault.what) == ("fault", "red", True)
    assert "_cluster/allocation/explain" in fault.mend


def test_indices_that_are_missing(bare: Settings, admin: object) -> None:
    fault = wrong(bare)["indices"]
    assert (fault.verdict, fault.mend) == ("fault", "`wirewatch index apply`")


@contextmanager
def pretending(version: str, *, says_so: bool = True) -> Iterator[str]:
    """A node that says it is of some version; before 7.14 they do not say what they are."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            if says_so:
                self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(msgspec.json.encode({"version": {"number": version}, "status": "green"} | EMPTY))

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


EMPTY: dict[str, Any] = {"number_of_nodes": 1, "indices": {}, "nodes": {}, "index_templates": []}


@pytest.mark.parametrize(
    ("version", "verdict"),
    [("7.16.3", "fault"), ("8.11.0", "note"), ("10.0.0", "fault"), ("9.5.3-SNAPSHOT", "ok")],
)
def test_a_node_that_is_too_old_or_was_not_tried(
    nowhere: Callable[..., Settings], version: str, verdict: str
) -> None:
    with pretending(version) as url:
        [seen] = found(nowhere(elasticsearch={"url": url}))["Elasticsearch's version"]
    assert (seen.verdict, version in seen.what) == (verdict, True)
    assert verdict == "ok" or "use 7.17, 8.19 or 9.x" in seen.mend


def test_a_node_that_is_something_else(nowhere: Callable[..., Settings]) -> None:
    with pretending("7.10.2", says_so=False) as url:
        fault = wrong(nowhere(elasticsearch={"url": url}))["Elasticsearch"]
    assert (fault.verdict, "is no Elasticsearch, or one older" in fault.what) == ("fault", True)


@pytest.mark.parametrize(("free", "verdict"), [(50, None), (8, "note"), (3, "fault")])
def test_a_disk_elsewhere_that_fills(free: int, verdict: str | None) -> None:
    found = list(room("Kafka's disk", "broker 1", free * 10**10, 10**12))
    assert [one.verdict for one in found] == ([verdict] if verdict else [])


def test_a_disk_of_which_nothing_is_told_is_none_to_talk_of() -> None:
    assert list(room("Kafka's disk", "broker 1", 0, -1)) == []
