"""Who the targets are, by the names that the article's mentions give."""

from __future__ import annotations

import pytest

from processors.sanctions.named import identified
from processors.sanctions.vocabulary import vocabulary
from schemas.article import Article, Clean, Entity, Mention, MentionType, Party, Raw, Sanction, Span

RASHID = Entity(id="per:~rsd", name="Rashid Karam")
FRONT = Entity(id="org:~frnt", name="Northern Front")


def target(
    sentence: str, marked: str, *names: tuple[str, MentionType, Entity | None], language: str = "en"
) -> Party:
    """The one target of a sentence in which the encoder marked some words."""
    [party] = targets(sentence, [marked], *names, language=language)
    return party


def targets(
    sentence: str, marked: list[str], *names: tuple[str, MentionType, Entity | None], language: str
) -> list[Party]:
    """The targets of a sentence in which the encoder marked some words."""
    mentions = [
        Mention(field="text", start=(at := sentence.index(name)), end=at + len(name), type=kind,
                confidence=0.9, entity=entity)
        for name, kind, entity in names
    ]  # fmt: skip
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=sentence), clean=Clean(text=sentence),
        mentions=mentions,
    )  # fmt: skip
    evidence = [Span(field="text", start=0, end=len(sentence))]
    told = [Party(text=words) for words in marked]
    record = Sanction(act="imposed", confidence=0.9, targets=told, evidence=evidence)
    words = vocabulary(language)
    assert words is not None
    return identified(article, record, words).targets


@pytest.mark.parametrize(
    ("sentence", "marked", "person", "body"),
    [
        ("فرضت واشنطن عقوبات على قائد جبهة الشمال رشيد كرم.", "قائد جبهة الشمال رشيد", "رشيد كرم", "جبهة الشمال"),
        ("Paris a sanctionné le chef du Front du Nord Rachid Karam.", "chef du Front du Nord Rachid", "Rachid Karam",
         "Front du Nord"),
        ("США ввели санкции против главы «Фронта» Рашида Карама.", "главы «Фронта» Рашида", "Рашида Карама", "Фронта"),
    ],
)  # fmt: skip
def test_words_that_break_off_in_a_name_have_all_of_it(
    sentence: str, marked: str, person: str, body: str
) -> None:
    party = target(sentence, marked, (body, "ORG", FRONT), (person, "PER", RASHID))
    assert party == Party(
        text=marked[: marked.index(person[:3])] + person, name=RASHID.name, entity=RASHID.id
    )


def test_words_for_a_number_of_people_stay_as_they_are() -> None:
    sentence = "The EU sanctioned six people, among them Rashid Karam."
    assert target(sentence, "six people", ("Rashid Karam", "PER", RASHID)) == Party(text="six people")


def test_a_word_that_is_nobodys_name_hides_no_name_beside_it() -> None:
    sentence = "ЕС внес в список торговую компанию Coral Gate."
    names: tuple[tuple[str, MentionType, Entity | None], ...] = (
        ("торговую компанию", "ORG", None), ("Coral Gate", "ORG", FRONT),
    )  # fmt: skip
    assert target(sentence, "торговую компанию Coral Gate", *names, language="ru").entity == FRONT.id


@pytest.mark.parametrize(
    ("language", "sentence", "marked", "body", "known"),
    [
        ("es", "EE.UU. sanciona a cuatro jueces del Tribunal Norte", "cuatro jueces del Tribunal Norte",
         "Tribunal Norte", False),
        ("ar", "عقوبات على قائد جبهة الشمال", "قائد جبهة الشمال", "جبهة الشمال", False),
        ("en", "sanctions on officials of the Northern Front", "officials of the Northern Front", "Northern Front",
         False),
        ("zh", "美国制裁北方公署副处长", "北方公署副", "北方公署", False),
        ("zh", "美国制裁「北方公署」", "「北方公署」", "北方公署", True),
        ("ru", "санкции против банка «Север»", "банка «Север»", "Север", True),
        ("tr", "ABD, Kuzey Bankası'na yaptırım uyguladı", "Kuzey Bankası", "Kuzey Bankası", True),
        ("fa", "تحریم شرکت «خلیج شمال»", "شرکت «خلیج شمال»", "خلیج شمال", True),
    ],
)  # fmt: skip
def test_the_people_of_a_body_are_not_the_body(
    language: str, sentence: str, marked: str, body: str, known: bool
) -> None:
    party = target(sentence, marked, (body, "ORG", FRONT), language=language)
    assert party.entity == (FRONT.id if known else None)


def test_of_two_bodies_the_head_of_the_phrase_is_sanctioned() -> None:
    sentence = "러시아 은행 '보스토크은행'을 제재했다."
    bank = Entity(id="org:~bstk", name="Vostok")
    names: tuple[tuple[str, MentionType, Entity | None], ...] = (
        ("러시아 은행", "ORG", FRONT), ("보스토크은행", "ORG", bank),
    )  # fmt: skip
    assert target(sentence, "러시아 은행 '보스토크은행", *names, language="ko").entity == bank.id


@pytest.mark.parametrize(
    ("language", "sentence", "body", "person", "told"),
    [
        ("zh", "禁止9名公民入境，包括北方部副部长马克·莱维。", "北方部", "马克·莱维", ["马克·莱维"]),
        ("zh", "制裁北方部、马克·莱维。", "北方部", "马克·莱维", ["北方部", "马克·莱维"]),
        ("tr", "Kuzey Kuvvetleri'nden Tümgeneral Osman Hamid listeye alındı.", "Kuzey Kuvvetleri", "Osman Hamid",
         ["Osman Hamid"]),
        ("tr", "Kuzey Bankası ve Osman Hamid listeye alındı.", "Kuzey Bankası", "Osman Hamid",
         ["Kuzey Bankası", "Osman Hamid"]),
        ("ko", "북방은행 행장 김철수를 제재했다.", "북방은행", "김철수", ["김철수"]),
        ("ko", "북방은행과 김철수를 제재했다.", "북방은행", "김철수", ["북방은행", "김철수"]),
    ],
)  # fmt: skip
def test_whose_office_somebody_holds_is_not_sanctioned(
    language: str, sentence: str, body: str, person: str, told: list[str]
) -> None:
    named = ((body, "ORG", FRONT), (person, "PER", RASHID))
    assert [party.text for party in targets(sentence, [body, person], *named, language=language)] == told
