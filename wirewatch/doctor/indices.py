"""Our index templates and indices: there, of this version, as mapped, and open for writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sinks.elasticsearch.templates import Kind
from wirewatch.doctor.finding import Finding, listed

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

APPLY = "`wirewatch index apply`"
BLOCKS = ("read_only_allow_delete", "read_only", "write", "read", "metadata")


def indices(client: Elasticsearch, prefix: str) -> Iterator[Finding]:
    """What is missing is told alone: of what is there, all that is wrong."""
    from sinks.elasticsearch.indices import alias
    from sinks.elasticsearch.templates import KINDS

    kinds = [kind for kind in KINDS if kind != "rules" or has_percolator(client)]
    if len(kinds) < len(KINDS):
        what = "this node has no percolator, so there are no alerts"
        yield Finding("alerts", "note", what, "use 7.17 or an official 8.x or 9.x")
    missing = [
        name
        for name in (alias(prefix, kind) for kind in kinds)
        if not (client.indices.exists_index_template(name=name) and client.indices.exists_alias(name=name))
    ]
    if missing:
        yield Finding("indices", "fault", f"missing: {', '.join(missing)}", APPLY)
        return
    wrong = [found for kind in kinds for found in _wrong(client, alias(prefix, kind), kind)]
    yield from wrong
    if not wrong:
        yield Finding(
            "indices", "ok", f"templates and aliases of {', '.join(kinds)} are there, and as mapped"
        )


def has_percolator(client: Elasticsearch) -> bool:
    """Whether the nodes can match documents with stored queries; taken for granted where they don't tell."""
    nodes = client.nodes.info(metric="plugins")["nodes"].values()
    modules = [{module["name"] for module in node.get("modules", ())} for node in nodes]
    return all("percolator" in names for names in modules if names)


def _wrong(client: Elasticsearch, name: str, kind: Kind) -> Iterator[Finding]:
    from sinks.elasticsearch.templates import mappings

    wanted = mappings(kind)
    [template] = client.indices.get_index_template(name=name)["index_templates"]
    held = template["index_template"]["template"].get("mappings", {})
    if held.get("_meta") != wanted["_meta"]:
        what = f"the template {name} is of another version of Wirewatch"
        yield Finding("index templates", "fault", what, APPLY)
    for index, one in client.indices.get_mapping(index=name).items():
        yield from _drift(index, one["mappings"], wanted)
    for index, one in client.indices.get_settings(index=name).items():
        yield from _blocks(index, one["settings"]["index"].get("blocks", {}))


def _drift(index: str, held: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[Finding]:
    missing, retyped = differing(held.get("properties", {}), wanted["properties"])
    if missing:
        yield Finding("mapping", "fault", f"{index} lacks {listed(missing)}", APPLY)
    if retyped:
        mend = f"delete {index}, {APPLY}, then read again what the topics hold (runbook: indices lost)"
        yield Finding("mapping", "fault", f"in {index}, {listed(retyped)}", mend)


def differing(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Fields that are missing, and fields of another type, in words. Fields nobody asked for do no harm."""
    missing = [name for name in wanted if name not in held]
    types = {
        name: (held[name].get("type", "object"), wanted[name].get("type", "object"))
        for name in wanted
        if name in held
    }
    retyped = [f"{name} is {found}, not {right}" for name, (found, right) in types.items() if found != right]
    return missing, retyped


def _blocks(index: str, blocks: Mapping[str, Any]) -> Iterator[Finding]:
    set_ = [block for block in BLOCKS if str(blocks.get(block, "false")) == "true"]
    if set_:
        why = ": its node's disk is full" if "read_only_allow_delete" in set_ else ""
        mend = f"make room, then PUT {index}/_settings " + str(
            {f"index.blocks.{block}": None for block in set_}
        ).replace("'", '"').replace("None", "null")
        yield Finding("index blocks", "fault", f"{index} can't be written ({', '.join(set_)}){why}", mend)
