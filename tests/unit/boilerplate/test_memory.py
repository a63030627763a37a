import numpy as np
import pytest

from processors.boilerplate import BoilerplateStage
from processors.boilerplate.memory import (
    KEPT_ARTICLES,
    LINES_MAX,
    SourceMemory,
    less_likely,
    line_key,
)
from schemas.article import Article, Language, Raw

APPEAL = "Our newsletter brings you the news of the port each morning, and costs you nothing at all."


def test_a_line_is_known_by_its_letters() -> None:
    assert line_key("Join 1,204 readers!") == line_key("join 9 readers")
    assert line_key("12:30 — 7") == 0


def test_lines_are_counted_once_an_article() -> None:
    memory = SourceMemory({}, "a")
    memory.learn("1", ["Join us today", "Join us today", "The pier is old."])
    memory.learn("1", ["Join us today"])
    memory.learn("2", ["Join us today", "The quay is new."])
    assert memory.articles_with("next", ["JOIN US TODAY", "The pier is old.", "never said"]) == [2, 1, 0]


def test_an_article_that_comes_again_is_not_held_against_itself() -> None:
    memory = SourceMemory({}, "a")
    memory.learn("1", ["Join us today", "The pier is old."])
    memory.learn("2", ["Join us today"])
    assert memory.articles_with("1", ["Join us today", "The pier is old."]) == [1, 0]


def test_sources_do_not_share() -> None:
    store: dict[str, bytes] = {}
    SourceMemory(store, "a").learn("1", ["Join us today"])
    assert SourceMemory(store, "b").articles_with("next", ["Join us today"]) == [0]
    assert list(store) == ["a"]


def test_what_does_not_come_back_is_forgotten() -> None:
    memory = SourceMemory({}, "a")
    memory.learn("old", ["Join us today"])
    for number in range(KEPT_ARTICLES):
        memory.learn(str(number), ["Follow the paper"])
    assert memory.articles_with("next", ["Join us today"]) == [1]
    memory.learn("new", ["Follow the paper"])
    assert memory.articles_with("next", ["Join us today", "Follow the paper"]) == [0, KEPT_ARTICLES + 1]


def test_one_long_page_does_not_push_out_what_repeats() -> None:
    store: dict[str, bytes] = {}
    memory = SourceMemory(store, "a")
    for number in range(3):
        memory.learn(str(number), ["Join us today"])
    memory.learn(
        "long",
        [f"line {chr(97 + at % 26)}{chr(97 + at // 26 % 26)}{chr(97 + at // 676)}" for at in range(5_000)],
    )
    assert memory.articles_with("next", ["Join us today"]) == [3]
    assert len(store["a"]) < 20 * LINES_MAX


def test_each_article_takes_from_the_odds() -> None:
    lower = less_likely(np.array([0.5, 0.9, 0.99, 0.999], np.float32), [0, 1, 2, 50])
    assert lower[0] == pytest.approx(0.5)
    assert lower[1] == pytest.approx(0.667, abs=0.01)
    assert lower[2] == pytest.approx(0.83, abs=0.01)
    assert lower[3] == pytest.approx(0.712, abs=0.01)


def _article(number: int, paragraphs: list[str]) -> Article:
    return Article(
        id=f"a{number}",
        source="harbour.example",
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content="\n".join(paragraphs)),
        language=Language(code="en", confidence=0.99),
    )


def _text(stage: BoilerplateStage, article: Article) -> list[str]:
    result = stage(article)
    assert isinstance(result, Article)
    assert result.clean is not None
    return result.clean.text.split("\n")


def test_the_stage_learns_what_a_source_says_under_every_article() -> None:
    bodies = [
        [f"The harbour authority said on Monday that it would close pier {name} in the coming weeks.",
         f"Engineers found cracks in the columns of pier {name}, and divers confirmed them a day later.",
         f"Fishermen who use pier {name} will be moved to the southern quay, the harbour master said."]
        for name in ("one", "two", "three", "four", "five")
    ]  # fmt: skip
    stage = BoilerplateStage(memory={})
    texts = [_text(stage, _article(number, [*body, APPEAL])) for number, body in enumerate(bodies)]
    assert texts[0] == [*bodies[0], APPEAL]
    assert texts[-1] == bodies[-1]
    assert _text(stage, _article(4, [*bodies[-1], APPEAL])) == texts[-1]
    assert _text(BoilerplateStage(), _article(9, [*bodies[-1], APPEAL])) == [*bodies[-1], APPEAL]
