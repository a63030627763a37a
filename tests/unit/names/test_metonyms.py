from __future__ import annotations

import pytest

from processors.names.metonyms import is_metonym
from processors.names.stage import known_mentions
from tests.pace import within

GOVERNMENTS = [
    ("en", "Washington imposed new duties on the firm.", "Washington"),
    ("en", "The envoys left after Moscow has repeatedly refused to sign.", "Moscow"),
    ("en", "“We shall answer,” Tehran said.", "Tehran"),
    ("fr", "Lundi, la France a condamné l'attaque.", "France"),
    ("fr", "Pékin accuse deux entreprises.", "Pékin"),
    ("fr", "On sait que l'Iran n'a pas accepté le texte.", "Iran"),
    ("es", "Moscú ha rechazado la propuesta.", "Moscú"),
    ("es", "El viernes, Estados Unidos impuso aranceles.", "Estados Unidos"),
    ("de", "Moskau warf den Händlern Betrug vor.", "Moskau"),
    ("de", "Berlin hat den Angriff auf das Schiff scharf verurteilt.", "Berlin"),
    ("de", "Am Montag verhängte Washington neue Zölle.", "Washington"),
    ("ru", "Москва обвинила посла во лжи.", "Москва"),
    ("ru", "Иран не согласился на проверку.", "Иран"),
    ("ru", "Об этом заявил Пекин.", "Пекин"),
    ("ru", "США ввели пошлины.", "США"),
    ("ru", "Китай требует извинений.", "Китай"),
    ("ar", "أعلنت واشنطن قائمة جديدة.", "واشنطن"),
    ("ar", "وفرضت إيران رسوما على الشركة.", "إيران"),
    ("ar", "واشنطن تفرض رسوما جديدة", "واشنطن"),
    ("ar", "رفض لبنان العرض.", "لبنان"),
    ("ar", "وكانت موسكو قد رفضت العرض.", "موسكو"),
    ("fa", "تهران این حمله را محکوم کرد.", "تهران"),
    ("fa", "مسکو اعلام کرد", "مسکو"),
    ("fa", "گزارش تازه‌ای آمد و واشنگتن به دو شرکت هشدار داد.", "واشنگتن"),
    ("tr", "Ankara yeni vergileri dün açıkladı.", "Ankara"),
    ("tr", "Moskova, saldırıyı sert biçimde kınadı.", "Moskova"),
    ("ko", "워싱턴은 두 회사에 새 관세를 부과했다.", "워싱턴"),
    ("ko", "미국이 부과한 관세가 늘었다.", "미국"),
    ("ko", "어제 평양이 이 훈련을 강하게 비난했다.", "평양"),
    ("zh", "华盛顿宣布新的关税。", "华盛顿"),
    ("zh", "昨天北京强烈谴责这一做法。", "北京"),
    ("zh", "会谈结束后，德黑兰再次拒绝签字。", "德黑兰"),
]

PLACES = [
    ("en", "Officials in Washington said so.", "Washington"),
    ("en", "The mayor of London said so.", "London"),
    ("en", "Traders in Moscow and Beijing said so.", "Beijing"),
    ("en", "It rained, and Moscow was quiet.", "Moscow"),
    ("en", "An Iran-backed group, Iran-accused men", "Iran"),
    ("en", "Anyone may see that Moscow's museum refused him.", "Moscow"),
    ("en", "Iran accused of delay", "Iran"),
    ("en", "Iran was accused on Monday.", "Iran"),
    ("fr", "L'Iran accusé de retard", "Iran"),
    ("fr", "L'Iran a été accusé de retard.", "Iran"),
    ("es", "Irán ha sido acusado de retraso.", "Irán"),
    ("de", "Ein Händler hat Berlin verlassen.", "Berlin"),
    ("fr", "Le maire de Paris a condamné le projet.", "Paris"),
    ("fr", "En France a été annoncé un prix.", "France"),
    ("fr", "Un marchand d'Iran a refusé.", "Iran"),
    ("es", "En Madrid anunció su boda.", "Madrid"),
    ("es", "El alcalde de Madrid dijo que no.", "Madrid"),
    ("de", "Ein Sprecher in Berlin erklärte das.", "Berlin"),
    ("de", "Nach Berlin hat er die Kisten gebracht.", "Berlin"),
    ("ru", "В Москве заявили о пожаре.", "Москве"),
    ("ru", "Президент Ирана заявил об этом.", "Ирана"),
    ("ru", "Мэры Баку и Москвы заявили об этом.", "Москвы"),
    ("ru", "Ранее, Ирана обвинил всех.", "Ирана"),
    ("ar", "قال تاجر في واشنطن أعلنت شركته ذلك.", "واشنطن"),
    ("ar", "رئيس إيران رفضت زوجته العرض.", "إيران"),
    ("ar", "أعلنت بواشنطن نتائج البحث.", "واشنطن"),
    ("fa", "در تهران شرکت اعلام کرد.", "تهران"),
    ("fa", "شرکت، ایران را محکوم کرد.", "ایران"),
    ("fa", "وزیر بازرگانی ایران اعلام کرد.", "ایران"),
    ("tr", "Ankara'da bir sözcü açıkladı.", "Ankara"),
    ("tr", "Ankara Valiliği dün açıkladı.", "Ankara"),
    ("tr", "Almanya başbakanı dün açıkladı.", "Almanya"),
    ("tr", "Moskova'nın elçisi dün açıkladı.", "Moskova"),
    ("ko", "워싱턴에서 회사가 이렇게 밝혔다.", "워싱턴"),
    ("ko", "미국은 춥다고 시장이 밝혔다.", "미국"),
    ("ko", "평양의 공장이 이렇게 발표했다.", "평양"),
    ("zh", "他在华盛顿宣布新书。", "华盛顿"),
    ("zh", "北京市宣布新的规定。", "北京"),
    ("zh", "商人从北京表示感谢。", "北京"),
]


def _marked(language: str, text: str, name: str) -> bool:
    start = text.rindex(name)
    [mention] = [one for one in known_mentions("", text, language) if one.start <= start < one.end]
    assert (text[mention.start : mention.end], mention.type) == (name, "LOC")
    return mention.metonym


@pytest.mark.parametrize(("language", "text", "name"), GOVERNMENTS)
def test_a_place_with_a_verb_of_governments_beside_it_is_one(language: str, text: str, name: str) -> None:
    assert _marked(language, text, name)


@pytest.mark.parametrize(("language", "text", "name"), PLACES)
def test_a_place_where_something_happens_is_no_government(language: str, text: str, name: str) -> None:
    assert not _marked(language, text, name)


@pytest.mark.parametrize("entity_id", [None, "city:shanghai", "region:crimea", "city:~"])
def test_only_states_and_seats_of_government_are(entity_id: str | None) -> None:
    assert not is_metonym("Shanghai imposed new duties.", 0, 8, entity_id, "en")
    assert is_metonym("Shanghai imposed new duties.", 0, 8, "state:CN", "en")


def test_a_language_without_word_lists_has_none() -> None:
    assert not is_metonym("Roma said so.", 0, 4, "city:rome", "it")


def test_a_body_is_none() -> None:
    [mention] = known_mentions("", "The United Nations condemned the attack.", "en")
    assert (mention.type, mention.metonym) == ("ORG", False)


def test_the_title_has_them_too() -> None:
    [mention] = known_mentions("Washington imposes new duties", "", "en")
    assert (mention.field, mention.metonym) == ("title", True)


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar", "fa", "tr", "ko", "zh"])
def test_time_is_bounded(language: str) -> None:
    place = {"ko": "미국은 ", "zh": "美国", "ar": "إيران ", "fa": "ایران "}.get(language, "Iran hat ")
    text = place * 20_000
    is_metonym("Iran said", 0, 4, "state:IR", language)
    with within(1):
        for start in range(0, 1000 * len(place), len(place)):
            is_metonym(text, start, start + len(place.strip("은 ")), "state:IR", language)
