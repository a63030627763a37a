from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.stories import StoriesStage
from processors.stories.memory import BUCKET_ARTICLES_MAX
from schemas.article import Article, Clean, Language, Raw, Story

Make = Callable[..., Article]
Tell = Callable[..., list[str]]
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "seeds"
together = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def place(stage: StoriesStage, article: Article) -> Story:
    story = stage(article).story
    assert story is not None
    return story


def test_a_wire_story_on_thirty_outlets_is_one_story(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    wire = story(1)
    first = place(stage, article("a0", "\n".join(wire)))
    assert first == Story(cluster_id="a0")
    for i in range(1, 30):
        text = "\n".join([f"Outlet {i} reports.", *wire[: len(wire) - i % 2]])
        copy = place(stage, article(f"a{i}", text))
        assert (copy.cluster_id, copy.relation) == ("a0", "copy")
        assert copy.nearest_id is not None
        assert 0.7 <= copy.similarity <= 1.0


def test_an_article_that_takes_over_some_paragraphs_is_related(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    old, new = story(1, paragraphs=10), story(2, paragraphs=7)
    place(stage, article("old", "\n".join(old)))
    related = place(stage, article("new", "\n".join([*new, *old[3:7]])))
    assert (related.cluster_id, related.relation, related.nearest_id) == ("old", "related", "old")
    assert 0.15 <= related.similarity < 0.35


def test_a_brief_inside_a_long_piece_is_a_copy(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    long = story(3, paragraphs=40)
    place(stage, article("long", "\n".join(long)))
    assert place(stage, article("brief", "\n".join(long[20:22]))).relation == "copy"


def test_related_articles_are_found_among_many(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    for i in range(60):
        place(stage, article(f"old{i}", "\n".join(story(i, paragraphs=10))))
    found = 0
    for i in range(60):
        borrowed = story(i, paragraphs=10)[2:5]  # Jaccard about .17
        answer = place(stage, article(f"new{i}", "\n".join([*story(1000 + i, paragraphs=7), *borrowed])))
        found += (answer.relation, answer.nearest_id) == ("related", f"old{i}")
    assert found == 60


def test_one_shared_disclaimer_is_no_relation(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    disclaimer = story(9999, paragraphs=1, words=40)
    answers = [
        place(stage, article(f"a{i}", "\n".join([*story(i, paragraphs=4), *disclaimer]))) for i in range(200)
    ]
    assert {answer.relation for answer in answers} == {"first"}


def test_what_hundreds_share_crowds_out_nothing_and_stays_bounded(article: Make, story: Tell) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory)
    disclaimer = story(9999, paragraphs=3, words=12)
    for i in range(300):
        place(stage, article(f"a{i}", "\n".join([*story(i), *disclaimer])))
    copy = place(stage, article("late", "\n".join([*story(7), *disclaimer])))
    assert (copy.relation, copy.cluster_id) == ("copy", "a7")
    buckets = [len(value) for key, value in memory.items() if key.startswith("en|s|")]
    assert max(buckets) <= BUCKET_ARTICLES_MAX * 5 + 5


def test_the_same_article_again_changes_nothing(article: Make, story: Tell) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory)
    arrivals = [article(f"a{i}", "\n".join(story(i % 3))) for i in range(9)]
    answers = [place(stage, one) for one in arrivals]
    before = dict(memory)
    assert [place(stage, one) for one in arrivals] == answers
    assert [place(StoriesStage(memory), one) for one in reversed(arrivals)] == answers[::-1]
    assert memory == before


def test_a_revision_takes_its_predecessors_place(article: Make, story: Tell) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory)
    place(stage, article("other", "\n".join(story(2))))
    place(stage, article("a", "\n".join(story(1)), revision=1))
    size = len(memory)
    revised = article("a", "\n".join(story(3)), revision=2)
    assert place(stage, revised) == Story(cluster_id="a")
    assert len(memory) <= size + 2
    assert place(stage, article("b", "\n".join(story(3)))).cluster_id == "a"
    assert place(stage, article("c", "\n".join(story(1)))).relation == "first"
    before = dict(memory)
    place(stage, article("a", "\n".join(story(1)), revision=1))
    assert memory == before


def test_a_revision_does_not_copy_itself(article: Make, story: Tell) -> None:
    stage = StoriesStage({})
    text = story(1)
    place(stage, article("a", "\n".join(text), revision=1))
    assert place(stage, article("a", "\n".join(text[:-1]), revision=2)) == Story(cluster_id="a")


def test_a_story_is_forgotten_after_the_window(article: Make, story: Tell) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory, window_days=3)
    text = "\n".join(story(1))
    place(stage, article("a", text, day="2024-05-01"))
    assert place(stage, article("b", text, day="2024-05-04")).cluster_id == "a"
    assert place(stage, article("c", text, day="2024-05-08")).relation == "first"
    for i in range(2, 6):
        place(stage, article(f"d{i}", "\n".join(story(i)), day="2024-06-01"))
    kept = {key.rsplit("|", 1)[1] for key in memory if key.startswith("en|id|")}
    assert kept == {"d2", "d3", "d4", "d5"}
    numbers = {key for key in memory if key.startswith("en|n|")}
    assert len(numbers) == 4


def test_each_language_has_its_own_memory(article: Make, story: Tell) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory)
    text = "\n".join(story(1))
    place(stage, article("a", text, code="en"))
    before = {key for key in memory if key.startswith("en|")}
    assert before == set(memory)
    assert place(stage, article("b", text, code="tr")).relation == "first"
    assert all(key.startswith("tr|") for key in set(memory) - before)


@pytest.mark.parametrize("text", ["", " \n ", "?", "Short.", "Two words"])
def test_a_text_too_short_to_tell_is_like_nothing(article: Make, text: str) -> None:
    stage = StoriesStage({})
    assert place(stage, article("a", text)) == Story(cluster_id="a")
    assert place(stage, article("b", text)) == Story(cluster_id="b")


def test_headlines_alone_can_copy_each_other(article: Make) -> None:
    stage = StoriesStage({})
    title = "Parliament passes the budget after an all-night sitting, minister says"
    place(stage, article("a", "", title=title))
    assert place(stage, article("b", "", title=title.upper())).relation == "copy"
    assert place(stage, article("c", "", title="Parliament passes the budget after all")).relation == "first"


def test_an_article_without_language_text_or_readable_time_gets_an_answer() -> None:
    bare = Article(id="a", source="s", fetched_at="yesterday", raw=Raw(content=""))
    assert StoriesStage({})(bare).story == Story(cluster_id="a")


@together
@given(order=st.permutations(range(8)), again=st.lists(st.integers(0, 7), max_size=12))
def test_who_tells_the_same_story_does_not_depend_on_the_order(
    article: Make, story: Tell, order: list[int], again: list[int]
) -> None:
    stage = StoriesStage({})
    cluster: dict[int, str] = {}
    for i in [*order, *again]:
        answer = place(stage, article(f"a{i}", "\n".join([*story(i // 4), f"Seen by number {i}."])))
        assert cluster.setdefault(i, answer.cluster_id) == answer.cluster_id
    for one, other in itertools.combinations(range(8), 2):
        assert (cluster[one] == cluster[other]) == (one // 4 == other // 4)


@together
@given(texts=st.lists(st.text(max_size=80), min_size=1, max_size=6))
def test_any_text_gets_a_sound_answer_and_a_silent_replay(article: Make, texts: list[str]) -> None:
    memory: dict[str, bytes] = {}
    stage = StoriesStage(memory)
    answers = [place(stage, article(f"a{i}", text)) for i, text in enumerate(texts)]
    for i, answer in enumerate(answers):
        assert (answer.relation == "first") == (answer.nearest_id is None) == (answer.cluster_id == f"a{i}")
    before = dict(memory)
    assert [place(stage, article(f"a{i}", text)) for i, text in enumerate(texts)] == answers
    assert memory == before


@pytest.mark.shared
def test_of_the_seeds_only_the_two_that_share_paragraphs_are_linked() -> None:
    if not SEEDS.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the seeds are not at {SEEDS}")
        pytest.skip(f"needs the shared seeds at {SEEDS}")
    for order in itertools.permutations(_seeds()):
        stage = StoriesStage({})
        answers = {one.id: place(stage, one) for one in order}
        linked = {i: answer for i, answer in answers.items() if answer.relation != "first"}
        assert [answer.relation for answer in linked.values()] == ["related"]
        [(later, answer)] = linked.items()
        assert {later[:3], (answer.nearest_id or "")[:3]} == {"000", "003"}


def _seeds() -> list[Article]:
    lines: dict[str, list[str]] = {}
    for row in map(json.loads, (SEEDS / "lines_gold.jsonl").read_text(encoding="utf-8").splitlines()):
        lines.setdefault(row["file"], []).extend([row["text"]] if row["label"] in {"body", "subhead"} else [])
    return [
        Article(
            id=file,
            source="seeds",
            fetched_at="2024-05-01T00:00:00Z",
            raw=Raw(content=""),
            language=Language(code="ar", confidence=1.0),
            clean=Clean(text="\n".join(text)),
        )
        for file, text in lines.items()
    ]
