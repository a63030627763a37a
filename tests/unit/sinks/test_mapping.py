from __future__ import annotations

from typing import Any

import msgspec
import pytest

from schemas.article import Party, Record
from sinks.elasticsearch.documents import (
    ArticleDocument,
    SanctionDocument,
    article_document,
    designation_document,
    sanction_document,
)
from sinks.elasticsearch.indices import IndexName
from sinks.elasticsearch.mapping import properties
from sinks.elasticsearch.templates import DOCUMENTS, KINDS, mappings, percolated_properties, template
from tests.unit.sinks.records import article, designation, mention


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("articles", article_document(article())),
        ("sanctions", sanction_document(mention())),
        ("designations", designation_document(designation())),
    ],
)
def test_every_field_of_a_document_is_mapped(kind: Any, document: dict[str, Any]) -> None:
    assert set(document) <= set(mappings(kind)["properties"])


def test_mappings_are_strict() -> None:
    assert {mappings(kind)["dynamic"] for kind in KINDS} == {"strict"}


def test_types_follow_from_names_and_types() -> None:
    found = properties(ArticleDocument)
    assert found["published_at"] == {"type": "date"}
    assert found["people"]["type"] == "keyword"
    assert found["revision"]["type"] == "long"
    assert found["text_fa"]["analyzer"] == "persian"
    assert found["record"] == {"type": "object", "enabled": False}


def test_a_field_that_is_not_flat_is_refused_by_name() -> None:
    class Deep(Record, frozen=True, kw_only=True):
        targets: list[Party]

    with pytest.raises(TypeError, match="targets"):
        properties(Deep)


def test_a_name_has_one_mapping_in_whatever_document_it_stands() -> None:
    """Rules ask about articles and mentions through one index, so the two must agree."""
    articles, sanctions = properties(ArticleDocument), properties(SanctionDocument)
    assert {name for name in articles.keys() & sanctions.keys() if articles[name] != sanctions[name]} == set()


def test_rules_do_not_hide_a_documents_field_behind_their_own() -> None:
    own = {"query", "rule", "rule_watch", "rule_type", "rule_enabled"}
    assert own & percolated_properties().keys() == set()
    assert own | percolated_properties().keys() == mappings("rules")["properties"].keys()


def test_nothing_that_needs_a_pipeline_a_plugin_or_nesting() -> None:
    text = msgspec.json.encode([template(kind, "x-*") for kind in KINDS]).decode()
    for word in ("pipeline", "nested", "icu_", "painless"):
        assert word not in text


def test_the_fingerprint_changes_with_the_mapping() -> None:
    prints = {mappings(kind)["_meta"]["mapping"] for kind in DOCUMENTS}
    assert len(prints) == len(DOCUMENTS)


@pytest.mark.parametrize("prefix", ["wirewatch", "test-1a2b", "a_b-c-articles"])
@pytest.mark.parametrize("generation", [1, 42, 999_999])
def test_index_names_are_read_as_they_are_made(prefix: str, generation: int) -> None:
    for kind in KINDS:
        name = IndexName(prefix, kind, generation)
        assert IndexName.parse(str(name)) == name


@pytest.mark.parametrize(
    "name", ["wirewatch-articles", "wirewatch-articles-1", "Wire-articles-000001", "", "x-000001"]
)
def test_other_names_are_no_index_of_ours(name: str) -> None:
    with pytest.raises(ValueError, match="PREFIX-KIND"):
        IndexName.parse(name)
