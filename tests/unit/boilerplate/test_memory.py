from random import Random

import numpy as np
import pytest

from processors.boilerplate import BoilerplateStage
from processors.boilerplate.lines import Numbers
from processors.boilerplate.memory import (
    KEPT_STORIES,
    LINES_MAX,
    SourceMemory,
    less_likely,
    line_key,
)
from schemas.article import Article, Language, Raw
from tests.faults.acts import ACTS, LANGUAGES, telling

APPEAL = "The Harbour Gazette brings you the news of the port each morning, and costs you nothing at all."


def sure(*paragraphs: str) -> tuple[list[str], Numbers]:
    """Lines as the memory takes them, all surely article text."""
    return list(paragraphs), np.full(len(paragraphs), 0.95, np.float32)


def furniture(*lines: str) -> tuple[list[str], Numbers]:
    return list(lines), np.full(len(lines), 0.05, np.float32)


def both(above: tuple[list[str], Numbers], below: tuple[list[str], Numbers]) -> tuple[list[str], Numbers]:
    return above[0] + below[0], np.concatenate([above[1], below[1]])


def test_a_line_is_known_by_its_letters() -> None:
    assert line_key("Join 1,204 readers!") == line_key("join 9 readers")
    assert line_key("12:30 — 7") == 0


def test_lines_are_counted_once_a_story() -> None:
    memory = SourceMemory({}, "a")
    memory.told_before("1", *furniture("Join us today", "Join us today", "The pier is old."))
    memory.told_before("1", *furniture("Join us today"))
    memory.told_before("2", *furniture("Join us today", "The quay is new."))
    lines = furniture("JOIN US TODAY", "The pier is old.", "never said")
    assert memory.told_before("next", *lines) == [2, 1, 0]


def test_an_article_that_comes_again_is_not_held_against_itself() -> None:
    memory = SourceMemory({}, "a")
    memory.told_before("1", *furniture("Join us today", "The pier is old."))
    memory.told_before("2", *furniture("Join us today"))
    for _ in range(3):
        assert memory.told_before("1", *furniture("Join us today", "The pier is old.")) == [1, 0]


def test_a_replay_of_everything_finds_no_line_of_an_article_but_those_others_had() -> None:
    """Longer than ids are kept, and than lines are."""
    memory = SourceMemory({}, "a")
    for _ in range(2):
        for number in range(3 * KEPT_STORIES):
            told = memory.told_before(
                f"{number}", *sure(f"pier {_word(number)} closes", f"{_word(number)} said so")
            )
            assert told == [0, 0]


def test_copies_corrections_and_updates_are_one_story() -> None:
    memory = SourceMemory({}, "a")
    paragraphs = [f"Pier {_word(number)} will be closed, the harbour master said." for number in range(6)]
    memory.told_before("another", *sure("The ferry was late again on Monday, and nobody knew why."))
    memory.told_before("first", *sure(*paragraphs[:3]))
    assert memory.told_before("print version", *sure(*paragraphs[:3])) == [0, 0, 0]
    assert memory.told_before("update", *sure(*paragraphs[:4])) == [0, 0, 0, 0]
    assert memory.told_before("later update", *sure(*paragraphs[:5])) == [0] * 5
    assert memory.told_before("excerpt", *sure("Read our story on this.", *paragraphs[3:5])) == [0, 0, 0]
    assert memory.told_before("elsewhere", *sure(APPEAL, paragraphs[0])) == [0, 1]


def test_furniture_that_reads_like_prose_makes_no_story() -> None:
    memory = SourceMemory({}, "a")
    for number in range(4):
        article = sure(
            *(f"Pier {_word(3 * number + at)} will be closed, the harbour master said." for at in range(3))
        )
        told = memory.told_before(f"{number}", *both(article, sure(APPEAL)))
        assert told == [0, 0, 0, number]


def test_background_between_new_paragraphs_may_be_told_some_times() -> None:
    memory = SourceMemory({}, "a")
    background = "The harbour was closed by a strike in 2019, and has lost a third of its trade since."
    told = []
    for number in range(6):
        above, below = (
            f"Ship {_word(2 * number + at)} came in on Monday with salt and timber." for at in (0, 1)
        )
        told.append(memory.told_before(f"{number}", *sure(above, background, below))[1])
    assert told == [0, 0, 0, 0, 1, 2]


def test_sources_do_not_share() -> None:
    store: dict[str, bytes] = {}
    SourceMemory(store, "a").told_before("1", *furniture("Join us today"))
    assert SourceMemory(store, "b").told_before("next", *furniture("Join us today")) == [0]
    assert list(store) == ["a", "b"]


def test_what_does_not_come_back_is_forgotten() -> None:
    memory = SourceMemory({}, "a")
    memory.told_before("old", *furniture("Join us today"))
    for number in range(KEPT_STORIES):
        memory.told_before(str(number), *furniture("Follow the paper"))
    assert memory.told_before("old", *furniture("Join us today")) == [0]
    memory.told_before("new", *furniture("Follow the paper"))
    assert memory.told_before("next", *furniture("Join us today", "Follow the paper")) == [
        0,
        KEPT_STORIES + 1,
    ]


def test_one_long_page_does_not_push_out_what_repeats() -> None:
    store: dict[str, bytes] = {}
    memory = SourceMemory(store, "a")
    for number in range(3):
        memory.told_before(str(number), *furniture("Join us today"))
    memory.told_before("long", *furniture(*(f"line {_word(at)}" for at in range(5_000))))
    assert memory.told_before("next", *furniture("Join us today")) == [3]
    for number in range(3 * KEPT_STORIES):
        memory.told_before(f"more {number}", *furniture("Join us today"))
    assert len(store["a"]) < 20 * LINES_MAX


def _word(number: int) -> str:
    """A name of letters alone: digits don't tell lines apart."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


def test_each_story_takes_from_the_odds() -> None:
    lower = less_likely(np.array([0.5, 0.9, 0.99, 0.999], np.float32), [0, 1, 2, 50])
    assert lower[0] == pytest.approx(0.5)
    assert lower[1] == pytest.approx(0.667, abs=0.01)
    assert lower[2] == pytest.approx(0.83, abs=0.01)
    assert lower[3] == pytest.approx(0.712, abs=0.01)


def _article(number: int, paragraphs: list[str], language: str = "en") -> Article:
    return Article(
        id=f"a{number}",
        source="harbour.example",
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content="\n".join(paragraphs)),
        language=Language(code=language, confidence=0.99),
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


def test_an_article_made_of_words_told_before_is_still_an_article() -> None:
    """An outlet that says short things in few words: each line is another story's too."""
    drawn = Random(2)
    stage = BoilerplateStage(memory={})
    for number in range(400):
        act, language = drawn.randrange(len(ACTS)), drawn.choice(LANGUAGES)
        lines = telling(act, language, drawn.randint(20, 400)).split("\n\n")
        assert _text(stage, _article(number, lines, language))
