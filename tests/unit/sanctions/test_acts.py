from __future__ import annotations

import pytest

from processors.sanctions import SanctionsStage
from schemas.article import Article, Clean, Language, Mention, Raw, Sanction

STAGE = SanctionsStage()


def told(
    language: str, text: str, title: str | None = None, published_at: str | None = None
) -> list[Sanction]:
    article = Article(
        id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content=text),
        language=Language(code=language, confidence=1.0),
        clean=Clean(title=title, text=text, published_at=published_at),
    )  # fmt: skip
    return STAGE(article).sanctions


def issuers(sanction: Sanction) -> list[str | None]:
    return [party.entity for party in sanction.issuers]


def counts(sanction: Sanction) -> list[tuple[int, str]]:
    return [(count.n, count.of) for count in sanction.counts]


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("en", "The EU lifted the sanctions it had imposed on the bank in 2019.", "lifted"),
        ("ar", "رفعت بريطانيا العقوبات المفروضة على شركة الشحن.", "lifted"),
        ("ru", "ЕС снял санкции, введенные против авиакомпании.", "lifted"),
        ("en", "Washington did not impose sanctions on Iran's oil minister.", "background"),
        ("ar", "لم تفرض واشنطن عقوبات على الشركة الصينية.", "background"),
        ("en", "Moscow denied that it had imposed sanctions on the Polish minister.", "background"),
        ("en", "If talks fail, the United States will impose sanctions on Iran.", "threatened_or_called_for"),
        ("de", "Die EU droht Russland mit neuen Sanktionen.", "threatened_or_called_for"),
        ("en", "Russia opposed new sanctions on North Korea.", "background"),
        ("ko", "유럽연합은 러시아에 대한 경제 제재를 연장했다.", "extended"),
        ("en", "Three traders were charged with evading sanctions on Iran.", "evasion_or_enforcement"),
    ],
)
def test_what_was_done_is_told_from_what_is_talked_about(language: str, text: str, act: str) -> None:
    assert [sanction.act for sanction in told(language, text)] == [act]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Parliament sanctioned the budget for the school."),
        ("en", "The league imposed sanctions on two players after the match."),
        ("es", "Sin embargo, el equipo llegó tarde a Madrid."),
        ("fa", "مردم انتخابات را تحریم کردند."),
        ("fr", "Le club encourt une sanction de la Ligue."),
        ("ru", "Банк применяет штрафные санкции за просрочку платежа."),
        ("de", "Das Jobcenter darf Sanktionen gegen Arbeitslose verhängen."),
        ("ko", "학교는 학생에게 징계를 내렸다."),
        ("zh", "法院判处被告人有期徒刑五年。"),
        ("xx", "The United States imposed sanctions on Iran."),
    ],
)
def test_other_sanctions_are_none(language: str, text: str) -> None:
    assert told(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The US sanctioned six people and two entities.", [(6, "individuals"), (2, "entities")]),
        ("ar", "فرضت واشنطن عقوبات على ١٢ فردا وكيانين.", [(12, "individuals"), (2, "entities")]),
        ("ar", "فرضت واشنطن عقوبات على خمسة وعشرين كيانا.", [(25, "entities")]),
        (
            "en",
            "The US imposed sanctions on nearly 400 individuals and companies.",
            [(400, "individuals and entities")],
        ),
        ("en", "Seoul imposed sanctions on four of the six individuals.", [(4, "individuals")]),
        ("ko", "미국은 개인 6명과 단체 2곳을 제재했다.", [(6, "individuals"), (2, "entities")]),
        ("zh", "美国对12名个人和3家企业实施制裁。", [(12, "individuals"), (3, "entities")]),
        ("en", "The US imposed sanctions on a firm that moved $20 million in 2024.", []),
    ],
)
def test_counts(language: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert [counts(sanction) for sanction in told(language, text, published_at="2024-05-01")] == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Britain and Canada imposed sanctions on two Russian banks.", ["state:GB", "state:CA"]),
        ("en", "The British Treasury froze the assets of a Russian bank under new sanctions.", ["state:GB"]),
        ("ar", "عقوبات أميركية جديدة", ["state:US"]),
        ("ar", "أعلنت وزارة الخزانة الأميركية فرض عقوبات على بنك في روسيا.", ["state:US"]),
        ("ru", "Минфин США ввел санкции против российского банка.", ["state:US"]),
        ("tr", "Avrupa Birliği, Rusya'ya yaptırım uyguladı.", ["org:EU"]),
        ("fr", "Des sanctions ont été imposées par l'Union européenne à trois juges russes.", ["org:EU"]),
        ("zh", "欧盟对俄罗斯银行实施制裁。", ["org:EU"]),
    ],
)
def test_issuers(language: str, text: str, expected: list[str]) -> None:
    [sanction] = told(language, text)
    assert issuers(sanction) == expected


def test_one_act_in_title_lead_and_body_is_one_record() -> None:
    [sanction] = told(
        "en",
        "Washington punished a network of oil traders with sanctions.\n"
        "The United States on Tuesday imposed sanctions on 12 individuals and four companies in China.\n"
        "The sanctions announced by the US Treasury target the 12 individuals for selling Iranian oil.",
        title="US imposes new sanctions on oil traders",
    )
    assert (sanction.act, issuers(sanction)) == ("imposed", ["state:US"])
    assert counts(sanction) == [(12, "individuals"), (4, "entities")]
    assert [span.field for span in sanction.evidence] == ["text", "title", "text", "text"]


def test_one_sentence_with_two_acts_is_two_records() -> None:
    records = told(
        "en",
        "Washington imposed sanctions on six individuals and two entities, "
        "and Seoul imposed sanctions on four of the six individuals.",
    )
    assert [(issuers(r), counts(r)) for r in records] == [
        (["state:US"], [(6, "individuals"), (2, "entities")]),
        (["state:KR"], [(4, "individuals")]),
    ]


def test_a_headline_without_issuer_takes_it_from_the_article() -> None:
    [sanction] = told(
        "en", "The EU imposed sanctions on Russian banks.", title="New sanctions hit Russian banks"
    )
    assert issuers(sanction) == ["org:EU"]
    assert len(sanction.evidence) == 2


def test_a_ministry_without_a_state_takes_it_from_the_sentence_before() -> None:
    _, second = told(
        "ar",
        "فرضت الولايات المتحدة اليوم عقوبات على 30 شركة.\nوأعلنت وزارة التجارة فرض قيود تجارية على 40 كيانا.",
    )
    assert issuers(second) == ["state:US"]
    assert second.issuers[0].name == "United States Department of Commerce"


def test_history_is_background() -> None:
    [sanction] = told("en", "In August the United States imposed sanctions on three entities.")
    assert sanction.act == "background"
    [sanction] = told(
        "en", "The United States imposed sanctions on three entities in 2019.", published_at="2026-01-05"
    )
    assert sanction.act == "background"


def test_evidence_is_the_sentence() -> None:
    text = "Talks went on. The EU imposed sanctions on two Russian banks. Nobody commented."
    [sanction] = told("en", text)
    [span] = sanction.evidence
    assert text[span.start : span.end] == "The EU imposed sanctions on two Russian banks."


def test_bare_text_of_unknown_language_is_identified() -> None:
    text = "Соединенные Штаты ввели санкции против двух российских банков, сообщил Минфин США."
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=text), clean=Clean(text=text)
    )
    assert [s.act for s in STAGE(article).sanctions] == ["imposed"]


def test_named_targets_come_from_mentions_and_speakers_are_none() -> None:
    text = "Scott Bessent said the US imposed sanctions on Gazprom and Ivan Petrov over the war."
    mentions = [
        Mention(field="text", start=(at := text.index(name)), end=at + len(name), type=kind, confidence=0.9)
        for name, kind in (("Scott Bessent", "PER"), ("Gazprom", "ORG"), ("Ivan Petrov", "PER"))
    ]
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=text), clean=Clean(text=text),
        language=Language(code="en", confidence=1.0), mentions=mentions,
    )  # fmt: skip
    [sanction] = STAGE(article).sanctions
    texts = [party.text for party in sanction.targets]
    assert {"Gazprom", "Ivan Petrov"} <= set(texts)
    assert "Scott Bessent" not in texts
