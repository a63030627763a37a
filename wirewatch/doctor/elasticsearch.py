"""The cluster: its version, health, clock and room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wirewatch.doctor.clocks import clock
from wirewatch.doctor.disks import room
from wirewatch.doctor.finding import Finding, endpoints, listed
from wirewatch.doctor.indices import indices
from wirewatch.settings import PREFIX, Settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

OLDEST, NEWEST = (7, 17), (9,)


def cluster(settings: Settings) -> Iterator[Finding]:
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
        total = node.get("fs", {}).get("total", {})
        free_bytes, all_bytes = total.get("available_in_bytes", 0), total.get("total_in_bytes", 0)
        yield from room("Elasticsearch's disk", f"node {node['name']}", free_bytes, all_bytes)


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
        mend = "ask it why: GET _cluster/allocation/explain; "
        mend += "after a full disk: POST _cluster/reroute?retry_failed"
        return Finding("Elasticsearch", "fault", f"{what}; shards of {listed(red)} are missing", mend)
    return Finding("Elasticsearch", "ok", what)
