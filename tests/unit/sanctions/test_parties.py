from __future__ import annotations

import pytest

from schemas.article import Article, Clean, Language, Mention, Raw
from tests.unit.sanctions.test_acts import STAGE, issuers, told


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'UE a adopté des sanctions contre la flotte utilisée par la Russie.", ["org:EU"]),
        ("fr", "Biélorussie : les Vingt-Sept prolongent leurs sanctions", ["org:EU"]),
        ("ar", "واشنطن ترفع العقوبات عن مصرف سوري", ["state:US"]),
        ("ar", "فرنسا ترفع اسم بنك ليبيا من قائمة العقوبات", ["state:FR"]),
        ("ru", "Москва закрыла въезд 30 чиновникам в ответ на санкции Токио.", ["state:RU"]),
        ("fa", "آمریکا تحریم‌های سوریه را تعلیق کرد.", ["state:US"]),
        ("tr", "ABD'den İran'a yeni yaptırım", ["state:US"]),
        ("ko", "美, 北 인사 3명 제재", ["state:US"]),
        ("en", "SEOUL (Wire) - The United States imposed sanctions on two banks.", ["state:US"]),
        ("zh", "商务部对三家美国企业实施制裁", ["state:CN"]),
        ("de", "USA setzen Einreiseverbot gegen früheren EU-Kommissar in Kraft", ["state:US"]),
    ],
)
def test_who_is_aimed_at_or_stands_by_is_no_issuer(language: str, text: str, expected: list[str]) -> None:
    [sanction] = told(language, text)
    assert issuers(sanction) == expected


def test_a_ministry_in_the_headline_takes_the_state_that_the_article_names() -> None:
    [sanction] = told("zh", "日本政府17日决定对三家企业实施制裁。", title="外务省:财务省对三家企业实施制裁")
    assert issuers(sanction) == ["state:JP"]


@pytest.mark.parametrize(
    ("language", "text", "measure"),
    [
        ("en", "Canada froze any assets that five officials hold there.", "asset_freeze"),
        ("ar", "تركيا تجمد أصول ستة أشخاص", "asset_freeze"),
        ("ru", "Россия запретила въезд 23 гражданам Великобритании.", "travel_ban"),
        ("fa", "روسیه ورود ۳۰ مقام اروپایی را ممنوع کرد.", "travel_ban"),
        ("tr", "Türkiye altı kişinin mal varlığını dondurdu.", "asset_freeze"),
        ("fr", "Moscou interdit l'entrée à 40 responsables européens.", "travel_ban"),
        ("es", "Canadá revocó las visas de siete funcionarios cubanos.", "visa_restriction"),
        ("ko", "러시아, 영국 의원 3명 입국 금지", "travel_ban"),
        ("zh", "日本禁止12名官员入境", "travel_ban"),
        ("de", "Russland verhängt Einreisesperren gegen 25 Briten", "travel_ban"),
    ],
)
def test_a_deed_and_its_object_are_a_measure(language: str, text: str, measure: str) -> None:
    [sanction] = told(language, text)
    assert (sanction.act, sanction.measures) == ("imposed", [measure])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A US judge froze the assets of a fund accused of fraud."),
        ("en", "Thailand bars entry to foreign tourists without insurance."),
        ("ar", "المحكمة تجمد أموال رجل أعمال متهم بالاختلاس"),
        ("ru", "Польша запретила въезд белорусских грузовиков."),
        ("fa", "باشگاه ورود هواداران را ممنوع کرد."),
        ("tr", "Mahkeme, sanığın mal varlığını dondurdu."),
        ("fr", "Le maire interdit l'entrée du parc aux chiens."),
        ("es", "El juez congeló los bienes del empresario."),
        ("ko", "법원은 대표의 자산을 동결했다."),
        ("zh", "法院冻结该公司资产"),
        ("de", "Das Gericht fror die Konten des Betrügers ein."),
    ],
)
def test_courts_carriers_and_parks_sanction_nobody(language: str, text: str) -> None:
    assert told(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "فرضت واشنطن عقوبات على 9 كيانات و5 أفراد قالت إنهم يشكلون شبكة.", ["9 كيانات و5 أفراد"]),
        ("en", "The US imposed sanctions on nine entities and five people it said formed a network.",
         ["nine entities and five people"]),
        ("es", "La UE impuso sanciones a 27 buques, 12 entidades y 8 personas.",
         ["27 buques, 12 entidades y 8 personas"]),
        ("ko", "정부는 개인 8명·기관 6곳을 제재했다.", ["개인 8명·기관 6곳"]),
        ("en", "The US imposed sanctions on Acme Shipping, which moved oil.", ["Acme Shipping"]),
        ("ru", "ЕС ввел санкции против завода «Искра», который делает снаряды.", ["завода «Искра»"]),
        ("fa", "آمریکا تحریم‌های بانک مرکزی سوریه را لغو کرد.", ["بانک مرکزی سوریه"]),
        ("zh", "美国解除对叙利亚央行的制裁", ["叙利亚央行"]),
        ("tr", "AB, Rus Aeroflot'a yönelik yaptırımları kaldırdı", ["Rus Aeroflot"]),
        ("fr", "L'UE a adopté des sanctions contre la « flotte fantôme » utilisée par Moscou.", ["flotte fantôme"]),
    ],
)  # fmt: skip
def test_a_target_ends_where_something_is_told_of_it(language: str, text: str, expected: list[str]) -> None:
    [sanction] = told(language, text)
    assert [party.text for party in sanction.targets if not party.entity] == expected


def test_names_of_a_list_belong_to_the_act_and_reporters_do_not() -> None:
    text = "(서울=통신) 김기자 기자 = 정부는 개인 2명을 제재 대상으로 지정했다.\n제재 대상에는 박철수가 포함됐다."
    mentions = [
        Mention(field="text", start=(at := text.index(name)), end=at + 3, type="PER", confidence=0.9)
        for name in ("김기자", "박철수")
    ]
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=text), clean=Clean(text=text),
        language=Language(code="ko", confidence=1.0), mentions=mentions,
    )  # fmt: skip
    [sanction] = STAGE(article).sanctions
    assert [party.text for party in sanction.targets] == ["개인 2명", "박철수"]


def test_what_the_measures_do_is_no_second_act() -> None:
    [sanction] = told(
        "en",
        "Britain imposed sanctions on four people.\nTheir assets in Britain would be frozen and entry barred.",
    )
    assert (sanction.act, len(sanction.evidence)) == ("imposed", 2)
    assert {"asset_freeze", "travel_ban"} <= set(sanction.measures)
