"""What a number of a sentence counts, and that most numbers count nobody."""

from __future__ import annotations

import pytest

from processors.sanctions.counts import count_targets
from processors.sanctions.vocabulary import read_cues, vocabulary


def counts(language: str, sentence: str) -> list[tuple[int, str]]:
    words = vocabulary(language)
    assert words is not None
    cues = read_cues(sentence, words, needs_topic=False)
    assert cues is not None
    return [(one.count.n, one.count.of) for one in count_targets(cues)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "On 3 March Washington imposed sanctions on companies that ship oil."),
        ("en", "On March 3, Washington imposed sanctions on companies that ship oil."),
        ("en", "On March 3 Washington imposed sanctions on companies that ship oil."),
        ("en", "On 3-5 March the EU sanctioned vessels."),
        ("en", "On 3 and 4 March the EU sanctioned individuals."),
        ("ar", "فرضت واشنطن في 3 مارس عقوبات على أفراد وكيانات."),
        ("ar", "أعلنت الخزانة يوم ٥ نيسان/أبريل إدراج سفن على القائمة."),
        ("ar", "في 7 كانون الثاني عقوبات على شركات."),
        ("ru", "3 марта санкции против компаний."),
        ("fa", "وزارت خزانه‌داری در ۱۲ اسفند افراد مرتبط با این شبکه را تحریم کرد."),
        ("ko", "미국은 3일 기업들을 제재 명단에 올렸다."),
        ("zh", "美国财政部3号宣布对个人和实体实施制裁。"),
        ("tr", "AB 12 Mayıs günü gemileri yaptırım listesine aldı."),
        ("fr", "L'UE a inscrit le 12 mai des navires sur sa liste."),
        ("es", "La UE sancionó el 12 de mayo buques de la flota."),
    ],
)
def test_a_day_counts_nobody(language: str, sentence: str) -> None:
    assert counts(language, sentence) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "In 2024 the EU sanctioned companies in China."),
        ("fa", "در سال ۱۴۰۳ شرکت‌ها تحریم شدند"),
        ("tr", "2024 yılında şirketlere yaptırım"),
        ("es", "En 2024 la UE sancionó empresas."),
        ("fr", "En 2024 l'UE a sanctionné des entreprises."),
    ],
)
def test_a_year_counts_nobody(language: str, sentence: str) -> None:
    assert counts(language, sentence) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "After 2 years the US sanctioned companies."),
        ("en", "At 3 pm the Treasury sanctioned companies."),
        ("en", "A court sanctioned a 45-year-old and companies."),
        ("ar", "بعد 3 سنوات عقوبات على شركات."),
        ("ar", "الساعة 3 عصرا فرضت عقوبات على أفراد."),
        ("ru", "Спустя 10 дней санкции против судов."),
        ("fa", "پس از ۳ سال شرکت‌ها تحریم شدند"),
        ("ko", "5개월 만에 개인 제재"),
        ("ko", "3주 만에 기업 제재"),
        ("zh", "下午3时制裁公司"),
        ("tr", "10 gün sonra gemilere yaptırım"),
        ("fr", "À 15 heures sanctions contre des banques."),
        ("es", "Tras 3 años sanciones contra bancos."),
        ("de", "Nach 3 Jahren Sanktionen gegen Banken."),
    ],
)
def test_a_span_of_time_counts_nobody(language: str, sentence: str) -> None:
    assert counts(language, sentence) == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Under Resolution 1718 the council sanctioned companies."),
        ("en", "Executive Order 14114 sanctions individuals."),
        ("en", "The 20th package sanctions vessels."),
        ("ar", "بموجب القرار ١٧١٨ فرض المجلس عقوبات على كيانات."),
        ("ru", "20-й пакет санкций против компаний."),
        ("ru", "По указу № 5 санкции против банков."),
        ("ko", "3차 핵실험 뒤 기업 제재"),
        ("zh", "第20轮制裁针对公司"),
        ("tr", "1718 sayılı karar şirketlere yaptırım"),
        ("fr", "Le 20e paquet sanctionne des navires."),
        ("de", "Resolution 1718 Sanktionen gegen Firmen."),
        ("en", "Package 20 of sanctions on companies"),
        ("ar", "وعدت دول مجموعة السبع بتسريع العقوبات على أفراد"),
    ],
)
def test_what_has_a_number_counts_nobody(language: str, sentence: str) -> None:
    assert counts(language, sentence) == []


@pytest.mark.parametrize(
    ("language", "sentence", "told"),
    [
        (
            "en",
            "On 3 March the US sanctioned 6 individuals and 12 vessels.",
            [(6, "individuals"), (12, "vessels")],
        ),
        ("en", "In March 12 companies were blacklisted.", [(12, "entities")]),
        ("en", "On Dec. 12, 15 individuals were sanctioned.", [(15, "individuals")]),
        ("en", "It froze the assets of 7 sanctioned banks.", [(7, "entities")]),
        ("en", "It listed 2000 people and 1,960 companies.", [(2000, "individuals"), (1960, "entities")]),
        ("en", "Of the listed, 3 may appeal: 5 officials.", [(5, "individuals")]),
        ("ar", "عقوبات على ٦ أفراد في 3 مارس", [(6, "individuals")]),
        ("ru", "3 марта санкции против 5 компаний.", [(5, "entities")]),
        (
            "ru",
            "Ограничения против 12 белорусских предприятий и 3 военных заводов.",
            [(12, "entities"), (3, "entities")],
        ),
        (
            "ru",
            "Санкции против 10 сотрудников компаний и 5 белорусов.",
            [(10, "individuals"), (5, "individuals")],
        ),
        ("ko", "미국은 3일 북한 개인 6명과 기관 2곳을 제재했다.", [(6, "individuals"), (2, "entities")]),
        ("zh", "美国3日制裁3家公司", [(3, "entities")]),
        ("fa", "آمریکا روز ۳ مارس ۵ شرکت را تحریم کرد.", [(5, "entities")]),
    ],
)
def test_counts_are_told_beside_days(language: str, sentence: str, told: list[tuple[int, str]]) -> None:
    assert counts(language, sentence) == told


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The EU sanctioned 23 people, including Minister Anna Berg and three journalists.",
         [(23, "individuals")]),
        ("ru", "Россия запретила въезд 23 гражданам, в том числе министру Анне Берг и трем журналистам.",
         [(23, "individuals")]),
        ("en", "The EU sanctioned 23 people, including three journalists, and four companies.",
         [(23, "individuals"), (4, "entities")]),
        ("fr", "L'UE sanctionne 23 personnes, dont la ministre Anna Berg et trois journalistes.",
         [(23, "individuals")]),
        ("en", "The EU sanctioned three journalists and 23 people.", [(3, "individuals"), (23, "individuals")]),
    ],
)  # fmt: skip
def test_some_of_those_counted_are_not_counted_again(
    language: str, sentence: str, expected: list[tuple[int, str]]
) -> None:
    assert counts(language, sentence) == expected


@pytest.mark.parametrize(
    ("language", "bankers", "banks"),
    [
        ("en", "sanctions on two bankers", "sanctions on two banks"),
        ("ru", "санкции против двух банкиров", "санкции против двух банков"),
        ("tr", "iki bankacıya yaptırım", "iki bankaya yaptırım"),
        ("zh", "制裁两名银行家", "制裁两家银行"),
        ("fa", "تحریم دو بانکدار", "تحریم دو بانک"),
        ("de", "Sanktionen gegen zwei Banker", "Sanktionen gegen zwei Banken"),
        ("fr", "sanctions contre deux banquiers", "sanctions contre deux banques"),
        ("es", "sanciones a dos banqueros", "sanciones a dos bancos"),
        ("ko", "은행가 2명 제재", "은행 2곳 제재"),
    ],
)
def test_a_banker_is_no_bank(language: str, bankers: str, banks: str) -> None:
    assert counts(language, bankers) == [(2, "individuals")]
    assert counts(language, banks) == [(2, "entities")]


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("tr", "ABD, iki Türk şirketini yaptırım listesine ekledi.", [(2, "entities")]),
        ("tr", "ABD üç Güney Koreli bankaya yaptırım uyguladı.", [(3, "entities")]),
        ("tr", "Pekin üç Macar yetkiliye yaptırım uyguladı.", [(3, "individuals")]),
        ("es", "Pekín sanciona a dos empresas europeas.", [(2, "entities")]),
        ("fr", "Les Vingt-Sept ont sanctionné sept responsables.", [(7, "individuals")]),
        ("ru", "Пекин ввёл санкции против трёх португальских банков.", [(3, "entities")]),
        (
            "es",
            "Londres sancionó a siete empresarios rusos y dos empresas.",
            [(7, "individuals"), (2, "entities")],
        ),
        (
            "en",
            "Britain sanctioned three Lebanese firms and two Lebanese.",
            [(3, "entities"), (2, "individuals")],
        ),
        ("tr", "ABD yedi İsrailli şirkete yaptırım uyguladı.", [(7, "entities")]),
        ("tr", "ABD iki İsrailliye yaptırım uyguladı.", [(2, "individuals")]),
        ("de", "London hat sieben russische Ministerien sanktioniert.", [(7, "entities")]),
        ("ar", "فرضت لندن عقوبات على سبعة مديرين روس.", [(7, "individuals")]),
        ("ar", "فرضت لندن عقوبات على مديرين روسيين.", [(2, "individuals")]),
    ],
)
def test_states_and_kinds_are_told_from_what_begins_alike(
    language: str, sentence: str, expected: list[tuple[int, str]]
) -> None:
    assert counts(language, sentence) == expected
