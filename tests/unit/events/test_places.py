from __future__ import annotations

import pytest

from processors.events.places import body_name, entity_name, find_places, with_state
from processors.folding import fold_with_offsets


def places(text: str, language: str) -> list[tuple[str, str | None]]:
    folded = fold_with_offsets(text)
    return [
        (text[slice(*folded.span(p.start, p.end))], p.entity) for p in find_places(text, folded, language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "ولواشنطن والكرملين", [("واشنطن", "state:US"), ("الكرملين", "state:RU")]),
        ("ar", "كوريا الجنوبية", [("كوريا الجنوبية", "state:KR")]),
        ("en", "It told us about the US.", [("US", "state:US")]),
        ("ru", "американские и украинских", [("американские", "state:US"), ("украинских", "state:UA")]),
        ("ru", "в Казахстане", [("Казахстане", "state:KZ")]),
        ("ko", "미국의 대북 제재", [("미국", "state:US"), ("대북", "state:KP")]),
        ("tr", "ABD'nin ve Rusya'ya", [("ABD", "state:US"), ("Rusya", "state:RU")]),
        ("zh", "欧盟对俄罗斯", [("欧盟", "org:EU"), ("俄罗斯", "state:RU")]),
        ("fa", "اتحادیه اروپا و کره جنوبی", [("اتحادیه اروپا", "org:EU"), ("کره جنوبی", "state:KR")]),
        ("ru", "кубометр газа из Польши", [("Польши", "state:PL")]),
        ("fr", "les diplomates algériens", [("algériens", "state:DZ")]),
        ("fa", "جزایر سه‌گانه", []),
        ("de", "eine tansanische Firma", [("tansanische", "state:TZ")]),
        ("ar", "والشركات الإيطالية", [("الإيطالية", "state:IT")]),
        ("ko", "폴란드가 거부했다", [("폴란드", "state:PL")]),
        ("zh", "中新网称法院的以上判决", []),
        ("es", "EE. UU. y la UE", [("EE. UU", "state:US"), ("UE", "org:EU")]),
    ],
)
def test_finds_states_in_every_form(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert places(text, language) == expected


def test_names_are_english_and_canonical() -> None:
    assert entity_name("state:KR") == "South Korea"
    assert entity_name("state:KG") == "Kyrgyzstan"
    assert body_name("treasury", "state:US") == "United States Department of the Treasury"
    assert with_state("Ministry of Commerce", "state:US") == "United States Department of Commerce"
    assert with_state("Ministry of Commerce", "state:CN") == "Ministry of Commerce of China"


def test_a_unions_id_is_no_states_code() -> None:
    assert entity_name("org:AU") == "org:AU"
    assert entity_name("state:AU") == "Australia"
