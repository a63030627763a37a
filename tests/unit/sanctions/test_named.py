"""Who the targets are, by the names that the article's mentions give."""

from __future__ import annotations

import pytest

from processors.sanctions.named import identified
from schemas.article import Article, Clean, Entity, Mention, MentionType, Party, Raw, Sanction, Span

RASHID = Entity(id="per:~rsd", name="Rashid Karam")
FRONT = Entity(id="org:~frnt", name="Northern Front")


def target(sentence: str, marked: str, *names: tuple[str, MentionType, Entity | None]) -> Party:
    """The one target of a sentence in which the encoder marked some words."""
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
    record = Sanction(act="imposed", confidence=0.9, targets=[Party(text=marked)], evidence=evidence)
    [party] = identified(article, record).targets
    return party


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
    assert target(sentence, "торговую компанию Coral Gate", *names).entity == FRONT.id
