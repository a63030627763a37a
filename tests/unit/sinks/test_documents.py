from __future__ import annotations

import msgspec
import pytest

from schemas.article import Article, Clean, Language, Raw
from schemas.wire import WireError, decode
from sinks.elasticsearch.documents import article_document, designation_document, sanction_document
from tests.unit.sinks.records import SENTENCE, TEXT, TITLE, article, designation, mention


def test_an_article_is_flat_but_for_its_record() -> None:
    document = article_document(article())
    nested = [
        name
        for name, value in document.items()
        if isinstance(value, dict)
        or (isinstance(value, list) and any(not isinstance(item, str) for item in value))
    ]
    assert nested == []
    assert isinstance(document["record"], msgspec.Raw)


def test_names_are_canonical_where_known_and_the_words_elsewhere() -> None:
    document = article_document(article())
    assert document["organisations"] == ["United States Treasury"]
    assert document["places"] == ["بيونغ يانغ"]
    assert document["people"] == [TITLE[:6]]
    assert document["sanction_targets"] == ["شركتين"]
    assert document["entity_ids"] == ["org-us-treasury", "org-two-firms"]
    assert document["watchlists"] == ["ofac"]


def test_text_stands_once_for_any_language_and_once_for_its_own() -> None:
    document = article_document(article())
    assert document["text"] == document["text_ar"] == TEXT
    assert document["title"] == document["title_ar"] == TITLE


@pytest.mark.parametrize("code", ["und", "sw", "uk"])
def test_a_language_without_an_analyser_is_searched_as_any(code: str) -> None:
    document = article_document(article(language=Language(code=code, confidence=0.4)))
    assert document["text"] == TEXT
    assert [name for name in document if name.startswith("text_")] == []


def test_the_record_is_whole_raw_text_and_spans_included() -> None:
    assert decode(bytes(article_document(article())["record"]), Article) == article()


def test_what_says_nothing_is_left_out() -> None:
    bare = Article(id="b", source="s", fetched_at="2026-01-01", raw=Raw(content=""), clean=Clean())
    assert set(article_document(bare)) == {"id", "revision", "lane", "source", "fetched_at", "record"}


def test_a_mention_brings_its_evidence_as_text_and_counts_what_is_new() -> None:
    document = sanction_document(mention())
    assert document["text"] == document["text_ar"] == SENTENCE
    assert document["counts"] == ["3 individuals"]
    assert document["counted"] == 3
    assert document["decision"] == "new"
    assert document["issuer_ids"] == ["org-us-treasury"]


def test_a_designation_names_its_sources() -> None:
    document = designation_document(designation())
    assert document["sources"] == ["akhbar.example"]
    assert document["article_ids"] == ["a1"]
    assert document["counts"] == ["3 individuals"]


def test_a_lone_surrogate_is_refused_with_its_reason() -> None:
    with pytest.raises(WireError) as caught:
        article_document(article(raw=Raw(content="a\ud800b")))
    assert caught.value.reason == "not_utf8"
