from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names.completion import Name
from processors.names.proclitics import bare_names
from schemas.article import Entity, MentionType

BEIRUT = Entity(id="city:beirut", name="Beirut")


def bare(*names: str, kind: MentionType = "LOC", entity: Entity | None = None) -> list[str]:
    """What is left of names, each on a line of its own."""
    content, found = "\n".join(names), []
    start = 0
    for name in names:
        found.append(Name(start, start + len(name), kind, 0.9, entity))
        start += len(name) + 1
    [left] = bare_names([(content, found)])
    return [content[one.start : one.end] for one in left]


@pytest.mark.parametrize(
    ("joined", "name"),
    [
        ("وقرميسان", "قرميسان"),
        ("فقرميسان", "قرميسان"),
        ("بقرميسان", "قرميسان"),
        ("لقرميسان", "قرميسان"),
        ("كقرميسان", "قرميسان"),
        ("ولقرميسان", "قرميسان"),
        ("فبقرميسان", "قرميسان"),
    ],
)
@pytest.mark.parametrize("kind", ["PER", "ORG", "LOC"])
def test_what_is_named_by_itself_elsewhere_loses_its_joined_words(
    joined: str, name: str, kind: MentionType
) -> None:
    assert bare(joined, name, kind=kind) == [name, name]
    assert bare(name + " الجديدة", joined, kind=kind)[1] == name


def test_the_title_tells_what_stands_by_itself_in_the_text() -> None:
    title, text = "قرميسان", "وصل وقرميسان"
    names = bare_names([(title, [Name(0, 7, "LOC", 0.9)]), (text, [Name(4, 12, "LOC", 0.9)])])
    assert [text[one.start : one.end] for one in names[1]] == ["قرميسان"]


@pytest.mark.parametrize(
    "name", ["وارسو", "بيروت", "لندن", "كابول", "فيينا", "واشنطن", "بكين", "والي", "لالا"]
)
def test_a_first_letter_of_the_names_own_stays(name: str) -> None:
    assert bare(name) == [name]


@pytest.mark.parametrize(
    ("joined", "name"),
    [
        ("والقرميسان", "القرميسان"),
        ("بالقرميسان", "القرميسان"),
        ("وبالقرميسان", "القرميسان"),
        ("للقرميسان", "لقرميسان"),
        ("وللقرميسان", "لقرميسان"),
        ("بالبريج", "البريج"),
    ],
)
def test_before_the_article_they_go_by_themselves(joined: str, name: str) -> None:
    assert bare(joined, kind="LOC") == [name]
    assert bare(joined, kind="ORG") == [name]
    assert bare(joined, kind="PER") == [joined], "والي and بالاس are people's names"


@pytest.mark.parametrize(
    "name", ["بالتيمور", "بالرمو", "كالغاري", "كالينينغراد", "فاليتا", "فالنسيا", "كالابريا", "كاليفورنيا"]
)
def test_a_foreign_name_that_only_looks_like_it_stays(name: str) -> None:
    assert bare(name) == [name]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("زار رستم كابولوف", "رستم كابولوف"),
        ("زار\u00a0 رستم كابولوف", "رستم كابولوف"),
        ("التقى رستم كابولوف", "رستم كابولوف"),
        ("على حسن القصراوي", "على حسن القصراوي"),
        ("هو جينتاو", "هو جينتاو"),
        ("زار", "زار"),
    ],
)
def test_a_verb_before_a_person_is_outside(words: str, name: str) -> None:
    assert bare(words, kind="PER") == [name]


def test_bodies_may_begin_with_any_word() -> None:
    assert bare("اليوم السابع", kind="ORG") == ["اليوم السابع"]


def test_a_known_name_is_right_as_it_stands() -> None:
    assert bare("وبيروت", "بيروت", entity=BEIRUT) == ["وبيروت", "بيروت"]


@settings(max_examples=200, deadline=None)
@given(
    words=st.lists(st.text("وفبلكاقرم نت\u0640\u064b\u200f", min_size=1, max_size=12), min_size=1, max_size=5)
)
def test_something_is_always_left(words: list[str]) -> None:
    for kind in ("PER", "LOC"):
        left = bare(*words, kind=kind)
        assert all(one and word.endswith(one) for one, word in zip(left, words, strict=True))
