"""The ledger of designations, asked by issuer, act, day and language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def designations_query(
    issuers: Sequence[str] = (), since: str | None = None, act: str | None = None, language: str | None = None
) -> dict[str, Any]:
    """Designations by any of the issuers (ids, or names as stored), first seen on a day or after it, of one
    act, told in one language.
    """
    filters: list[dict[str, Any]] = []
    if issuers:
        by_id = {"terms": {"issuer_ids": list(issuers)}}
        by_name = [{"term": {"issuers": {"value": name, "case_insensitive": True}}} for name in issuers]
        filters.append({"bool": {"should": [by_id, *by_name], "minimum_should_match": 1}})
    if since:
        filters.append({"range": {"first_seen_at": {"gte": since}}})
    filters += [{"term": {field: value}} for field, value in (("act", act), ("languages", language)) if value]
    return {"bool": {"filter": filters}}
