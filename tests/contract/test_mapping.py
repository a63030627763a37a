"""The mapping against real nodes: a full document is indexed, and every field of it is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

from schemas.article import Article, Clean, Language, Party, Raw, Record
from sinks.elasticsearch.actions import BulkAction, action_for
from sinks.elasticsearch.bulk import write
from sinks.elasticsearch.client import connect
from sinks.elasticsearch.documents import ANALYSERS
from sinks.elasticsearch.indices import IndexName, alias, apply
from sinks.elasticsearch.query import QueryError, Question, Reading, ask
from sinks.elasticsearch.templates import KINDS, Kind, mappings
from tests.unit.sinks.records import article, designation, mention

WITHOUT_PERCOLATOR: tuple[Kind, ...] = ("articles", "sanctions", "designations", "alerts")
UPON_SOMEBODY = msgspec.structs.replace(
    mention().sanction,
    targets=[
        *mention().sanction.targets,
        Party(text="كريم حداد", name="Karim Haddad", entity="per:karim-haddad"),
    ],
)
RECORDS: list[tuple[Kind, Record]] = [
    ("articles", article()),
    ("sanctions", mention(sanction=UPON_SOMEBODY)),
    ("designations", designation()),
]

# What an article says in each language, and a word of another form, script or spelling that must find it.
SENTENCES = {
    "ar": ("وبالعقوبات الجديدة على مسؤولِين كوريّين", "عقوبة"),
    "de": ("Die neuen Sanktionen treffen mehrere Häuser in Köln", "Haus"),
    "en": ("Washington imposed new sanctions on two firms", "sanction"),
    "es": ("Las nuevas sanciones afectan a dos empresas", "sancion"),
    "fa": ("تحریم‌های تازه علیه دو شرکت", "تحريم"),
    "fr": ("De nouvelles sanctions visent l'entreprise", "entreprises"),
    "hi": ("नए प्रतिबंधों की घोषणा", "प्रतिबंध"),
    "id": ("Sanksi baru dijatuhkan kepada dua perusahaan", "sanksi"),
    "it": ("Le nuove sanzioni colpiscono due aziende", "sanzione"),
    "ja": ("政府は新たな制裁を発表した", "制裁"),
    "ko": ("정부는 새로운 제재를 발표했다", "제재"),
    "pt": ("As novas sanções atingem duas empresas", "sanção"),
    "ru": ("Новые санкции против двух компаний", "санкция"),
    "tr": ("İstanbul yeni yaptırımları ve şirketleri görüştü", "şirket"),
    "zh": ("政府宣布对两家公司实施新的制裁", "制裁"),
}


def asked(words: str, language: str | None = None) -> dict[str, Any]:
    return ask(Question(q=words, language=(language,) if language else ()), Reading()).query


def _hold(seconds: float) -> None:
    pytest.fail(f"the node asked to wait {seconds} s")


def _prefix(client: Elasticsearch) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    for index in client.indices.get(index=f"{name}-*"):
        client.indices.delete(index=index)
    client.indices.delete_index_template(name=f"{name}-*")


@pytest.fixture(params=["elasticsearch", "elasticsearch9"], scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    with connect(request.getfixturevalue(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def indexed(client: Elasticsearch) -> Iterator[str]:
    """A prefix under which every kind of record has been written once."""
    for name in _prefix(client):
        apply(client, name, WITHOUT_PERCOLATOR)
        spoken = [
            Article(
                id=f"says-{code}",
                source="wire.example",
                fetched_at="2026-03-04",
                raw=Raw(content=text),
                language=Language(code=code, confidence=1.0),
                clean=Clean(title=text, text=text),
            )
            for code, (text, _) in SENTENCES.items()
        ]
        actions = [action_for(record, name) for record in [*(record for _, record in RECORDS), *spoken]]
        answers = write(client, [action for action in actions if action is not None], _hold)
        assert {(answer.verdict, answer.reason) for answer in answers} == {("written", "")}
        client.indices.refresh(index=f"{name}-*")
        yield name


def _asks_for(name: str, value: Any, field: dict[str, Any]) -> dict[str, Any]:
    one = value[0] if isinstance(value, list) else value
    if field["type"] == "text":
        return {"match_phrase": {name: one}}
    if field["type"] == "float":
        return {"range": {name: {"gte": one - 0.001, "lte": one + 0.001}}}
    return {"term": {name: one}}


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_every_field_of_a_full_document_finds_it(
    client: Elasticsearch, indexed: str, kind: Kind, record: Record
) -> None:
    action = action_for(record, indexed)
    assert action is not None
    document = msgspec.json.decode(action.source)
    fields = mappings(kind)["properties"]
    filled = {name for name in fields if not name.startswith(("title_", "text_"))}
    assert filled - document.keys() == set(), "the test's record leaves fields empty"
    for name, value in document.items():
        if name == "record":
            continue
        query = {"bool": {"filter": [_asks_for(name, value, fields[name]), {"ids": {"values": [action.id]}}]}}
        found = client.search(index=alias(indexed, kind), query=query)
        assert found["hits"]["total"]["value"] == 1, name


def test_the_record_comes_back_as_it_was_and_is_not_searched(client: Elasticsearch, indexed: str) -> None:
    held = client.get(index=alias(indexed, "articles"), id="a1")["_source"]["record"]
    assert msgspec.convert(held, Article) == article()
    query = {"match": {"record.raw.content": "تابعونا"}}
    assert client.search(index=alias(indexed, "articles"), query=query)["hits"]["total"]["value"] == 0


def test_a_field_nobody_mapped_is_refused_by_name(client: Elasticsearch, indexed: str) -> None:
    action = action_for(designation(id="other"), indexed)
    assert action is not None
    source = msgspec.json.encode({**msgspec.json.decode(action.source), "surprise": 1})
    [answer] = write(client, [BulkAction(action.index, action.id, source)], _hold)
    assert answer.verdict == "rejected"
    assert "surprise" in answer.reason


@pytest.mark.parametrize("code", sorted(ANALYSERS))
def test_a_language_is_found_by_another_form_of_the_word(
    client: Elasticsearch, indexed: str, code: str
) -> None:
    text, word = SENTENCES[code]
    answer = client.search(
        index=alias(indexed, "articles"),
        query={"bool": {"must": asked(word, code), "filter": {"prefix": {"id": "says-"}}}},
        highlight={"fields": {f"text_{code}": {"number_of_fragments": 0}}},
    )
    [hit] = answer["hits"]["hits"]
    assert hit["_id"] == f"says-{code}"
    [marked] = hit["highlight"][f"text_{code}"]
    assert marked.replace("<em>", "").replace("</em>", "") == text
    assert "<em>" in marked


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("istanbul", "says-tr"),
        ("ISTANBUL", "says-tr"),
        ("kolN", "says-de"),
        ("تحریمهای", "says-fa"),
        ("تحريم\u200cهاي", "says-fa"),
        ("کوریین", "says-ar"),
        ("\u200f«شرکت»\u200e", "says-fa"),
        ("ＷＡＳＨＩＮＧＴＯＮ", "says-en"),
        ('"imposed new"', "says-en"),
        ("sanctions -nouvelles", "says-en"),
        ("санкции + компаний", "says-ru"),
        ("sancio*", "says-es"),
    ],
)
def test_letters_are_folded_whatever_the_language(
    client: Elasticsearch, indexed: str, words: str, finds: str
) -> None:
    hits = client.search(index=alias(indexed, "articles"), query=asked(words))["hits"]["hits"]
    assert finds in {hit["_id"] for hit in hits}


@pytest.mark.parametrize(
    "words",
    ["", "a:b", "\\", "-", "~~~", "😀", "\u200f", "it's: not", "x " * 40, "((((制裁))))", "[a TO b]", "+ +"],
)
def test_no_question_that_can_be_asked_is_an_error(client: Elasticsearch, indexed: str, words: str) -> None:
    try:
        query = asked(words)
    except QueryError:
        return
    client.search(index=alias(indexed, "articles"), query=query)


def test_whom_a_name_means_is_found_in_every_script(client: Elasticsearch, indexed: str) -> None:
    [entity] = [m.entity for m in article().mentions if m.entity and m.type == "ORG"]

    def found(words: str, language: tuple[str, ...] = ()) -> set[str]:
        reading = Reading(meant=lambda name: [entity] if name == "Some Name" else [])
        query = ask(Question(q=words, language=language), reading).query
        return {
            hit["_id"] for hit in client.search(index=alias(indexed, "articles"), query=query)["hits"]["hits"]
        }

    assert found("Some Name") == found('"Some Name"') == found("body:(x OR Some Name)") == {article().id}
    assert found("Some Name عقوبات") == {article().id}
    assert found("Some Name", ("ko",)) == found("person:(Some Name)") == found("Some Name sanctions") == set()


def test_applying_again_changes_nothing(client: Elasticsearch, indexed: str) -> None:
    assert {change.what for change in apply(client, indexed, WITHOUT_PERCOLATOR)} == {"unchanged"}


def test_an_index_extends_when_its_mapping_grew(client: Elasticsearch, indexed: str) -> None:
    index = str(IndexName(indexed, "designations"))
    client.indices.put_mapping(
        index=index, meta={"mapping": "older", "analysis": mappings("alerts")["_meta"]["analysis"]}
    )
    [change] = apply(client, indexed, ["designations"])
    assert change.what == "updated"
    assert [change.what for change in apply(client, indexed, ["designations"])] == ["unchanged"]


def test_an_older_index_flushes_as_often_as_a_new_one(client: Elasticsearch, indexed: str) -> None:
    """A killed node writes again what has not been flushed, before it answers."""
    index, name = str(IndexName(indexed, "articles")), "index.translog.flush_threshold_size"
    is_ = client.indices.get_settings(index=index, name=name, flat_settings=True)[index]["settings"]
    client.indices.put_settings(index=index, settings={name: None})
    [change] = apply(client, indexed, ["articles"])
    assert change.what == "updated"
    assert client.indices.get_settings(index=index, name=name, flat_settings=True)[index]["settings"] == is_
    assert is_[name].endswith("mb")


def test_an_index_that_can_not_follow_is_a_conflict_with_the_reason(client: Elasticsearch) -> None:
    for name in _prefix(client):
        client.indices.create(
            index=str(IndexName(name, "designations")),
            aliases={alias(name, "designations"): {"is_write_index": True}},
            mappings={
                "properties": {"updates": {"type": "keyword"}},
                "_meta": {"mapping": "older", "analysis": mappings("alerts")["_meta"]["analysis"]},
            },
        )
        [change] = apply(client, name, ["designations"])
        assert change.what == "conflict"
        assert "updates" in change.detail


def test_a_node_without_the_percolator_says_so_and_the_rest_is_made(client: Elasticsearch) -> None:
    for name in _prefix(client):
        changes = {change.kind: change.what for change in apply(client, name, KINDS)}
        assert {changes[kind] for kind in WITHOUT_PERCOLATOR} == {"created"}
        [node] = client.nodes.info()["nodes"].values()
        assert changes["rules"] == ("created" if node["version"].startswith("7.") else "unsupported")
