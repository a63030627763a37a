"""The cluster: its version, health, clock and room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wirewatch.doctor.finding import Finding, Verdict, endpoints, listed
from wirewatch.doctor.indices import indices
from wirewatch.doctor.kafka import clock
from wirewatch.settings import PREFIX, Settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

OLDEST, NEWEST = (7, 17), (9,)
LITTLE_SHARE, NO_SHARE = 0.10, 0.05
"""Of the disk: at 5 % left Elasticsearch writes no more (its flood stage), at 10 % it moves shards away."""


def elasticsearch(settings: Settings) -> Iterator[Finding]:
    """The cluster answers, is healthy, and has our index templates and indices."""
    found = endpoints(settings)
    if found.elasticsearch.url is None:
        return
    from elasticsearch import ApiError, TransportError, UnsupportedProductError

    from sinks.elasticsearch.patience import reason_of
    from wirewatch.elastic import elasticsearch_client, muted, why_unreachable

    address = found.elasticsearch.url
    try:
        with muted(), elasticsearch_client(found.elasticsearch) as client:
            yield from _cluster(client, address)
            yield from indices(client, found.elasticsearch.index_prefix)
    except TransportError as error:
        what, _, mend = why_unreachable(error, found.elasticsearch).partition("\n")
        yield Finding("Elasticsearch", "fault", what, mend)
    except UnsupportedProductError:
        what = f"{address} is no Elasticsearch, or one older than 7.14"
        yield Finding("Elasticsearch", "fault", what, "use 7.17, 8.19 or 9.x, of Elastic's own distribution")
    except ApiError as error:
        mend = f"correct {PREFIX}ELASTICSEARCH__API_KEY, or USERNAME and PASSWORD, and what they may do"
        what = f"{address} refuses ({error.status_code}): {reason_of(error.body)}"
        yield Finding("Elasticsearch", "fault", what, mend)


def _cluster(client: Elasticsearch, address: str) -> Iterator[Finding]:
    yield _version(str(client.info()["version"]["number"]))
    yield _health(client, address)
    nodes: dict[str, Any] = client.nodes.stats(metric="fs,os")["nodes"]
    moments = [node["timestamp"] / 1000 for node in nodes.values() if "timestamp" in node]
    if moments:
        yield from clock("Elasticsearch's clock", moments[0])
    for node in nodes.values():
        yield from _room(node)


def _version(version: str) -> Finding:
    parts = tuple(int(part) for part in version.partition("-")[0].split("."))
    mend = "use 7.17, 8.19 or 9.x"
    if parts < OLDEST or parts[: len(NEWEST)] > NEWEST:
        return Finding("Elasticsearch's version", "fault", f"{version} is not supported", mend)
    if (8,) <= parts < (8, 19):
        return Finding("Elasticsearch's version", "note", f"{version} was not tried", mend)
    return Finding("Elasticsearch's version", "ok", version)


def _health(client: Elasticsearch, address: str) -> Finding:
    health = client.cluster.health(level="indices")
    what = f"{health['status']}, {health['number_of_nodes']} node(s) at {address}"
    if health["status"] == "red":
        red = [name for name, one in health["indices"].items() if one["status"] == "red"]
        mend = "ask it why: GET _cluster/allocation/explain"
        return Finding("Elasticsearch", "fault", f"{what}; shards of {listed(red)} are missing", mend)
    return Finding("Elasticsearch", "ok", what)


def _room(node: dict[str, Any]) -> Iterator[Finding]:
    total = node.get("fs", {}).get("total", {})
    free_bytes, all_bytes = total.get("available_in_bytes", 0), total.get("total_in_bytes", 0)
    if not all_bytes or free_bytes > LITTLE_SHARE * all_bytes:
        return
    what = f"node {node['name']} has {free_bytes / 1e9:.1f} GB free, {100 * free_bytes / all_bytes:.0f} %"
    verdict: Verdict = "fault" if free_bytes <= NO_SHARE * all_bytes else "note"
    yield Finding("Elasticsearch's disk", verdict, what, "make room on the node, or give it a larger disk")
