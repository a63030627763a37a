"""The six kinds of index: what each holds, and the template its indices are made from."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, get_args

import msgspec

from schemas.article import Record
from sinks.elasticsearch.documents import (
    AlertDocument,
    ArticleDocument,
    DesignationDocument,
    MemoryDocument,
    SanctionDocument,
)
from sinks.elasticsearch.mapping import ANALYSIS, Properties, mapping, properties

Kind = Literal["articles", "sanctions", "designations", "alerts", "rules", "memory"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DOCUMENTS: dict[Kind, type[Record]] = {
    "articles": ArticleDocument,
    "sanctions": SanctionDocument,
    "designations": DesignationDocument,
    "alerts": AlertDocument,
    "memory": MemoryDocument,
}
KEPT: dict[str, str] = {"index.translog.flush_threshold_size": "8mb"}
"""What an index that is there already is given too.

A node that was killed indexes its translog again before it answers: with the default, 512 MB of it, that
took articles a minute for each 50 MB beside other work. A flush costs a fiftieth of writing 8 MB.
"""
SETTINGS: dict[str, Any] = {
    "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
    "analysis": ANALYSIS,
    **KEPT,
}


def template(kind: Kind, pattern: str) -> dict[str, Any]:
    """The composable index template for indices of a kind whose names match `pattern`."""
    return {
        "index_patterns": [pattern],
        "priority": 200,
        "template": {"settings": SETTINGS, "mappings": mappings(kind)},
    }


def mappings(kind: Kind) -> dict[str, Any]:
    """The kind's mapping, with fingerprints in `_meta` by which a change is found later."""
    body = _rule_mapping() if kind == "rules" else mapping(DOCUMENTS[kind])
    return {**body, "_meta": {"mapping": _fingerprint(body), "analysis": _fingerprint(ANALYSIS)}}


def percolated_properties() -> Properties:
    """Every field a rule may ask about: those of articles and of sanctions mentions.

    A name has one mapping by construction, whichever document it stands in; `record` is not percolated.
    """
    both = properties(ArticleDocument) | properties(SanctionDocument)
    return {name: field for name, field in both.items() if name != "record"}


def _rule_mapping() -> dict[str, Any]:
    own: Properties = {
        "query": {"type": "percolator"},
        "rule_watch": {"type": "keyword"},
        "rule_type": {"type": "keyword"},
        "rule_enabled": {"type": "boolean"},
        "rule": {"type": "object", "enabled": False},
    }
    return {"dynamic": "strict", "properties": percolated_properties() | own}


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()[:16]
