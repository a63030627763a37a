from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.encoder.decoding import Guess
from processors.folding import fold_with_offsets
from processors.names.completion import Name, completed, known_names
from processors.names.gazetteer import gazetteer
from schemas.article import Entity, MentionType
from tests.pace import within


def known(text: str, language: str) -> list[Name]:
    folded = fold_with_offsets(text)
    return known_names(folded, gazetteer(language).hits(folded, text), language)


def found(text: str, language: str, *guessed: tuple[str, MentionType]) -> list[tuple[str, str, str | None]]:
    """What becomes of guesses, told by their words and in the order of the text: words, type, entity."""
    guesses, start = [], 0
    for words, kind in guessed:
        start = text.index(words, start)
        guesses.append(Guess(start, start + len(words), kind, 0.6))
        start += len(words)
    names = completed(guesses, known(text, language))
    return [(text[one.start : one.end], one.type, one.entity and one.entity.id) for one in names]


@pytest.mark.parametrize(
    ("language", "text", "guess", "name", "entity"),
    [
        ("ar", "اجتمع الوفد في بيونغ يانغ أمس", "بيونغ يانغ", "بيونغ يانغ", "city:pyongyang"),
        ("ar", "وصل إلى بيروت وبيونغ يانغ", "وبيونغ يانغ", "بيونغ يانغ", "city:pyongyang"),
        ("ru", "встреча в Пхеньяне прошла", "Пхеньяне", "Пхеньяне", "city:pyongyang"),
        ("ko", "대표단은 평양에서 만났다", "평양", "평양", "city:pyongyang"),
        ("zh", "代表团在平壤会面", "平壤", "平壤", "city:pyongyang"),
        ("en", "They met in Pyongyang.", "Pyongyang", "Pyongyang", "city:pyongyang"),
    ],
)
def test_a_known_place_corrects_a_person(
    language: str, text: str, guess: str, name: str, entity: str
) -> None:
    assert (name, "LOC", entity) in found(text, language, (guess, "PER"))


def test_a_known_body_corrects_a_person_or_place() -> None:
    text = "a report by Gazprom on Monday"
    for kind in ("PER", "LOC"):
        assert found(text, "en", ("Gazprom", kind)) == [("Gazprom", "ORG", "org:Gazprom")]


def test_a_known_name_that_was_missed_is_added() -> None:
    text = "Jarvis Oakhurst flew from London to Tehran."
    assert found(text, "en", ("Jarvis Oakhurst", "PER")) == [
        ("Jarvis Oakhurst", "PER", None),
        ("London", "LOC", "city:london"),
        ("Tehran", "LOC", "city:tehran"),
    ]
    assert found("وصل الوفد إلى طهران", "ar") == [("طهران", "LOC", "city:tehran")]


def test_a_longer_mention_stands() -> None:
    text = "the London Stock Fair in Paris Gardens by Iran Oakhurst"
    guesses = [("London Stock Fair", "ORG"), ("Paris Gardens", "LOC"), ("Iran Oakhurst", "PER")]
    assert [one[:2] for one in found(text, "en", *guesses)] == guesses


def test_a_team_keeps_its_type_and_gets_its_citys_identity() -> None:
    assert found("London won again", "en", ("London", "ORG")) == [("London", "ORG", "city:london")]


def test_a_known_person_is_taken_whole() -> None:
    assert found("the speech of Vladimir Putin today", "en", ("Putin", "PER")) == [
        ("Vladimir Putin", "PER", "per:vladimir-putin")
    ]
    assert found("وقال فلاديمير بوتين", "ar", ("فلاديمير", "PER"), ("بوتين", "LOC")) == [
        ("فلاديمير بوتين", "PER", "per:vladimir-putin")
    ]


def test_an_institution_is_taken_with_its_state() -> None:
    assert found("the Russian Foreign Ministry said", "en", ("Foreign Ministry", "ORG")) == [
        ("Russian Foreign Ministry", "ORG", "org:RU-foreign")
    ]
    text = "بيان لوزارة الخزانة الأميركية صدر"
    [(name, kind, entity)] = found(text, "ar", ("لوزارة الخزانة", "ORG"))
    assert (name, kind, entity) == ("وزارة الخزانة الأميركية", "ORG", "org:US-treasury")


@pytest.mark.parametrize(
    ("language", "text", "guesses", "name"),
    [
        ("ko", "이번에 북한을 방문했다", [("북", "LOC")], "북한"),
        ("zh", "他访问了埃及和苏丹", [("埃", "LOC")], "埃及"),
        ("es", "de Trinidad y Tobago", [("Trinidad", "LOC"), ("Tobago", "LOC")], "Trinidad y Tobago"),
    ],
)
def test_a_broken_known_place_is_put_together(
    language: str, text: str, guesses: list[tuple[str, MentionType]], name: str
) -> None:
    assert (name, "LOC") in [one[:2] for one in found(text, language, *guesses)]


def test_a_known_place_that_is_only_longer_is_no_reason() -> None:
    text = "مواجهة في قطاع غزة أمس"
    assert [name for name, _, _ in found(text, "ar", ("غزة", "LOC"))] == ["غزة"]


@pytest.mark.parametrize(
    ("text", "guess", "name"),
    [
        ("زار كوريا\u00a0الشمالية أمس", "كوريا\u00a0الشمالية", "كوريا\u00a0الشمالية"),
        ("زار كـوريا الشماليّة أمس", "كـوريا الشماليّة", "كـوريا الشماليّة"),
        ("زار 😀 𝓟 وبروسيا أمس", "بروسيا", "روسيا"),
    ],
)
def test_offsets_are_those_of_the_text_as_it_is_written(text: str, guess: str, name: str) -> None:
    assert [one[0] for one in found(text, "ar", (guess, "LOC"))] == [name]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_overlaps_the_names_come_out_in_order_and_apart(data: st.DataObject) -> None:
    kinds = st.sampled_from(["PER", "ORG", "LOC"])
    edges = sorted(data.draw(st.lists(st.integers(0, 80), unique=True, max_size=20)))
    guesses = [
        Guess(start, end, data.draw(kinds), 0.5) for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    names = [
        Name(
            start,
            start + length,
            data.draw(kinds),
            0.9,
            data.draw(st.sampled_from([None, Entity(id="x", name="X")])),
        )
        for start, length in data.draw(
            st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)), max_size=12)
        )
    ]
    names.sort(key=lambda one: (one.start - one.end, one.start, not one.stated))
    result = completed(guesses, names)
    last = 0
    for one in result:
        assert last <= one.start < one.end
        last = one.end
    taken = {place for one in result for place in range(one.start, one.end)}
    for name in names:
        assert taken & set(range(name.start, name.end)), "a known name is added where there is room"
    for guess in guesses:
        assert taken & set(range(guess.start, guess.end)), "no guess is lost without something in its place"


def test_time_grows_with_the_number_of_names_alone() -> None:
    many = 60_000
    guesses = [Guess(10 * i, 10 * i + 5, "PER", 0.9) for i in range(many)]
    names = [Name(10 * i, 10 * i + 5, "LOC", 0.9) for i in range(many)]
    with within(10):
        assert len(completed(guesses, names)) == many
