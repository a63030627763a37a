"""The desk's API on a real node: what is found, in which languages, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import msgspec
import pytest
from elasticsearch import Elasticsearch

from sinks.elasticsearch.query.cursor import Arrival, Page, written
from wirewatch.desk.openapi import description

Get = Callable[..., Any]


def ids(answer: Any) -> set[str]:
    return {card["id"] for card in answer["cards"]}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", {"en-2", "ar-1", "ru-1", "ko-1", "zh-1", "tr-1", "fa-1", "de-1", "fr-1"}),
        ("Kim Jong Un", {"ru-1", "ko-1"}),
        ("كيم جونغ أون", {"ru-1", "ko-1"}),
        ("김정은", {"ru-1", "ko-1"}),
        ("Iran", {"en-2", "ar-1"}),
        ("伊朗 -language:en", {"ar-1"}),
        ('"European Union"', {"en-2", "ar-1"}),
        ("sanction shipyard", {"en-2"}),
        ("sanctions Iran", {"en-2"}),
        ("والعقوبات", {"ar-1"}),
        ("санкции OR завод", {"ru-1"}),
        ("制裁", {"zh-1"}),
        ("半导体 AND 制裁", {"zh-1"}),
        ("导半", set()),
        ("istanbul", {"tr-1"}),
        ("تحریم", {"fa-1"}),
        ("Haus koln", {"de-1"}),
        ("(football OR Köln) -finale", {"de-1"}),
        ("NOT football language:fr", set()),
        ("shipy*", {"en-2"}),
        ('"imposed sanctions"', {"en-2"}),
        ('"sanctions imposed"', set()),
        ("title:fırtına", {"tr-1"}),
        ("person:김정은", {"ru-1", "ko-1"}),
        ("place:Iran", {"en-2", "ar-1"}),
        ("kim jong un", {"ru-1", "ko-1"}),
        ("iran sanctions", {"en-2"}),
        ("place:köln", {"de-1"}),
        ("body:(الاتحاد الأوروبي)", {"en-2", "ar-1"}),
        ("issuer:EU act:imposed", {"en-2", "ar-1"}),
        ("source:*.example", None),
        ("source:ak* OR source:BAO.example", {"ar-1", "zh-1"}),
        ("since:2026-03-09T05:30Z until:2026-03-09T07:00Z", {"tr-1", "fa-1"}),
        ("fetched:2026-03-09 lane:live entity:Q56226", {"ru-1", "ko-1"}),
        ("fetched:>2026-03-09", set()),
    ],
)
def test_what_a_question_finds(desk: httpx.Client, q: str, found: set[str] | None) -> None:
    answer = desk.get("/api/articles", params={"q": q, "order": "newest"})
    if found is None:
        assert answer.json()["error"]["at"] == len("source:")
    else:
        assert ids(answer.json()) == found, answer.text


def test_a_card_tells_of_its_story(get: Get) -> None:
    answer = get("/api/articles", q="shipyards", language="en")
    [card] = answer["cards"]
    assert (answer["total"], answer["stories"], answer["cursor"]) == (2, 1, None)
    assert (card["story"], card["articles"], card["copies"], card["source_count"]) == ("en-1", 2, 1, 2)
    assert {one["value"] for one in card["sources"]} == {"wire.example", "copy.example"}
    assert card["first"]["id"] == "en-1"
    assert card["sanction_acts"] == ["imposed"]


def test_a_card_a_thread_spans_languages(get: Get) -> None:
    answer = get("/api/articles", by="thread", order="newest")
    told = {card["thread"]: {one["value"] for one in card["languages"]} for card in answer["cards"]}
    assert told["en-1"] == {"en", "ar"}
    assert told["ru-1"] == {"ru", "ko"}


def test_found_words_and_names_are_marked_where_they_stand(get: Get) -> None:
    def marked(card: Any) -> set[str]:
        snippet = card["snippet"]
        return {snippet["text"][start:end] for start, end in snippet["marks"]} | {
            card["title"][start:end] for start, end in snippet["title_marks"]
        }

    [card] = get("/api/articles", q="عقوبة")["cards"]
    assert marked(card) == {"عقوبات"}
    [card] = get("/api/articles", q="制裁")["cards"]
    assert marked(card) == {"制裁"}
    for q in ("Kim Jong Un", "person:(Kim Jong Un)"):
        cards = {card["language"]: card for card in get("/api/articles", q=q)["cards"]}
        assert marked(cards["ko"]) == {"김정은"}
        assert marked(cards["ru"]) == {"Ким Чен Ын"}


def test_facets_narrow_as_they_count(get: Get) -> None:
    facets = get("/api/articles")["facets"]
    counts = {one["value"]: one["count"] for one in facets["place"]}
    assert counts == {"Iran": 3, "Cologne": 1}
    assert sum(one["count"] for one in facets["time"]) == 10
    for name in ("language", "source", "place", "person", "body", "act", "issuer", "target"):
        for one in facets[name]:
            narrowed = get("/api/articles", **{name: one["value"]})
            assert narrowed["total"] == one["count"], (name, one)
    assert get("/api/articles", place=["Iran", "Cologne"])["total"] == 4
    assert get("/api/articles", facets="0")["facets"] == {}


def test_pages_follow_each_other_without_gap_or_double(get: Get) -> None:
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        answer = get("/api/articles", size=2, order="newest", **({"cursor": cursor} if cursor else {}))
        seen += [card["story"] for card in answer["cards"]]
        cursor = answer["cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_an_article_comes_whole_and_others_like_it_by_names_and_meaning(get: Get, desk: httpx.Client) -> None:
    from schemas.article import Article
    from tests.integration.desk.told import article

    held = get("/api/articles/ar-1")["article"]
    assert msgspec.convert(held, Article) == msgspec.structs.replace(article(2), embedding=None)
    cards = get("/api/articles/ar-1/similar")["cards"]
    assert [card["story"] for card in cards] == ["en-1"]
    assert cards[0]["shared"] == ["European Union", "Iran"]
    assert cards[0]["likeness"] == pytest.approx(0.929, abs=0.01)
    for path in (
        "/api/articles/none",
        "/api/articles/none/similar",
        "/api/designations/none",
        "/api/nowhere",
    ):
        assert desk.get(path).status_code == 404


def test_exports_hold_every_article(desk: httpx.Client) -> None:
    answer = desk.get("/api/export", params={"q": "lane:live", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [row["id"] for row in rows] == [
        "fr-1",
        "de-1",
        "fa-1",
        "tr-1",
        "zh-1",
        "ko-1",
        "ru-1",
        "ar-1",
        "en-2",
        "en-1",
    ]
    assert rows[1]["title"] == "'=1+1 Neue Häuser in Köln"
    assert rows[7]["places"] == "Iran"
    lines = desk.get("/api/export", params={"q": "Kim Jong Un", "format": "jsonl"}).text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["ko-1", "ru-1"]
    assert "공장을" in json.loads(lines[0])["text"]
    assert desk.get("/api/export", params={"q": "a ("}).status_code == 400
    assert desk.get("/api/export", params={"format": "xml"}).status_code == 400


def test_an_export_of_many_pages_is_whole(
    client: Elasticsearch, filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sinks.elasticsearch.query import Question
    from wirewatch.desk import articles

    monkeypatch.setattr(articles, "EXPORT_PAGE", 3)
    found = [one["id"] for one in articles.Articles(client, filled).export(Question())]
    assert len(found) == len(set(found)) == 10


def test_alerts_and_the_ledger(get: Get) -> None:
    assert [one["id"] for one in get("/api/alerts")["alerts"]] == ["alert-2", "alert-1", "alert-0"]
    assert get("/api/alerts", since="2026-03-09T01:30Z")["total"] == 1
    assert "lease_ends_at" not in get("/api/alerts")["alerts"][0]
    [listed] = get("/api/designations", issuer="United States Treasury", act="imposed", language="ar")[
        "designations"
    ]
    assert (listed["id"], "record" in listed) == ("d1", False)
    assert get("/api/designations", issuer="Iran")["designations"] == []
    assert get("/api/designations/d1")["designation"]["sightings"][0]["mention_id"] == "a1-0"


RULE = "id: mine\nwatch: articles\nquery:\n  term: {language: ar}\n"


def test_a_rule_is_tried_and_put_into_force(desk: httpx.Client, get: Get) -> None:
    tried = desk.post("/api/rules/test", json={"yaml": RULE, "since": "2026-03-01"})
    assert (tried.status_code, tried.json()["matches"]) == (200, 1), tried.text
    assert tried.json()["newest"][0]["article_id"] == "ar-1"
    put = desk.put("/api/rules/mine", json={"yaml": RULE})
    assert put.json() == {"rule": "mine", "what": "created"}
    [rule] = [one for one in get("/api/rules")["rules"] if one["id"] == "mine"]
    again = desk.put("/api/rules/mine", json={"yaml": rule["yaml"]})
    assert again.json() == {"rule": "mine", "what": "unchanged"}
    faulty = desk.put("/api/rules/mine", json={"yaml": RULE + "severity: loud\n"})
    assert (faulty.status_code, faulty.json()["error"]["faults"][0]["line"]) == (422, 5)
    refused = desk.put("/api/rules/mine", json={"yaml": RULE.replace("term:", "trem:")})
    assert (refused.status_code, "trem" in refused.text) == (422, True)
    costly = desk.put("/api/rules/mine", json={"yaml": RULE.replace("term:", "regexp:")})
    assert (costly.status_code, costly.json()["error"]["faults"][0]["line"]) == (422, 4)
    assert desk.put("/api/rules/other", json={"yaml": RULE}).status_code == 422
    assert desk.post("/api/rules/test", json={"yaml": RULE.replace("term:", "trem:")}).status_code == 422


def test_searches_are_saved(desk: httpx.Client, get: Get) -> None:
    assert get("/api/searches") == {"searches": []}
    question = {"q": "عقوبات", "language": ["ar"], "since": "7d"}
    assert desk.put("/api/searches/صباحًا", json=question).status_code == 200
    assert get("/api/searches") == {"searches": [{"name": "صباحًا", "question": question}]}
    assert desk.put("/api/searches/bad", json={"q": "a ("}).json()["error"]["at"] == 2
    for body in ({"q": 1}, {"since": "soon"}, {"language": ["ar"] * 21}, {"act": ["none"]}):
        assert desk.put("/api/searches/bad", json=body).status_code == 400
    assert desk.delete("/api/searches/صباحًا").status_code == 200
    assert desk.delete("/api/searches/صباحًا").status_code == 404
    assert get("/api/searches") == {"searches": []}


def test_a_rule_is_silenced_and_the_silence_is_listed(desk: httpx.Client, get: Get) -> None:
    assert desk.put("/api/rules/mine", json={"yaml": RULE}).status_code == 200
    asked = {"for": "6h", "because": "تمرين معلن", "owner": "Asia desk"}
    answer = desk.post("/api/rules/mine/silence", json=asked)
    assert answer.status_code == 200
    assert answer.json() in get("/api/rules")["silences"]
    assert (answer.json()["rule"], answer.json()["because"]) == ("mine", "تمرين معلن")
    assert desk.post("/api/rules/nobodys/silence", json=asked).status_code == 404
    for fault in ({"for": "6h"}, {"for": "soon", "because": "x"}, {"for": "6h", "because": ""}):
        assert desk.post("/api/rules/mine/silence", json=fault).json()["error"]["parameter"] == "body"


def test_a_rule_speaks_the_language_of_search(desk: httpx.Client) -> None:
    rule = "id: words\nwatch: articles\nwords: 'place:Iran -\"no such thing\"'\n"
    tried = desk.post("/api/rules/test", json={"yaml": rule, "since": "2026-03-01"}).json()
    found = desk.get("/api/articles", params={"q": "place:Iran lane:live"}).json()
    assert tried["matches"] == found["total"] > 0
    answer = desk.post("/api/rules/test", json={"yaml": rule.replace("-", "(")})
    [fault] = answer.json()["error"]["faults"]
    assert (answer.status_code, fault["line"], "at character 12" in fault["message"]) == (422, 3, True)


def test_a_question_by_meaning_is_refused_where_the_cluster_can_not(desk: httpx.Client, get: Get) -> None:
    assert get("/api/articles")["offers_meaning"] is False
    answer = desk.get("/api/articles", params={"meaning": "who was hurt?"})
    assert (answer.status_code, answer.json()["error"]["parameter"]) == (400, "meaning")
    assert desk.get("/api/export", params={"meaning": "who was hurt?"}).status_code == 400


def test_who_asks_with_another_method_is_told_of_all_there_are(desk: httpx.Client) -> None:
    allowed = {
        "/api/rules/test": {"POST"},
        "/api/searches/x": {"PUT", "DELETE"},
        "/api/rules": {"GET", "HEAD"},
    }
    for path, methods in allowed.items():
        answer = desk.patch(path, json={})
        assert (answer.status_code, answer.json()["error"]["reason"]) == (405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) == methods
    assert (
        desk.post("/api/rules/test", json={"yaml": RULE, "since": {}}).json()["error"]["parameter"] == "since"
    )
    assert desk.get("/api/designations", params={"issuer": ["x"] * 2000}).status_code == 400


def test_the_state_tells_stages_and_counts(get: Get) -> None:
    state = get("/api/state")
    assert state["counts"]["articles"] == 10
    assert state["feeds"] == []
    assert (
        {"group", "topic", "behind"} == state["stages"][0].keys()
        if state["stages"]
        else state["stages_unknown_because"]
    )


@pytest.mark.parametrize(
    ("parameters", "parameter"),
    [
        ({"q": "a ("}, "q"), ({"colour": "red"}, "colour"), ({"size": "1000"}, "size"), ({"size": "x"}, "size"),
        ({"facets": "2"}, "facets"), ({"order": ["best", "newest"]}, "order"), ({"source": ""}, "source"),
        ({"language": ["ar"] * 21}, "language"),
        ({"order": "worst"}, "order"), ({"by": "day"}, "by"), ({"since": "soon"}, "since"), ({"act": "x"}, "act"),
        ({"meaning": "x", "order": "arrival"}, "meaning"), ({"meaning": "x" * 1001}, "meaning"), ({"cursor": "abc"}, "cursor"), ({"cursor": "WyJwYWdlIiw5OTk5OTksIiJd"}, "cursor"), ({"cursor": "x" * 9000}, "cursor"),
        ({"cursor": written(Page(5, "} or 1"))}, "cursor"), ({"cursor": written(Page(-5, ""))}, "cursor"),
        ({"cursor": written(Arrival("i", 2**60))}, "cursor"), ({"cursor": written(Arrival("i", 5, "xyz"))}, "cursor"),
    ],
)  # fmt: skip
def test_a_faulty_request_names_its_parameter(
    desk: httpx.Client, parameters: dict[str, str], parameter: str
) -> None:
    answer = desk.get("/api/articles", params=parameters)
    assert (answer.status_code, answer.json()["error"]["parameter"]) == (400, parameter)


def test_answers_are_as_they_are_described(get: Get, desk: httpx.Client) -> None:
    told = get("/api/openapi.json")
    assert told == json.loads(msgspec.json.encode(description(needs_secret=False)))

    def check(path: str, answer: Any) -> None:
        schema = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer, {**schema, "components": told["components"]})

    check("/api/articles", get("/api/articles", q="Iran"))
    check("/api/articles/{id}", get("/api/articles/ar-1"))
    check("/api/articles/{id}/similar", get("/api/articles/ar-1/similar"))
    check("/api/alerts", get("/api/alerts"))
    check("/api/designations", get("/api/designations"))
    check("/api/designations/{id}", get("/api/designations/d1"))
    check("/api/rules", get("/api/rules"))
    check("/api/state", get("/api/state"))
    refusal = desk.get("/api/articles", params={"q": "("}).json()
    jsonschema.validate(refusal, {**told["components"]["schemas"]["Error"], "components": told["components"]})
