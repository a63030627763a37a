"""Every kind of search the desk makes, on a node of each generation."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import pytest
from elasticsearch import Elasticsearch
from numpy.typing import NDArray

from sinks.elasticsearch.actions import action_for
from sinks.elasticsearch.bulk import write
from sinks.elasticsearch.client import connect
from sinks.elasticsearch.indices import apply
from sinks.elasticsearch.meaning import has_meaning
from sinks.elasticsearch.query import QueryError, Question
from sinks.elasticsearch.query.cursor import Arrival, read
from sinks.elasticsearch.query.parser import DEPTH_MAX, LEAVES_MAX
from tests.integration.desk.told import TOLD, article, articles
from wirewatch.desk.articles import Articles
from wirewatch.desk.meaning import Meaning


@pytest.fixture(params=["elasticsearch", "elasticsearch9"], scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    with connect(request.getfixturevalue(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def prefix(client: Elasticsearch) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:12]}"
    apply(client, name, ["articles"])
    can = has_meaning(client, f"{name}-articles")
    actions = [action_for(one, name, meaning=can) for one in articles()]
    answers = write(client, [action for action in actions if action], lambda _: None)
    assert {(answer.verdict, answer.reason) for answer in answers} == {("written", "")}
    client.indices.refresh(index=f"{name}-articles")
    yield name
    for index in client.indices.get(index=f"{name}-*"):
        client.indices.delete(index=index)
    client.indices.delete_index_template(name=f"{name}-*")


def test_cards_with_facets_and_marks(client: Elasticsearch, prefix: str) -> None:
    answer = Articles(client, prefix).stories(Question(q='sanc* OR "two shipyards" -finale since:2026-01-01'))
    [card] = answer["cards"]
    assert (card["id"] in {"en-1", "en-2"}, card["articles"], card["first"]["id"]) == (True, 2, "en-1")
    assert card["snippet"]["marks"]
    assert answer["facets"]["time"]


def test_threads_newest_first_page_by_page(client: Elasticsearch, prefix: str) -> None:
    found = Articles(client, prefix)
    first = found.stories(Question(), by="thread", order="newest", size=4)
    at = read(first["cursor"])
    assert not isinstance(at, Arrival)
    second = found.stories(Question(), by="thread", order="newest", size=4, at=at)
    shown = [card["thread"] for card in first["cards"] + second["cards"]]
    assert len(shown) == len(set(shown)) == 7


def test_arrivals_in_order_and_again_when_written_again(client: Elasticsearch, prefix: str) -> None:
    found = Articles(client, prefix)
    first = found.arrivals(Question(), size=7)
    at = read(first["cursor"])
    assert isinstance(at, Arrival)
    rest = found.arrivals(Question(), at, size=7)
    assert [card["id"] for card in first["cards"] + rest["cards"]] == [one.id for one in articles()]
    begun = found.now("articles")
    revised = msgspec.structs.replace(article(6), revision=70)
    action = action_for(revised, prefix, meaning=has_meaning(client, f"{prefix}-articles"))
    assert action is not None
    write(client, [action], lambda _: None)
    client.indices.refresh(index=f"{prefix}-articles")
    hits, _ = found.arrived("articles", {"match_all": {}}, begun, 10, ["id"])
    assert [hit["_id"] for hit in hits] == [article(6).id]


def test_similar_articles_and_the_export(client: Elasticsearch, prefix: str) -> None:
    found = Articles(client, prefix)
    stories = [card["story"] for card in found.similar("ar-1")["cards"]]
    if has_meaning(client, f"{prefix}-articles"):
        assert stories[:2] == ["ru-1", "ko-1"], "the nearest in meaning, without a word or name in common"
        assert "en-1" in stories
    else:
        assert stories == ["en-1"]
    assert len(list(found.export(Question()))) == 10


def test_a_node_of_the_second_generation_can_be_searched_by_meaning(
    client: Elasticsearch, prefix: str
) -> None:
    [node] = client.nodes.info()["nodes"].values()
    assert has_meaning(client, f"{prefix}-articles") == (not node["version"].startswith("7."))


class Towards:
    """A question that lies where the first of the articles does, and nearer to headlines on a factory."""

    model = "test"
    direction = np.eye(1, 384, dtype=np.float32)[0]

    def likeness(self, values: NDArray[np.float32], _: str) -> float:
        return float(self.direction @ values)

    def likenesses(self, texts: Sequence[str], languages: Sequence[str]) -> list[float]:
        assert len(texts) == len(languages)
        return [1.0 if "завод" in text else 0.3 for text in texts]


def test_the_nearest_stories_are_found_by_meaning_in_every_language(
    client: Elasticsearch, prefix: str
) -> None:
    if not has_meaning(client, f"{prefix}-articles"):
        with pytest.raises(QueryError, match="can't be asked by meaning"):
            Meaning(client, prefix).placed("whatever")
        return
    found = Articles(client, prefix)
    answer = found.nearest(Question(), Towards())
    assert [card["story"] for card in answer["cards"]][:2] == ["ru-1", "en-1"], "ru-1 once it was read again"
    assert {card["language"] for card in answer["cards"]} == {one[1] for one in TOLD}
    assert answer["facets"]["language"]
    shipyards = found.nearest(Question(q="place:Iran"), Towards(), by="thread")
    assert [(card["thread"], card["likeness"]) for card in shipyards["cards"]] == [
        ("en-1", pytest.approx(0.53, abs=0.01))
    ]
    assert found.nearest(Question(q="place:Iran -place:Iran"), Towards())["cards"] == []


@pytest.mark.parametrize("word", ["sanctions", "se*", "عقوبات", "制裁措施", '"on Monday"', "place:Iran"])
def test_the_longest_question_is_answered(client: Elasticsearch, prefix: str, word: str) -> None:
    words = [word] * LEAVES_MAX
    for q in (" OR ".join(words), " ".join(words), f"{'(' * DEPTH_MAX}{' OR '.join(words)}{')' * DEPTH_MAX}"):
        assert not Articles(client, prefix).stories(Question(q=q))["is_partial"]
