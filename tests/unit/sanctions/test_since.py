"""Running totals, and sentences that only have a word for one."""

from __future__ import annotations

import pytest

from processors.sanctions.acts import decide_act
from processors.sanctions.counts import count_targets
from processors.sanctions.vocabulary import Cues, read_cues, vocabulary


def read(language: str, sentence: str) -> Cues:
    words = vocabulary(language)
    assert words is not None
    cues = read_cues(sentence, words)
    assert cues is not None
    return cues


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Since 2022 the EU has sanctioned 2,400 people."),
        ("en", "The EU added 12 vessels, bringing to 2,400 the entities under sanctions."),
        ("ar", "منذ 2018 فرضت واشنطن عقوبات على 600 شخص إيراني."),
        ("ru", "С 2022 года ЕС ввел санкции против 2400 человек."),
        ("zh", "自2022年以来，欧盟已累计制裁2400个实体。"),
        ("ko", "누적 제재 대상은 개인 2400명이다."),
        ("fr", "Depuis 2022, l'UE a sanctionné 2 400 personnes."),
        ("es", "Desde 2022 la UE ha sancionado a 2.400 personas."),
        ("fa", "آمریکا تاکنون ۶۰۰ فرد را تحریم کرده است."),
        (
            "fr",
            "Avec cette décision, 669 navires au total sont désormais inscrits sur la liste des sanctions.",
        ),
        ("en", "In total 669 vessels are now on the sanctions list."),
        ("es", "Ya son en total 669 los buques sancionados por la UE, 669 buques en la lista de sanciones."),
        ("ru", "Всего под санкциями теперь 669 судов."),
        ("de", "Insgesamt stehen nun 669 Schiffe auf der Sanktionsliste."),
        ("ar", "وبذلك أصبح إجمالي السفن الخاضعة للعقوبات 669 سفينة."),
        ("zh", "至此，欧盟制裁名单上共计669艘船只。"),
        ("ko", "현재 제재 대상은 모두 669척의 선박이다."),
        ("ru", "Всего с апреля США ввели санкции против 81 физических лиц из Мьянмы."),
        ("tr", "İsviçre nisandan beri Nikaragua'daki toplam 26 kişiye yaptırım getirdi."),
        ("tr", "AB'nin yaptırım uyguladığı kişi sayısı 2400 kişiye ulaştı."),
    ],
)
def test_a_running_total(language: str, sentence: str) -> None:
    assert count_targets(read(language, sentence))[-1].count.cumulative


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "The US imposed sanctions on six people accused of fuelling the war that has raged since 2023.",
        ),
        ("en", "The EU imposed its biggest sanctions since 2022 on 120 people."),
        ("en", "Washington imposed sanctions on 14 people and three firms, 17 targets in total."),
        ("ar", "فرضت واشنطن عقوبات على ستة أشخاص متهمين بتأجيج الحرب الدائرة منذ 2023."),
        ("ar", "فرضت واشنطن أكبر عقوبات منذ 2022 على 14 شخصا."),
        ("ru", "США ввели санкции против шести человек, которых обвиняют в войне, идущей с 2023 года."),
        ("ru", "США ввели санкции всего против 14 человек."),
        ("fr", "Paris a sanctionné six personnes accusées d'alimenter la guerre qui dure depuis 2023."),
        ("fr", "Londres a sanctionné au total 14 personnes."),
        ("es", "EE.UU. sancionó a seis personas acusadas de alimentar la guerra que azota Sudán desde 2023."),
        ("es", "La UE sancionó en total a 14 personas."),
        ("de", "Die USA haben Sanktionen gegen sechs Personen verhängt, die den Krieg seit 2023 befeuern."),
        ("tr", "ABD toplam 20 kişiye yaptırım uyguladı."),
        ("ko", "미국은 개인 12명을 모두 제재했다."),
        ("zh", "美国制裁俄罗斯，共计20家企业被列入名单。"),
        ("fa", "آمریکا در مجموع ۱۴ فرد را تحریم کرد."),
    ],
)
def test_an_act_of_today_with_words_of_a_total(language: str, sentence: str) -> None:
    cues = read(language, sentence)
    assert [one.count.cumulative for one in count_targets(cues)] == [False] * len(count_targets(cues))
    assert count_targets(cues)
    assert decide_act(cues, 2026)[0] == "imposed"


def test_of_two_numbers_the_total_is_one() -> None:
    cues = read(
        "en", "The EU imposed sanctions on 12 people, bringing to 2,400 people those under sanctions."
    )
    assert [(one.count.n, one.count.cumulative) for one in count_targets(cues)] == [(12, False), (2400, True)]
