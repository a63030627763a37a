"""Index names, and making the cluster's indices what the templates say.

Each kind has an alias (`wirewatch-articles`) over numbered generations (`wirewatch-articles-000001`).
All is read and written through the alias. There is one index a kind for now, and not one a period: a
deterministic id overwrites only inside one index, so an article fetched again after a rollover would
stand in two. A new generation, filled from the old one and then given the alias, is for mappings that
change so that Elasticsearch cannot follow; additions are applied in place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from elasticsearch import ApiError, Elasticsearch

from sinks.elasticsearch.meaning import offer_meaning
from sinks.elasticsearch.patience import reason_of
from sinks.elasticsearch.templates import KEPT, KINDS, Kind, mappings, template

_NAME = re.compile(rf"(?P<prefix>[a-z0-9][a-z0-9_-]*)-(?P<kind>{'|'.join(KINDS)})-(?P<generation>\d{{6}})")


@dataclass(frozen=True)
class IndexName:
    """The name of one index, made and read here and nowhere else."""

    prefix: str
    kind: Kind
    generation: int = 1

    def __str__(self) -> str:
        return f"{alias(self.prefix, self.kind)}-{self.generation:06d}"

    @classmethod
    def parse(cls, name: str) -> IndexName:
        """The name's parts. Raises `ValueError` if it is no index of ours."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError(f"{name!r} is not PREFIX-KIND-NNNNNN with a kind of {', '.join(KINDS)}")
        return cls(found["prefix"], cast("Kind", found["kind"]), int(found["generation"]))


@dataclass(frozen=True)
class Change:
    """What `apply` did for one kind; `detail` says why where it could not."""

    kind: Kind
    index: str
    what: Literal["created", "updated", "unchanged", "conflict", "unsupported"]
    detail: str = ""


def alias(prefix: str, kind: Kind) -> str:
    """The name through which a kind is read and written."""
    return f"{prefix}-{kind}"


def apply(client: Elasticsearch, prefix: str, kinds: Sequence[Kind] = KINDS) -> list[Change]:
    """Put templates, create missing indices with their alias, extend mappings and settings; never delete.

    `unsupported` is the rules' index on a node without the percolator. `conflict` asks for a new
    generation. Raises `elasticsearch.ApiError` and `TransportError` for anything else.
    """
    return [_apply(client, prefix, kind) for kind in kinds]


def _apply(client: Elasticsearch, prefix: str, kind: Kind) -> Change:
    name = alias(prefix, kind)
    try:
        client.indices.put_index_template(name=name, body=template(kind, f"{name}-*"))
    except ApiError as error:
        if "percolator" in str(error.body) and kind == "rules":
            return Change(kind, name, "unsupported", "this node has no percolator, so no alerts")
        raise
    is_there = client.indices.exists_alias(name=name)
    change = _extend(client, kind, name) if is_there else _create(client, IndexName(prefix, kind))
    if kind == "articles":
        offer_meaning(client, name)
    return change


def _create(client: Elasticsearch, index: IndexName) -> Change:
    name = alias(index.prefix, index.kind)
    try:
        client.indices.create(index=str(index), aliases={name: {"is_write_index": True}})
    except ApiError as error:
        if "resource_already_exists_exception" not in str(error.body):
            raise
        client.indices.put_alias(index=str(index), name=name, is_write_index=True)
        return Change(index.kind, str(index), "unchanged", "another process created it")
    return Change(index.kind, str(index), "created")


def _extend(client: Elasticsearch, kind: Kind, name: str) -> Change:
    [(index, held)] = client.indices.get_mapping(index=name).items()
    wanted, meta = mappings(kind), held["mappings"].get("_meta", {})
    is_whole = wanted["properties"].keys() <= held["mappings"].get("properties", {}).keys()
    if meta == wanted["_meta"] and is_whole:
        return Change(kind, index, "updated" if _keep(client, index) else "unchanged")
    if meta.get("analysis") != wanted["_meta"]["analysis"]:
        return Change(kind, index, "conflict", "its analysis changed: it needs a new generation")
    try:
        client.indices.put_mapping(index=index, body=wanted)
    except ApiError as error:
        if error.status_code != 400:
            raise
        return Change(kind, index, "conflict", reason_of(error.body))
    _keep(client, index)
    return Change(kind, index, "updated")


def _keep(client: Elasticsearch, index: str) -> bool:
    """Give the index the settings that can change while it is open, if it lacks them. Whether it did."""
    held = client.indices.get_settings(index=index, flat_settings=True)[index]["settings"]
    if held.items() >= KEPT.items():
        return False
    client.indices.put_settings(index=index, settings=KEPT)
    return True
