"""A sentence that sums up whom an act is on is of that act: it was one of its own, with an alert of its own."""

from __future__ import annotations

import pytest

from tests.unit.sanctions.test_turns import told

IN_ALL = [
    ("en", "The US Treasury added two Turkish firms to its sanctions list on Friday. In all, 17 people and entities were targeted, six of which operate in the United Arab Emirates."),
    ("ru", "Минфин США внёс в пятницу в санкционный список две турецкие компании. Всего под санкции попали 17 лиц и организаций, шесть из которых работают в Объединённых Арабских Эмиратах."),
    ("es", "El Tesoro de Estados Unidos incluyó el viernes a dos empresas turcas en su lista de sanciones. En total fueron sancionadas 17 personas y entidades, seis de ellas con sede en Emiratos Árabes Unidos."),
    ("fr", "Le Trésor américain a inscrit vendredi deux sociétés turques sur sa liste de sanctions. Au total, 17 personnes et entités sont visées, dont six opèrent aux Émirats arabes unis."),
    ("de", "Das US-Finanzministerium setzte am Freitag zwei türkische Firmen auf seine Sanktionsliste. Insgesamt wurden 17 Personen und Organisationen sanktioniert, sechs von ihnen sind in den Vereinigten Arabischen Emiraten tätig."),
    ("tr", "ABD Hazine Bakanlığı cuma günü iki şirketi yaptırım listesine ekledi. Açıklamada, toplam 17 kişi ve kuruluşun hedef alındığı, bunların altısının Birleşik Arap Emirlikleri'nde faaliyet gösterdiği belirtildi."),
    ("ar", "أدرجت وزارة الخزانة الأميركية الجمعة شركتين تركيتين على قائمة العقوبات. واستهدفت العقوبات في المجمل 17 فرداً وكياناً، ستة منها تعمل في الإمارات العربية المتحدة."),
    ("zh", "美国财政部周五将两家土耳其公司列入制裁名单。此次共有17名个人和实体受到制裁，其中六家在阿联酋运营。"),
    ("ko", "미국 재무부는 27일 튀르키예 기업 2곳을 제재 명단에 올렸다. 이번에 모두 17개 개인과 기관이 제재 대상에 올랐으며, 이 중 6곳은 아랍에미리트에서 활동하고 있다."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), IN_ALL)
def test_the_sum_is_of_the_act_before(language: str, text: str) -> None:
    (sanction,) = [one for one in told(language, text, "builtin") if one.act == "imposed"]
    assert [party.entity for party in sanction.issuers] == ["state:US"]
    assert [(count.n, count.of) for count in sanction.counts] == [
        (2, "entities"),
        (17, "individuals and entities"),
    ]
    assert len(sanction.evidence) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Britain on Friday froze the assets of two insurers of Russian oil. They are among 12 companies and five individuals designated today under the Russia regulations.",
        "Britain on Friday sanctioned two Russian banks. In all, 12 companies and five individuals were sanctioned under the Russia sanctions regime.",
    ],
)
def test_a_programme_is_named_after_whom_it_is_upon(text: str) -> None:
    (sanction,) = told("en", text, "builtin")
    assert [party.entity for party in sanction.issuers] == ["state:GB"]
    assert [(count.n, count.of) for count in sanction.counts] == [(12, "entities"), (5, "individuals")]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Britain on Thursday added 12 firms to its Russia sanctions list.", "state:GB"),
        ("Canada added 20 people to its Russia sanctions list on Friday.", "state:CA"),
        ("The US Treasury added two Turkish firms to its sanctions list.", "state:US"),
        ("Twelve firms were added to the EU sanctions list on Friday.", "org:EU"),
    ],
)
def test_without_a_model_the_list_is_whose_it_is(text: str, issuer: str) -> None:
    (sanction,) = told("en", text, "gazetteer")
    assert [party.entity for party in sanction.issuers] == [issuer]


@pytest.mark.parametrize("models", ["builtin", "gazetteer"])
@pytest.mark.parametrize(
    "text",
    ["歐盟周五宣布將五間公司及兩所大學列入制裁名單。", "欧盟周五宣布将五家公司及两所大学列入制裁名单。"],
)
def test_chinese_is_read_in_either_writing(text: str, models: str) -> None:
    (sanction,) = told("zh", text, models)
    assert sanction.act == "imposed"
    assert [(count.n, count.of) for count in sanction.counts] == [(5, "entities"), (2, "entities")]


WITH_SHIPS = [
    ("ru", "Правительство Великобритании ввело санкции против 12 физических лиц и 18 юридических лиц из России. Лондон также пополнил санкционный список 9 судами, перевозящими российскую нефть."),
    ("en", "Britain sanctioned 12 people and 18 firms from Russia on Friday. London also added nine tankers to its sanctions list."),
    ("fr", "Le Royaume-Uni a sanctionné vendredi 12 personnes et 18 entreprises russes. Londres a également inscrit neuf pétroliers sur sa liste noire."),
    ("ar", "فرضت بريطانيا الجمعة عقوبات على 12 شخصاً و18 شركة روسية. كما أدرجت لندن تسع ناقلات نفط على قائمة العقوبات."),
    ("zh", "英国政府周五宣布对12名个人和18家俄罗斯公司实施制裁。英国还将九艘油轮列入制裁名单。"),
    ("tr", "İngiltere cuma günü 12 kişi ve 18 Rus şirketine yaptırım uyguladı. Londra ayrıca dokuz tankeri yaptırım listesine ekledi."),
    ("ko", "영국 정부는 28일 러시아 개인 12명과 기업 18곳을 제재했다. 영국은 유조선 9척도 제재 명단에 올렸다."),
    ("es", "El Reino Unido sancionó el viernes a 12 personas y 18 empresas rusas. Londres también incluyó nueve petroleros en su lista negra."),
    ("fa", "بریتانیا روز جمعه ۱۲ نفر و ۱۸ شرکت روسی را تحریم کرد. لندن همچنین نه نفتکش را در فهرست تحریم‌ها قرار داد."),
    ("de", "Großbritannien hat am Freitag 12 Personen und 18 russische Firmen sanktioniert. London setzte außerdem neun Tanker auf die Sanktionsliste."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), WITH_SHIPS)
def test_ships_beside_people_are_of_one_act(language: str, text: str) -> None:
    (sanction,) = told(language, text, "builtin")
    assert [(count.n, count.of) for count in sanction.counts] == [
        (12, "individuals"),
        (18, "entities"),
        (9, "vessels"),
    ]


def test_another_countrys_ships_are_an_act_of_their_own() -> None:
    text = "The US Treasury sanctioned six North Korean officials on Friday. It also blacklisted 15 Iranian tankers."
    assert [[count.n for count in one.counts] for one in told("en", text, "builtin")] == [[6], [15]]
