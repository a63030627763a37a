"""Sentences that lift or prolong some sanctions and impose others, and those that only seem to."""

from __future__ import annotations

import pytest

from processors.pipeline import StageOptions, build_stages
from processors.sanctions.turns import turn_of
from schemas.article import Article, Clean, Language, Raw, Sanction
from tests.unit.sanctions.test_since import read


def told(language: str, sentence: str, models: str) -> list[Sanction]:
    stages = build_stages(("names", "sanctions"), StageOptions(names_model=models))
    article = Article(
        id="a", source="s", fetched_at="2026-03-03T10:00:00Z", raw=Raw(content=sentence),
        language=Language(code=language, confidence=1.0), clean=Clean(text=sentence),
    )  # fmt: skip
    for stage in stages:
        article = stage(article)  # type: ignore[assignment]
    return article.sanctions


BOTH = [
    (
        "en",
        "The European Union on Monday extended its sanctions against Belarus for a year and added 12 people to the list, the Council said.",
        "extended",
        12,
    ),
    (
        "en",
        "Britain on Tuesday lifted sanctions on two Russian bankers and imposed new ones on five shipping companies.",
        "lifted",
        5,
    ),
    (
        "en",
        "The U.S. Treasury removed a Turkish bank from its sanctions list on Friday while blacklisting four traders of Iranian oil.",
        "lifted",
        4,
    ),
    (
        "ru",
        "Евросоюз в понедельник продлил на год санкции против Белоруссии и внёс в список ещё 12 человек, сообщил Совет ЕС.",
        "extended",
        12,
    ),
    (
        "ru",
        "Великобритания во вторник сняла санкции с двух российских банкиров и ввела новые против пяти судоходных компаний.",
        "lifted",
        5,
    ),
    (
        "fr",
        "L'Union européenne a prolongé lundi d'un an ses sanctions contre la Biélorussie et ajouté douze personnes à la liste, a annoncé le Conseil.",
        "extended",
        12,
    ),
    (
        "fr",
        "Le Royaume-Uni a levé mardi ses sanctions contre deux banquiers russes et en a imposé de nouvelles à cinq compagnies maritimes.",
        "lifted",
        5,
    ),
    (
        "es",
        "La Unión Europea prorrogó el lunes por un año las sanciones contra Bielorrusia y añadió a 12 personas a la lista, anunció el Consejo.",
        "extended",
        12,
    ),
    (
        "es",
        "El Reino Unido levantó el martes las sanciones a dos banqueros rusos e impuso nuevas a cinco navieras.",
        "lifted",
        5,
    ),
    (
        "de",
        "Die Europäische Union hat am Montag ihre Sanktionen gegen Belarus um ein Jahr verlängert und zwölf weitere Personen auf die Liste gesetzt.",
        "extended",
        12,
    ),
    (
        "de",
        "Großbritannien hat am Dienstag die Sanktionen gegen zwei russische Banker aufgehoben und neue gegen fünf Reedereien verhängt.",
        "lifted",
        5,
    ),
    (
        "ar",
        "مدد الاتحاد الأوروبي الاثنين عقوباته على بيلاروسيا لمدة عام وأضاف 12 شخصا إلى القائمة، وفق ما أعلن المجلس.",
        "extended",
        12,
    ),
    (
        "ar",
        "رفعت بريطانيا الثلاثاء العقوبات عن مصرفيين روسيين وفرضت عقوبات جديدة على خمس شركات شحن.",
        "lifted",
        5,
    ),
    (
        "fa",
        "اتحادیه اروپا روز دوشنبه تحریم\u200cهای بلاروس را یک سال تمدید کرد و نام ۱۲ نفر دیگر را به فهرست افزود.",
        "extended",
        12,
    ),
    (
        "tr",
        "Avrupa Birliği pazartesi günü Belarus'a yönelik yaptırımlarını bir yıl uzattı ve 12 kişiyi daha listeye ekledi.",
        "extended",
        12,
    ),
    (
        "tr",
        "İngiltere salı günü iki Rus bankacıya yönelik yaptırımları kaldırdı ve beş denizcilik şirketine yeni yaptırım uyguladı.",
        "lifted",
        5,
    ),
    (
        "ko",
        "유럽연합(EU)은 월요일 벨라루스에 대한 제재를 1년 연장하고 개인 12명을 제재 명단에 추가했다고 밝혔다.",
        "extended",
        12,
    ),
    ("zh", "欧盟周一宣布，将对白俄罗斯的制裁延长一年，并将12人新列入制裁名单。", "extended", 12),
    ("zh", "英国周二解除对两名俄罗斯银行家的制裁，并对五家航运公司实施新制裁。", "lifted", 5),
]


@pytest.mark.parametrize(("language", "sentence", "old", "n"), BOTH)
def test_both_acts_are_told_and_who_is_new_is_counted_in_the_new_one(
    language: str, sentence: str, old: str, n: int
) -> None:
    acts = {one.act: one for one in told(language, sentence, "gazetteer")}
    assert acts.keys() == {old, "imposed"}
    assert [count.n for count in acts["imposed"].counts] == [n]
    assert n not in [count.n for count in acts[old].counts]
    assert acts["imposed"].issuers == acts[old].issuers


ONE = [
    (
        "en",
        "The European Union on Monday extended for six months the sanctions it imposed on more than 2,400 people and entities over the war in Ukraine.",
    ),
    (
        "en",
        "The EU renewed for a year its sanctions against Belarus, which list 12 officials, and urged Minsk to free prisoners.",
    ),
    (
        "en",
        "The United States lifted sanctions on Syria and approved a plan for 12 companies to rebuild its power grid.",
    ),
    (
        "en",
        "Britain lifted sanctions on two Russian bankers, who were listed with 40 others in 2022, and said it may add five firms.",
    ),
    (
        "en",
        "The Council extended the sanctions, introduced in 2014 and expanded to 150 people and 40 entities, until September.",
    ),
    (
        "ru",
        "Евросоюз продлил на полгода санкции, введённые против 2400 человек и компаний, и предложил внести в список ещё 12 человек.",
    ),
    ("ru", "США сняли санкции с Сирии и одобрили план, по которому 12 компаний восстановят электросети."),
    ("ru", "Евросоюз продлил санкции против Ирана, под которые ранее попали 150 человек и 40 компаний."),
    (
        "fr",
        "L'Union européenne a prolongé les sanctions, adoptées en 2014 contre 150 personnes et 40 entités, jusqu'en septembre.",
    ),
    (
        "fr",
        "Les États-Unis ont levé les sanctions contre la Syrie et approuvé un plan confié à douze entreprises.",
    ),
    (
        "es",
        "La Unión Europea prorrogó las sanciones, que afectan a 150 personas y 40 entidades, y estudia añadir a 12 más.",
    ),
    ("es", "Estados Unidos levantó las sanciones a Siria y aprobó un plan con 12 empresas."),
    ("de", "Die EU hat die Sanktionen verlängert, die gegen 2400 Personen und Firmen verhängt wurden."),
    (
        "de",
        "Die EU verlängerte ihre Sanktionen gegen Belarus, mit denen 150 Personen belegt sind, und will zwölf weitere Personen auf die Liste setzen.",
    ),
    ("ar", "مدد الاتحاد الأوروبي العقوبات التي فرضها على 2400 شخص وكيان لمدة ستة أشهر، ويدرس إضافة 12 شخصا."),
    ("ar", "رفعت الولايات المتحدة العقوبات عن سوريا وأقرت خطة تشارك فيها 12 شركة."),
    ("fa", "اتحادیه اروپا تحریم\u200cهایی را که علیه ۲۴۰۰ نفر و نهاد اعمال کرده بود شش ماه تمدید کرد."),
    ("fa", "آمریکا تحریم\u200cهای سوریه را لغو کرد و طرحی با حضور ۱۲ شرکت را تصویب کرد."),
    (
        "tr",
        "Avrupa Birliği, 2400 kişi ve kuruluşa uygulanan yaptırımları altı ay uzattı, 12 kişiyi daha eklemeyi değerlendiriyor.",
    ),
    ("tr", "ABD, Suriye'ye yaptırımları kaldırdı ve 12 şirketin katılacağı planı onayladı."),
    (
        "ko",
        "유럽연합은 개인과 단체 2400곳에 부과한 제재를 6개월 연장하고 12명을 추가하는 방안을 검토하고 있다.",
    ),
    ("ko", "미국은 시리아 제재를 해제하고 기업 12곳이 참여하는 재건 계획을 승인했다."),
    ("zh", "欧盟将对2400名个人和实体的制裁延长六个月，并考虑将12人列入名单。"),
    ("zh", "美国取消对叙利亚制裁，并批准12家公司参与重建计划。"),
    ("zh", "欧盟决定延长对俄罗斯的制裁，制裁名单中共有2400名个人和实体。"),
]


@pytest.mark.parametrize(("language", "sentence"), ONE)
def test_nothing_new_is_imposed_by_a_relative_clause_a_plan_or_a_thought(
    language: str, sentence: str
) -> None:
    assert turn_of(read(language, sentence)) is None


def test_a_clause_knows_only_its_own_numbers() -> None:
    cues = read("ko", "유럽연합은 벨라루스 제재를 1년 연장하고 개인 12명을 제재 명단에 추가했다.")
    turn = turn_of(cues)
    assert turn is not None
    assert turn.acts == ("extended", "imposed")


NEW_FIRST = [
    (
        "en",
        "Britain imposed sanctions on five shipping companies on Tuesday and lifted those on two Russian bankers.",
    ),
    (
        "ru",
        "Великобритания ввела санкции против пяти судоходных компаний и сняла их с двух российских банкиров.",
    ),
    (
        "fr",
        "Le Royaume-Uni a sanctionné mardi cinq compagnies maritimes et levé les sanctions visant deux banquiers russes.",
    ),
    ("ar", "فرضت بريطانيا الثلاثاء عقوبات على خمس شركات شحن ورفعت العقوبات عن مصرفيين روسيين."),
    (
        "tr",
        "İngiltere beş denizcilik şirketine yaptırım uyguladı, iki Rus bankacıya yönelik yaptırımları ise kaldırdı.",
    ),
    ("zh", "英国对五家航运公司实施新制裁，同时解除对两名俄罗斯银行家的制裁。"),
    ("ko", "영국은 해운사 5곳을 제재 명단에 올리고 러시아 은행가 2명에 대한 제재는 해제했다."),
    (
        "de",
        "Großbritannien verhängte Sanktionen gegen fünf Reedereien und hob die gegen zwei russische Banker auf.",
    ),
    ("es", "El Reino Unido sancionó a cinco navieras y levantó las sanciones a dos banqueros rusos."),
    ("fa", "بریتانیا پنج شرکت کشتیرانی را تحریم کرد و تحریم دو بانکدار روس را لغو کرد."),
]


@pytest.mark.parametrize(("language", "sentence"), NEW_FIRST)
def test_the_order_of_the_two_does_not_matter(language: str, sentence: str) -> None:
    turn = turn_of(read(language, sentence))
    assert turn is not None
    assert turn.acts == ("imposed", "lifted")


@pytest.mark.parametrize(("language", "sentence"), NEW_FIRST)
def test_rules_alone_read_a_clause_that_leaves_sanctions_out_and_only_lifts(
    language: str, sentence: str
) -> None:
    acts = {one.act: [count.n for count in one.counts] for one in told(language, sentence, "gazetteer")}
    assert acts.keys() == {"imposed", "lifted"}
    assert acts["imposed"] == [5]
