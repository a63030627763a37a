from __future__ import annotations

import pytest

from processors.events.groups import cast
from processors.events.parties import parties
from processors.folding import fold_with_offsets
from processors.names.stage import known_mentions
from schemas.article import EventType


def roles(language: str, text: str, kind: EventType, trigger: str) -> tuple[list[str], list[str]]:
    folded = fold_with_offsets(text)
    told = cast(text, folded, known_mentions("", text, language), language)
    start = text.index(trigger)
    found = parties(told, kind, folded.folded_span(start, start + len(trigger)))
    actors, targets = ([one.entity or one.text for one in side] for side in (found.actors, found.targets))
    return actors, targets


@pytest.mark.parametrize(
    ("language", "text", "kind", "trigger", "actors", "targets"),
    [
        ("en", "Greece and Cyprus condemned Turkey.", "ACCUSE", "condemned", ["GR", "CY"], ["TR"]),
        ("en", "Syria was condemned by Jordan.", "ACCUSE", "condemned", ["JO"], ["SY"]),
        ("en", "In Vienna, the two sides met again.", "CONSULT", "met", [], []),
        ("en", "Russian forces shelled a market.", "ASSAULT", "shelled", ["RU"], []),
        ("en", "Iraq held talks with its Iranian counterpart.", "CONSULT", "held talks", ["IQ"], ["IR"]),
        ("en", "Thousands rallied in Poland against Russia.", "PROTEST", "rallied", [], ["RU"]),
        ("ar", "اتهمت اليابان والهند الصين", "ACCUSE", "اتهمت", ["JP", "IN"], ["CN"]),
        ("ar", "روسيا تفرض عقوبات على كندا", "SANCTION", "عقوبات", ["RU"], ["CA"]),
        ("ar", "نددت كل من قطر والكويت بالصين", "ACCUSE", "نددت", ["QA", "KW"], []),
        ("ar", "إيران وعمان تجريان محادثات ومصر تراقب", "CONSULT", "محادثات", ["IR", "OM"], []),
        ("en", "Canada: China must pay for it", "THREATEN", "must pay", ["CA"], ["CN"]),
        ("en", "India met a Nepalese envoy in May, and Bhutan left.", "CONSULT", "met", ["IN"], ["NP"]),
        ("ru", "Польша и Литва обвинили Минск.", "ACCUSE", "обвинили", ["PL", "LT"], ["BY"]),
        ("fa", "فرانسه روسیه را تهدید کرد", "THREATEN", "تهدید کرد", ["FR"], ["RU"]),
        ("fa", "ایران با عراق توافق کرد", "AGREE", "توافق کرد", ["IR"], ["IQ"]),
        ("tr", "Fransa, Rusya'yı kınadı.", "ACCUSE", "kınadı", ["FR"], ["RU"]),
        ("tr", "İran'da Irak ve Suriye görüştü.", "CONSULT", "görüştü", ["IQ", "SY"], []),
        ("fr", "L'Italie a été accusée par la Libye.", "ACCUSE", "accusée", ["LY"], ["IT"]),
        ("es", "Cuba rechazó las acusaciones de México.", "REJECT", "rechazó", ["CU"], ["MX"]),
        ("ko", "중국이 일본을 비난했다.", "ACCUSE", "비난했다", ["CN"], ["JP"]),
        ("ko", "일본 총리는 러시아에 경고했다.", "THREATEN", "경고했다", ["JP"], ["RU"]),
        ("zh", "伊朗对以色列发出威胁", "THREATEN", "威胁", ["IR"], ["IL"]),
        ("zh", "叙利亚遭以色列空袭", "ASSAULT", "空袭", ["IL"], ["SY"]),
        ("en", "Kenyan troops moved to the border with Somalia.", "MOBILIZE", "moved", ["KE"], []),
        (
            "fr",
            "Le président sénégalais s'est entretenu avec la Guinée.",
            "CONSULT",
            "entretenu",
            ["SN"],
            ["GN"],
        ),
        ("tr", "Polonya Başbakanı, Macaristan'ı uyardı.", "THREATEN", "uyardı", ["PL"], ["HU"]),
        ("ru", "Чехия закрыла посольство, сообщил МИД Австрии.", "SANCTION", "закрыла", ["CZ"], []),
        ("ko", "정부는 이란을 규탄했다.", "ACCUSE", "규탄했다", ["KR"], ["IR"]),
        ("de", "Am Montag warf Polen Russland Sabotage vor.", "ACCUSE", "warf", ["PL"], ["RU"]),
    ],
)
def test_who_did_it_to_whom(  # noqa: PLR0917
    language: str, text: str, kind: EventType, trigger: str, actors: list[str], targets: list[str]
) -> None:
    found = roles(language, text, kind, trigger)
    assert found == tuple([f"state:{code}" for code in side] for side in (actors, targets))


def test_a_person_acts_beside_the_state_acted_for() -> None:
    actors, targets = roles("en", "French President Emmanuel Macron criticised Iran.", "ACCUSE", "criticised")
    assert actors == ["state:FR", "per:emmanuel-macron"]
    assert targets == ["state:IR"]


def test_the_arabic_head_of_a_body_acts_with_it() -> None:
    text = "اتهم الأمين العام للناتو، مارك روته، روسيا بالتصعيد"
    assert roles("ar", text, "ACCUSE", "اتهم") == (["org:NATO", "per:mark-rutte"], ["state:RU"])


def test_a_headline_s_topic_does_nothing() -> None:
    assert roles("fr", "Mali : des soldats attaqués près de Kidal", "ASSAULT", "attaqués") == ([], [])
    assert roles("fr", "Mali : nous refusons le dialogue", "REJECT", "refusons") == (["state:ML"], [])


def test_a_compound_says_nothing_of_its_place() -> None:
    assert roles("en", "A Switzerland-based firm attacked it.", "ASSAULT", "attacked") == ([], [])
