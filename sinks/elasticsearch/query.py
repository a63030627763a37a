"""A reader's question as an Elasticsearch query. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sinks.elasticsearch.documents import ANALYSERS

TITLE_BOOST = 3


def text_query(words: str, language: str | None = None, entity_ids: Sequence[str] = ()) -> dict[str, Any]:
    """Articles that hold all the words, in title or text, as written and as their language inflects.

    `words` may use `"a phrase"`, `a | b`, `-without` and `begin*`; nothing in it is an error. With a
    `language` (ISO 639-1) only articles in it are found. Articles that name one of `entity_ids` are found
    too, however they write it: كيم جونغ أون for Kim Jong Un.
    """
    codes = [language] if language in ANALYSERS else ([] if language else sorted(ANALYSERS))
    fields = [f"title^{TITLE_BOOST}", "text"]
    for code in codes:
        fields += [f"title_{code}^{TITLE_BOOST}", f"text_{code}"]
    query: dict[str, Any] = {
        "simple_query_string": {"query": words, "fields": fields, "default_operator": "and"}
    }
    filters = [{"term": {"language": language}}] if language else []
    if not entity_ids:
        return {"bool": {"must": [query], "filter": filters}}
    named = {"terms": {"entity_ids": list(entity_ids), "boost": TITLE_BOOST}}
    return {"bool": {"should": [query, named], "minimum_should_match": 1, "filter": filters}}


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
