from __future__ import annotations

import pytest

from processors.events.lexicon import Lexicon
from processors.folding import fold_with_offsets


def found(entry: str, text: str) -> list[str]:
    folded = fold_with_offsets(text)
    hits = Lexicon({"tag": [entry]}).find(folded.text)
    return [text[slice(*folded.span(hit.start, hit.end))] for hit in hits]


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("عقوبات", "وبالعقوبات فَرَضَت عـقوبات", ["العقوبات", "عـقوبات"]),
        ("العقوبات", "للعقوبات أثر", ["عقوبات"]),
        ("حث", "بحث الوزير", []),
        ("حث", "وحث الوزير", ["حث"]),
        ("لدعم", "قوات الدعم السريع", []),
        ("لدعم", "ولدعم الميناء", ["لدعم"]),
        ("дом", "домой в дом", ["дом"]),
        ("санкци*", "санкциями и антисанкциями", ["санкциями"]),
        ("Европейск* союз*", "в Европейском союзе", ["Европейском союзе"]),
        ("*sanktionen", "Wirtschaftssanktionen", ["sanktionen"]),
        ("sanction", "sanctions", []),
        ("제재", "대북제재를", ["제재"]),
        ("制裁", "宣布制裁措施", ["制裁"]),
        ("yaptırım*", "YAPTIRIMLARI delmek", ["YAPTIRIMLARI"]),
        ("travel ban", "a travel\u00a0ban", ["travel\u00a0ban"]),
    ],
)
def test_matches_as_the_script_demands(entry: str, text: str, expected: list[str]) -> None:
    assert found(entry, text) == expected


def test_the_longest_of_one_tag_stays() -> None:
    hits = Lexicon({"tag": ["sanctions", "sanctions list"]}).find("the sanctions list")
    assert [(hit.start, hit.end) for hit in hits] == [(4, 18)]


def test_nothing_to_find() -> None:
    assert Lexicon({}).find("anything") == []
