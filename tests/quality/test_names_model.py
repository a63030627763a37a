"""The names stage with its built-in model, against gold: exact spans and types, int8, by language.

The corpora are split by blocks of neighbouring sentences in `training.understanding.corpora`; what is measured here is
the part that neither training nor the choice between runs has seen. `data/names/` is a spot check of
our own for languages without gold here (written by somebody who did not see the training sentences), and
of news about sanctions in the others. A floor lies a point below what was measured when it was pinned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from processors.names import NamesStage
from schemas.article import Article, Clean, Language, Raw
from training.understanding.corpora import Span, closed_up, sentences
from training.understanding.markup import read_markup

OWN = Path(__file__).parent / "data" / "names"
FLOORS = {"ar": 83.5, "ko": 75.5, "zh": 77.5, "en": 77.0, "ru": 87.0}
SPOT_FLOORS = {
    "fa": 86.0, "tr": 94.0, "es": 95.5, "fr": 89.0, "de": 90.0,
    "ar": 86.0, "ru": 91.0, "en": 93.0, "ko": 77.0, "zh": 72.0,
}  # fmt: skip
CORPUS = {"anercorp": "ar", "klue": "ko", "gsd": "zh", "ewt": "en", "factrueval": "ru"}
Labelled = tuple[str, Iterable[Span]]


@pytest.fixture(scope="module")
def stage() -> NamesStage:
    return NamesStage()


def f1(stage: NamesStage, language: str, rows: list[Labelled]) -> tuple[float, dict[str, float]]:
    articles = [
        Article(
            id=str(number),
            source="s",
            fetched_at="2024-05-01T00:00:00Z",
            raw=Raw(content=""),
            language=Language(code=language, confidence=1.0),
            clean=Clean(text=text),
        )
        for number, (text, _) in enumerate(rows)
    ]
    right, said, there = Counter[str](), Counter[str](), Counter[str]()
    for article, (_, spans) in zip(stage.apply_batch(articles), rows, strict=True):
        got, gold = {(m.start, m.end, m.type) for m in article.mentions}, set(spans)
        for counter, found in ((right, got & gold), (said, got), (there, gold)):
            counter.update(str(kind) for _, _, kind in found)
    by_type = {kind: 200 * right[kind] / max(1, said[kind] + there[kind]) for kind in ("PER", "ORG", "LOC")}
    return 200 * right.total() / max(1, said.total() + there.total()), by_type


@pytest.mark.shared
def test_names_reach_their_floors_on_parts_nobody_learned_from(shared: Path, stage: NamesStage) -> None:
    kept = [one for one in sentences(shared / "data" / "ner", own=None) if one.part == "test"]
    measured = {}
    for corpus, language in CORPUS.items():
        rows = [closed_up(one) for one in kept if one.corpus == corpus]
        measured[language], by_type = f1(stage, language, [(one.text, one.spans) for one in rows])
        print(f"{language}: {len(rows)} sentences, F1 {measured[language]:.1f}", by_type)  # noqa: T201
    assert {language: value for language, value in measured.items() if value < FLOORS[language]} == {}, (
        f"below the floor; measured {measured}"
    )


def test_names_reach_their_floors_on_our_own_news(stage: NamesStage) -> None:
    measured = {}
    for language in SPOT_FLOORS:
        measured[language], by_type = f1(stage, language, list(read_markup(OWN / f"{language}.txt")))
        print(f"{language}: F1 {measured[language]:.1f}", by_type)  # noqa: T201
    assert {language: value for language, value in measured.items() if value < SPOT_FLOORS[language]} == {}, (
        f"below the floor; measured {measured}"
    )
