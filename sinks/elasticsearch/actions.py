"""One record, one bulk action. Pure: nothing here talks to anyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from schemas.article import Article, Record
from schemas.designation import Designation, SanctionMention
from sinks.elasticsearch.documents import (
    AlertDocument,
    Document,
    article_document,
    designation_document,
    sanction_document,
)
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.meaning import with_meaning


@dataclass(frozen=True)
class BulkAction:
    """One document to write. `source` is its JSON.

    With `version`, the write wins over any document of a lower or the same version and loses, harmlessly,
    to a higher one. `create` fails, with a conflict, where the id is taken.
    """

    index: str
    id: str
    source: bytes
    op: Literal["index", "create"] = "index"
    version: int | None = None

    def header(self) -> bytes:
        """The line before the document."""
        meta: dict[str, Any] = {"_index": self.index, "_id": self.id}
        if self.version is not None:
            meta |= {"version": self.version, "version_type": "external_gte"}
        return msgspec.json.encode({self.op: meta})

    def bytes_on_wire(self) -> int:
        """How many bytes of a bulk request it takes."""
        return len(self.header()) + len(self.source) + 2


def action_for(record: Record, prefix: str, *, meaning: bool = False) -> BulkAction | None:
    """The action that stores a record, or `None` for a record that is not stored.

    `meaning` says that the articles' index has the field for it (`sinks.elasticsearch.meaning`).
    """
    match record:
        case Article():
            return article_action(record, prefix, meaning=meaning)
        case SanctionMention():
            return sanction_action(record, prefix)
        case Designation():
            return designation_action(record, prefix)
        case _:
            return None


def article_action(article: Article, prefix: str, *, meaning: bool = False) -> BulkAction | None:
    """Stores an article; a later revision of the same id wins. `None` before it has been cleaned.

    Raises `schemas.wire.WireError` where a text holds what UTF-8 cannot carry.
    """
    if article.clean is None:
        return None
    source = _json(article_document(article))
    if meaning:
        source = with_meaning(source, article.embedding)
    return BulkAction(alias(prefix, "articles"), article.id, source, version=article.revision)


def sanction_action(mention: SanctionMention, prefix: str) -> BulkAction:
    """Stores one decided mention; that of a later revision of its article wins."""
    source = _json(sanction_document(mention))
    return BulkAction(alias(prefix, "sanctions"), mention.id, source, version=mention.revision)


def designation_action(designation: Designation, prefix: str) -> BulkAction:
    """Stores a ledger entry. Entries of one id come in order, from one partition: the last one stands."""
    return BulkAction(alias(prefix, "designations"), designation.id, _json(designation_document(designation)))


def alert_action(alert: AlertDocument, prefix: str) -> BulkAction:
    """Stores an alert, if nobody has: whoever creates it sends it."""
    return BulkAction(alias(prefix, "alerts"), alert.id, msgspec.json.encode(alert), op="create")


def latest(actions: Iterable[BulkAction]) -> list[BulkAction]:
    """One action a document, so that a retry of an older one cannot overtake a newer one.

    Of several, the highest version stands; among equals the last, as if all had been written in order.
    Of creates, the first.
    """
    kept: dict[tuple[str, str], BulkAction] = {}
    for action in actions:
        before = kept.get((action.index, action.id))
        if before is None or (action.op == "index" and (action.version or 0) >= (before.version or 0)):
            kept[action.index, action.id] = action
    return list(kept.values())


def _json(document: Document) -> bytes:
    return msgspec.json.encode(document)
