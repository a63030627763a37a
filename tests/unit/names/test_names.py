from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names import NamesStage
from processors.names.stage import known_mentions
from schemas.article import Article, Clean, Language, Raw
from tests.pace import within

LANGUAGES = ["ar", "fa", "ru", "ko", "zh", "tr", "en", "fr", "es", "de"]
KIM = {
    "ar": "التقى الوفد كيم جونغ أون في العاصمة.",
    "fa": "هیئت با کیم جونگ اون دیدار کرد.",
    "ru": "Делегация встретилась с Ким Чен Ыном в столице.",
    "ko": "대표단은 수도에서 김정은을 만났다.",
    "zh": "代表团在首都会见了金正恩。",
    "tr": "Heyet başkentte Kim Jong Un'la görüştü.",
    "en": "The delegation met Kim Jong-un in the capital.",
    "fr": "La délégation a rencontré Kim Jong-un dans la capitale.",
    "es": "La delegación se reunió con Kim Jong-un en la capital.",
    "de": "Die Delegation traf Kim Jong Un in der Hauptstadt.",
}
TREASURY = {
    "ar": ("بيان لوزارة الخزانة الأميركية صدر أمس", "وزارة الخزانة الأميركية"),
    "fa": ("وزارت خزانه‌داری آمریکا امروز اعلام کرد", "وزارت خزانه‌داری آمریکا"),
    "ru": ("Об этом сообщили в Министерстве финансов США", "Министерстве финансов США"),
    "ko": ("미국 재무부는 오늘 발표했다", "미국 재무부"),
    "zh": ("据美国财政部今天宣布", "美国财政部"),
    "tr": ("ABD Hazine Bakanlığı'nın açıklaması", "ABD Hazine Bakanlığı"),
    "en": ("The U.S. Treasury Department said on Monday", "U.S. Treasury Department"),
    "fr": ("Le Trésor américain a annoncé lundi", "Trésor américain"),
    "es": (
        "El Departamento del Tesoro de Estados Unidos anunció",
        "Departamento del Tesoro de Estados Unidos",
    ),
    "de": ("Das US-Finanzministerium teilte am Montag mit", "US-Finanzministerium"),
}
STATES = {
    "ar": [("وفي لبنان، وللولايات المتحدة وبروسيا", {"لبنان": "LB", "لولايات المتحدة": "US", "روسيا": "RU"})],
    "fa": [("ایران و کرهٔ شمالی و چین", {"ایران": "IR", "کرهٔ شمالی": "KP", "چین": "CN"})],
    "ru": [("между Россией и США, на Украине", {"Россией": "RU", "США": "US", "Украине": "UA"})],
    "ko": [("미국은 북한과 러시아를", {"미국": "US", "북한": "KP", "러시아": "RU"})],
    "zh": [("中国与俄罗斯和伊朗", {"中国": "CN", "俄罗斯": "RU", "伊朗": "IR"})],
    "tr": [("ABD'nin Rusya'ya, İran'a", {"ABD": "US", "Rusya": "RU", "İran": "IR"})],
    "en": [("the US, Britain and Iran's", {"US": "US", "Britain": "GB", "Iran": "IR"})],
    "fr": [("l'Iran, les États-Unis, la Russie", {"Iran": "IR", "États-Unis": "US", "Russie": "RU"})],
    "es": [("EE.UU., Rusia e Irán", {"EE.UU.": "US", "Rusia": "RU", "Irán": "IR"})],
    "de": [("Russlands, der USA und des Iran", {"Russlands": "RU", "USA": "US", "Iran": "IR"})],
}


def found(text: str, language: str, title: str = "") -> dict[str, tuple[str, str | None]]:
    return {
        (title if m.field == "title" else text)[m.start : m.end]: (m.type, m.entity.id if m.entity else None)
        for m in known_mentions(title, text, language)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leader_is_the_same_person_in_every_language(language: str) -> None:
    [(name, (kind, entity))] = [
        item for item in found(KIM[language], language).items() if item[1][0] == "PER"
    ]
    assert (kind, entity) == ("PER", "per:kim-jong-un")
    assert not name.endswith(("을", "'la"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_institution_and_its_state_are_one_organisation(language: str) -> None:
    text, name = TREASURY[language]
    assert found(text, language) == {name: ("ORG", "org:US-treasury")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_stand_without_what_clings_to_them(language: str) -> None:
    for text, expected in STATES[language]:
        assert found(text, language) == {name: ("LOC", f"state:{code}") for name, code in expected.items()}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", 'وقال وزير الدفاع الأردني "نادر القصراوي" في مؤتمر', "نادر القصراوي"),
        ("ar", "وصرح المتحدث باسم الحكومة أحمد الزهيري، أمس", "أحمد الزهيري"),
        ("fa", "وزیر نفت ایران محمود کاظمیان، امروز گفت", "محمود کاظمیان"),
        ("ru", "Об этом сообщил замминистра Аркадий Пестряков в среду", "Аркадий Пестряков"),
        ("ru", "на встрече с министром Аркадием Пестряковым", "Аркадием Пестряковым"),
        ("ko", "이날 박도현 장관은 말했다", "박도현"),
        ("zh", "外交部发言人王立群表示", "王立群"),
        ("zh", "会见了总统费尔南多·卡斯蒂略。", "费尔南多·卡斯蒂略"),
        ("tr", "Dışişleri Bakanı Tarık Demirsoy açıkladı", "Tarık Demirsoy"),
        ("en", "Foreign Minister Jarvis Oakhurst said", "Jarvis Oakhurst"),
        ("fr", "la ministre des Finances Odile Marchandeau a dit", "Odile Marchandeau"),
        ("es", "el canciller Ramiro Etxebarri dijo", "Ramiro Etxebarri"),
        ("de", "Außenministerin Greta Lindenau sagte", "Greta Lindenau"),
    ],
)
def test_a_title_tells_a_person_nobody_listed(language: str, text: str, name: str) -> None:
    kind, entity_id = found(text, language)[name]
    assert kind == "PER"
    assert entity_id is not None
    assert entity_id.startswith("per:~")


def test_a_short_form_means_the_person_named_in_full() -> None:
    text = "Deputy Minister Sergei Ryabkov spoke. Ryabkov left. Kim Jong Un came, and Kim smiled."
    mentions = known_mentions("", text, "en")
    assert [text[m.start : m.end] for m in mentions] == ["Sergei Ryabkov", "Ryabkov", "Kim Jong Un", "Kim"]
    assert [m.entity.id for m in mentions[:2] if m.entity] == [mentions[0].entity.id] * 2  # type: ignore[union-attr]
    assert [m.entity.id for m in mentions[2:] if m.entity] == ["per:kim-jong-un"] * 2
    title = "كيم في موسكو"
    assert found("وصل كيم جونغ أون.", "ar", title)["كيم"] == ("PER", "per:kim-jong-un")


def test_a_short_form_two_people_share_is_nobodys() -> None:
    text = "التقى كيم جونغ أون وزيرة شقيقته كيم يو جونغ. وقال كيم إنه راض."
    assert "كيم" not in found(text, "ar")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We cook the turkey in china and let us go; it may polish jersey."),
        ("en", "The Iranian carpet and the French kiss"),
        ("ar", "تقرير مالي عن كمالي وبنان"),
        ("ru", "русский лес и американские горки"),
        ("ko", "그 수단은 오만하다"),
        ("ko", "'성인'이란 말"),
        ("zh", "他是美国人，会说英语"),
        ("tr", "türkiyeli bir çini ustası"),
        ("fr", "la française et le congolais"),
        ("de", "ein russischer Hut"),
        ("es", "una tortilla española"),
        ("ar", "السياسة الخارجية الروسية"),
        ("zh", "国防部长昨天"),
    ],
)
def test_what_is_no_name_stays_empty(language: str, text: str) -> None:
    assert found(text, language) == {}


@pytest.mark.parametrize(
    "written", ["كوريا\u00a0الشمالية", "كـــوريا الشماليّة", "\u200fكوريا  الشمالية\u200f", "كوريا الشماليه"]
)
def test_spans_are_exact_however_it_is_written(written: str) -> None:
    text = f"قالت {written}، أمس"
    [mention] = known_mentions("", text, "ar")
    assert text[mention.start : mention.end].strip("\u200f") == written.strip("\u200f")
    assert mention.entity is not None
    assert mention.entity.id == "state:KP"


@settings(max_examples=120, deadline=None)
@given(
    text=st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                [
                    *KIM.values(),
                    *(text for text, _ in TREASURY.values()),
                    "\u0640",
                    "\u200f",
                    "\u0301",
                    "ﷺ",
                    "İ",
                    "ǆ",
                    "😀",
                ]
            ),
        ),
        max_size=8,
    ).map("".join),
    language=st.sampled_from([*LANGUAGES, "und", "hi", "sw"]),
)
def test_mentions_lie_in_the_text_in_order_and_apart(text: str, language: str) -> None:
    mentions = known_mentions(text, text, language)
    for field in ("title", "text"):
        last = 0
        for mention in (m for m in mentions if m.field == field):
            assert last <= mention.start < mention.end <= len(text)
            assert text[mention.start : mention.end].strip()
            last = mention.end


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "قال أحمد الزهيري، في لبنان. " * 40_000),
        ("ru", "а" * 50_000),
        ("en", "John " * 50_000),
        ("en", "".join(f"President John Ab{chr(97 + i % 26)}{'x' * (i % 7)}e said. " for i in range(40_000))),
        ("zh", "王·" * 25_000),
        ("ko", "김정은 위원장은 😀 Kim مرحبا " * 20_000),
    ],
)
def test_time_is_bounded(language: str, text: str) -> None:
    known_mentions("", "", language)
    with within(5):
        known_mentions("", text, language)


def test_the_stage_needs_only_language_and_clean() -> None:
    article = Article(
        id="a",
        source="s",
        fetched_at="2024-05-01T00:00:00Z",
        raw=Raw(content=""),
        language=Language(code="en", confidence=1.0),
        clean=Clean(title="Iran and the EU", text="Talks in Vienna."),
    )
    stage = NamesStage()
    named = stage(article)
    assert [(m.field, named.quote(m)) for m in named.mentions] == [  # type: ignore[arg-type]
        ("title", "Iran"),
        ("title", "EU"),
        ("text", "Vienna"),
    ]
    assert stage(named) == named
    bare = Article(id="b", source="s", fetched_at="2024-05-01T00:00:00Z", raw=Raw(content=""))
    assert stage.apply_batch([article, bare])[1].mentions == []


def test_other_languages_get_the_names_of_states() -> None:
    assert found("L'Italia e la Germania", "it") == {
        "Italia": ("LOC", "state:IT"),
        "Germania": ("LOC", "state:DE"),
    }
