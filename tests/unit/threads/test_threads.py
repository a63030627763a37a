from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.meaning import EMBEDDING_MODEL, _centres
from processors.threads import ThreadsStage
from processors.threads.memory import BUCKET_STORIES_MAX, PREFIX
from processors.threads.profile import name_keys, numbers, profile
from processors.threads.score import JOINS, Common, common, rarity
from schemas.article import (
    Article,
    Clean,
    Count,
    Embedding,
    Entity,
    Event,
    Language,
    Mention,
    Party,
    Raw,
    Sanction,
    Span,
    Story,
)


def article(
    article_id: str,
    entities: tuple[str, ...] = (),
    text: str = "",
    *,
    code: str = "en",
    at: str = "2026-03-02T12",
    cluster: str | None = None,
    revision: int = 0,
    towards: int | None = None,
    kind: str | None = None,
) -> Article:
    """An understood article that names `entities` twice each; `towards` picks a direction of meaning."""
    span = Span(field="text", start=0, end=1)
    return Article(
        id=article_id,
        source="test",
        fetched_at=f"{at}:00:00Z",
        raw=Raw(content=text),
        revision=revision,
        language=Language(code=code, confidence=1.0),
        clean=Clean(text=text),
        story=Story(cluster_id=cluster or article_id),
        mentions=[
            Mention(field="text", start=0, end=1, type="PER", confidence=1, entity=Entity(id=one, name=one))
            for one in entities
            for _ in range(2)
        ],
        events=[Event(type=kind, trigger=span, sentence=span, confidence=1)] if kind else [],
        embedding=None if towards is None else _embedding(towards, code),
    )


def _embedding(towards: int, code: str) -> Embedding:
    """Where a language's texts lie, and a step in a direction that no language has to itself."""
    values = _centres()[code] + np.random.default_rng(towards).normal(size=384) / 40
    return Embedding(model=EMBEDDING_MODEL, values=(values / np.linalg.norm(values)).astype("<f2").tobytes())


def thread(stage: ThreadsStage, given: Article) -> Story:
    story = stage(given).story
    assert story is not None
    return story


PEOPLE = ("per:anna-quill", "per:~tarrick-ozbey", "city:geonames-1")
FLOOD = "340 houses under water, 27 patients carried out, 18.5 million"


def test_one_event_in_two_languages_is_one_thread() -> None:
    stage = ThreadsStage({})
    first = thread(stage, article("a", PEOPLE, FLOOD, towards=1))
    assert (first.thread_id, first.thread_nearest_id, first.thread_because) == ("a", None, None)
    other = thread(stage, article("b", PEOPLE, "340 дома, 27 человек, 18,5 миллиона", code="ru", towards=1))
    assert (other.thread_id, other.thread_nearest_id) == ("a", "a")
    assert (other.thread_similarity or 0) > JOINS
    assert other.thread_because is not None
    assert "per:anna-quill" in other.thread_because
    assert "18.5" in other.thread_because
    assert "alike in meaning" in other.thread_because


def test_the_same_people_in_other_news_are_another_thread() -> None:
    stage = ThreadsStage({})
    thread(stage, article("a", PEOPLE, FLOOD, towards=1, kind="AID"))
    other = article(
        "b", PEOPLE, "a budget of 600 million and 44 new posts", code="ru", towards=2, kind="REJECT"
    )
    assert thread(stage, other).thread_id == "b"


def test_the_day_after_takes_more_evidence() -> None:
    profiles = [profile(article(i, PEOPLE, "27 patients", towards=1)) for i in "ab"]
    rarities = {key: 0.2 for key, _ in profiles[0].keys}
    scores = [common(*profiles, rarities, days).score for days in (0, 1, 2)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > JOINS > scores[2]


def test_without_embeddings_names_and_numbers_must_do_and_more_of_them() -> None:
    stage = ThreadsStage({})
    thread(stage, article("a", PEOPLE, FLOOD))
    assert thread(stage, article("b", PEOPLE, FLOOD, code="ru")).thread_id == "a"
    assert thread(stage, article("c", PEOPLE[:1], "nothing counted", code="ru")).thread_id == "c"


def test_copies_have_their_storys_thread_whatever_they_say() -> None:
    stage = ThreadsStage({})
    thread(stage, article("a", PEOPLE, FLOOD, towards=1))
    joined = thread(stage, article("b", PEOPLE, FLOOD, code="ru", towards=1))
    copy = thread(stage, article("b2", (), "cut short", code="ru", cluster="b"))
    assert (copy.thread_id, copy.thread_similarity) == ("a", joined.thread_similarity)


def test_a_story_that_goes_on_is_remembered_for_as_long() -> None:
    memory: dict[str, bytes] = {}
    stage = ThreadsStage(memory, window_days=2)
    thread(stage, article("a", PEOPLE, FLOOD, towards=1))
    for day in range(3, 9):
        copy = article(f"a{day}", (), "copy", cluster="a", at=f"2026-03-0{day}T12")
        assert thread(stage, copy).thread_id == "a"
    late = article("b", PEOPLE, FLOOD, code="ru", towards=1, at="2026-03-08T13")
    assert thread(stage, late).thread_id == "a"
    assert len([key for key in memory if key.startswith(f"{PREFIX}s|")]) == 2
    assert len([key for key in memory if key.startswith(f"{PREFIX}n|")]) <= 5


def test_the_same_article_again_changes_nothing_and_state_survives() -> None:
    memory: dict[str, bytes] = {}
    arrivals = [
        article(f"x{i}", PEOPLE, FLOOD, code=code, towards=1) for i, code in enumerate(("en", "ru", "fa"))
    ]
    stage = ThreadsStage(memory)
    answers = [thread(stage, one) for one in arrivals]
    before = dict(memory)
    assert [thread(ThreadsStage(memory), one) for one in reversed(arrivals)] == answers[::-1]
    assert memory == before


def test_a_revision_takes_its_predecessors_place() -> None:
    memory: dict[str, bytes] = {}
    stage = ThreadsStage(memory)
    thread(stage, article("a", PEOPLE, FLOOD, towards=1, revision=1))
    others = ("per:~someone-else", "city:geonames-9")
    thread(stage, article("a", others, "77 goals in 90 games", towards=2, revision=2))
    assert thread(stage, article("b", PEOPLE, FLOOD, code="ru", towards=1)).thread_id == "b"
    assert thread(stage, article("c", others, "77 goals in 90 games", code="ru", towards=2)).thread_id == "a"
    before = dict(memory)
    thread(stage, article("a", PEOPLE, FLOOD, towards=1, revision=1))
    assert memory == before


def test_memory_is_bounded_by_the_window() -> None:
    memory: dict[str, bytes] = {}
    stage = ThreadsStage(memory, window_days=2)
    for i in range(120):
        people = (f"per:person-{i}", "per:everywhere")
        day = 1 + i // 6
        thread(stage, article(f"a{i}", people, f"{1000 + i} things", at=f"2026-03-{day:02d}T12", towards=i))
    held = [key for key in memory if key.startswith(f"{PREFIX}n|")]
    assert len(held) <= 3 * 6 + 1
    assert not [key for key in memory if "person-3|" in key or key.endswith("person-3")]
    assert all(key.startswith(PREFIX) for key in memory)


def test_a_name_that_everybody_has_fills_no_memory_and_tells_little() -> None:
    memory: dict[str, bytes] = {}
    stage = ThreadsStage(memory)
    for i in range(200):
        thread(stage, article(f"a{i}", ("per:everywhere", f"per:person-{i}"), towards=i))
    assert len(memory[f"{PREFIX}k|per:everywhere"]) <= BUCKET_STORIES_MAX * 3 + 16
    assert rarity("per:everywhere", 200, 200) < 0.1
    assert rarity("per:person-3", 1, 200) > 0.8
    late = article("late", ("per:everywhere", "per:person-7"), "7,421 tonnes", code="ru", towards=7)
    assert thread(stage, late).thread_nearest_id == "a7"


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(8)))
def test_who_shares_a_thread_does_not_depend_on_the_order(order: list[int]) -> None:
    stage = ThreadsStage({})
    found = {}
    for i in order:
        event = i // 4
        people = tuple(f"per:event{event}-{name}" for name in ("ann", "bob", "carol"))
        given = article(
            f"a{i}", people, f"{event + 3}20 of 5{event}", code=("en", "ru", "fa", "zh")[i % 4], towards=event
        )
        found[i] = thread(stage, given).thread_id
    for one, other in itertools.combinations(range(8), 2):
        assert (found[one] == found[other]) == (one // 4 == other // 4)


@pytest.mark.parametrize("at", ["2026-03-02T12", "yesterday"])
def test_an_article_without_anything_gets_an_answer(at: str) -> None:
    bare = Article(id="a", source="s", fetched_at=at, raw=Raw(content=""))
    assert thread(ThreadsStage({}), bare) == Story(cluster_id="a", thread_id="a")


def test_numbers_are_the_same_however_they_are_written() -> None:
    assert numbers("9,000 of 37.5") == numbers("9.000, 37,5") == numbers("9 000 ... 37,5") == {"9000", "37.5"}
    assert numbers("۶۳ زخمی، ۵٫۴ ریشتر") == {"63", "5.4"}
    assert numbers("in 2026, 7 of 1999") == set()


def test_an_unknown_name_is_its_consonants_word_by_word() -> None:
    assert name_keys("loc:~hrmzgan") == name_keys("loc:~hormozgan") == ["~rmzgn"]
    assert name_keys("per:~mrdd-snsda") == ["~mrdd", "~snsd"]
    assert name_keys("state:IR") == ["state:IR"]


def test_who_sanctions_how_many_is_a_name_of_its_own() -> None:
    us = Party(text="US", entity="state:US")
    count = Count(n=4, of="individuals", text="four people")
    told = article("a")
    sanction = Sanction(act="imposed", evidence=[], confidence=1, issuers=[us], counts=[count])
    keys = dict(profile(_with(told, sanction)).keys)
    assert keys == {"state:US>4 individuals": 1.5}


def _with(told: Article, sanction: Sanction) -> Article:
    return msgspec.structs.replace(told, sanctions=[sanction])


def test_an_embedding_of_another_model_is_none() -> None:
    foreign = msgspec.structs.replace(article("a"), embedding=Embedding(model="other", values=b"\0" * 768))
    assert profile(foreign).vector() is None
    assert profile(article("a", towards=3)).vector() is not None


def test_a_score_is_a_probability() -> None:
    none = Common((), 0.0, None, (), 0.0, 0, kinds_apart=False, acts_apart=False, days=0)
    all_ = Common((), 4.0, 1.0, ("12",), 3.0, 0, kinds_apart=False, acts_apart=False, days=0)
    assert 0 < none.score < 0.1 < JOINS < all_.score < 1
