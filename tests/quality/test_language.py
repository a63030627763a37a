"""Language identification on sentences: odd lines only; even ones were for tuning."""

from collections import Counter
from pathlib import Path

import pytest

from processors.language.stage import language_of

pytestmark = pytest.mark.shared
FLOOR_MACRO = 0.990
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
