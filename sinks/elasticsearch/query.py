"""A reader's question as an Elasticsearch query. Pure."""

from __future__ import annotations

from typing import Any

from sinks.elasticsearch.documents import ANALYSERS

TITLE_BOOST = 3


def text_query(words: str, language: str | None = None) -> dict[str, Any]:
    """Articles that hold all the words, in title or text, as written and as their language inflects.

    `words` may use `"a phrase"`, `a | b`, `-without` and `begin*`; nothing in it is an error. With a
    `language` (ISO 639-1) only articles in it are found.
    """
    codes = [language] if language in ANALYSERS else ([] if language else sorted(ANALYSERS))
    fields = [f"title^{TITLE_BOOST}", "text"]
    for code in codes:
        fields += [f"title_{code}^{TITLE_BOOST}", f"text_{code}"]
    query: dict[str, Any] = {
        "simple_query_string": {"query": words, "fields": fields, "default_operator": "and"}
    }
    filters = [{"term": {"language": language}}] if language else []
    return {"bool": {"must": [query], "filter": filters}}
