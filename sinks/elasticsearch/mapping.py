"""Mappings derived from the flat documents' own types, so that the two cannot drift apart.

A field's mapping follows from its type and name: `title` and `text` are analysed, a name ending in
`_at` is a date, `record` is stored and not indexed, any other string is a keyword. `dynamic: strict`
turns a field nobody mapped into an error that names it.

Analysis uses what every target has: the published modules of 7.17 with Lucene's own filters, and the
official 8.19 and 9.x. `title` and `text` are analysed without regard to language (letters folded,
nothing stemmed, no stop words), `title_ar` and its like as their language asks. All keep offsets in
the index, so that long texts are highlighted exactly and quickly.
"""

from __future__ import annotations

from typing import Any

import msgspec

from schemas.article import Record
from sinks.elasticsearch.documents import ANALYSERS

Properties = dict[str, dict[str, Any]]

ANALYSED = ("title", "text")
KEYWORD_CHARACTERS_MAX = 8191  # times four bytes stays under Lucene's limit of 32,766 a term
ANY_LANGUAGE = "any_language"
ANALYSIS: dict[str, Any] = {
    "filter": {
        # Marks of direction, joiners and soft hyphens, which the tokeniser leaves inside words.
        "unmarked": {"type": "pattern_replace", "pattern": r"\p{Cf}", "replacement": ""},
        # Lucene's stemmer takes off one proclitic; Arabic stacks them (and-with-the-, so-for-the-).
        "arabic_proclitics": {
            "type": "pattern_replace",
            "pattern": r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=\p{L}{3})",
            "replacement": "",
        },
        "arabic_stop": {"type": "stop", "stopwords": "_arabic_"},
    },
    "analyzer": {
        ANY_LANGUAGE: {
            "type": "custom",
            "tokenizer": "standard",
            "filter": [
                "unmarked",
                "cjk_width",
                "asciifolding",  # before lowercase, which would leave a dot beside the i of İstanbul
                "lowercase",
                "decimal_digit",
                "arabic_normalization",
                "persian_normalization",
            ],
        },
        "arabic_words": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": [
                "unmarked",
                "lowercase",
                "decimal_digit",
                "arabic_stop",
                "arabic_normalization",
                "arabic_proclitics",
                "arabic_stem",
            ],
        },
    },
}

_BY_TYPE: dict[type, dict[str, Any]] = {
    msgspec.inspect.StrType: {"type": "keyword", "ignore_above": KEYWORD_CHARACTERS_MAX},
    msgspec.inspect.LiteralType: {"type": "keyword", "ignore_above": KEYWORD_CHARACTERS_MAX},
    msgspec.inspect.IntType: {"type": "long"},
    msgspec.inspect.FloatType: {"type": "float"},
    msgspec.inspect.BoolType: {"type": "boolean"},
    msgspec.inspect.RawType: {"type": "object", "enabled": False},
}


def mapping(kind: type[Record]) -> dict[str, Any]:
    """The whole mapping of a document type."""
    return {"dynamic": "strict", "properties": properties(kind)}


def properties(kind: type[Record]) -> Properties:
    """The mapping of each field of a document type.

    Raises `TypeError` for a field that is not flat: make it flat in `documents`, where that is decided.
    """
    struct = msgspec.inspect.type_info(kind)
    assert isinstance(struct, msgspec.inspect.StructType)
    fields = {field.encode_name: field.type for field in struct.fields}
    own = {name: _property(name, of) for name, of in fields.items()}
    return own | (_language_properties() if {"language", "text", "record"} <= own.keys() else {})


def _property(name: str, of: msgspec.inspect.Type) -> dict[str, Any]:
    if name in ANALYSED:
        return _analysed(ANY_LANGUAGE)
    if name.endswith("_at"):
        return {"type": "date"}
    if name == "date":
        return {"type": "date", "ignore_malformed": True}
    found = _BY_TYPE.get(type(_innermost(of)))
    if found is None:
        raise TypeError(f"{name}: {of} is not flat")
    return dict(found)


def _innermost(of: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """The type inside `X | None` and `list[X]`, which Elasticsearch does not tell from X."""
    if isinstance(of, msgspec.inspect.UnionType):
        some = [one for one in of.types if not isinstance(one, msgspec.inspect.NoneType)]
        return _innermost(some[0]) if len(some) == 1 else of
    return _innermost(of.item_type) if isinstance(of, msgspec.inspect.ListType) else of


def _analysed(analyser: str) -> dict[str, Any]:
    return {"type": "text", "analyzer": analyser, "index_options": "offsets"}


def _language_properties() -> Properties:
    return {
        f"{name}_{code}": _analysed(analyser) for code, analyser in ANALYSERS.items() for name in ANALYSED
    }
