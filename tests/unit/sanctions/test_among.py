"""A sentence that says who is among those sanctioned counts nobody anew."""

from __future__ import annotations

import pytest

from tests.unit.sanctions.test_turns import told

AMONG = [
    (
        "en",
        "Britain on Friday imposed sanctions on 14 people and firms accused of smuggling fuel. Among those listed are three tankers that fly the flag of Panama.",
    ),
    (
        "ar",
        "أعلنت بريطانيا الجمعة فرض عقوبات على 14 فرداً وكياناً بتهمة تهريب الوقود. ومن بين المشمولين بالعقوبات ثلاث ناقلات ترفع علم بنما.",
    ),
    (
        "ru",
        "Великобритания ввела санкции против 14 человек. Среди попавших под санкции — трое генералов из Судана.",
    ),
    (
        "fr",
        "Londres a imposé vendredi des sanctions contre 14 personnes. Parmi les personnes visées figurent trois généraux et un ministre.",
    ),
    (
        "es",
        "Londres impuso el viernes sanciones a 14 personas y entidades. Entre los sancionados figuran tres petroleros con bandera de Panamá.",
    ),
    (
        "de",
        "London hat am Freitag Sanktionen gegen 14 Personen verhängt. Unter den Betroffenen sind drei Generäle.",
    ),
    (
        "tr",
        "İngiltere cuma günü 14 kişiye yaptırım uyguladı. Listeye alınanlar arasında üç general var.",
    ),
    (
        "fa",
        "بریتانیا روز جمعه ۱۴ نفر را تحریم کرد. در میان تحریم‌شدگان سه ژنرال دیده می‌شوند.",
    ),
    (
        "ko",
        "영국은 27일 밀수에 관여한 14명을 제재했다고 밝혔다. 제재 대상에는 장성 3명이 포함됐다.",
    ),
    (
        "zh",
        "英国27日宣布对14人实施制裁。被制裁者包括三名将军。",
    ),
]  # fmt: skip


@pytest.mark.parametrize("models", ["builtin", "gazetteer"])
@pytest.mark.parametrize(("language", "text"), AMONG)
def test_those_among_them_are_counted_already(language: str, text: str, models: str) -> None:
    imposed = [sanction for sanction in told(language, text, models) if sanction.act == "imposed"]
    assert [[count.n for count in sanction.counts] for sanction in imposed] == [[14]]
    assert len(imposed[0].evidence) == 2
