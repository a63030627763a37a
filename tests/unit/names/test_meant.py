"""What a searcher's words mean: one name, every script."""

from __future__ import annotations

import pytest

from processors.names.meant import ids_meant


@pytest.mark.parametrize(
    "query",
    [
        "Kim Jong Un",
        "kim jong-un",
        '"Kim Jong Un"',
        "كيم جونغ أون",
        "كيم جونغ-أون",
        "Ким Чен Ын",
        "김정은",
        "金正恩",
    ],
)
def test_a_person_is_one_in_every_script(query: str) -> None:
    assert ids_meant(query) == ("per:kim-jong-un",)


@pytest.mark.parametrize(
    ("query", "entity_id"),
    [
        ("North Korea", "state:KP"),
        ("الولايات المتحدة", "state:US"),
        ("Тегеран", "city:tehran"),
        ("Treasury Department", "org:US-treasury"),
    ],
)
def test_places_and_bodies_are_known(query: str, entity_id: str) -> None:
    assert ids_meant(query) == (entity_id,)


def test_a_name_nobody_listed_has_the_id_an_article_would_give_it() -> None:
    [entity_id] = ids_meant("Вениамин Стругалов")
    assert entity_id.startswith("per:~")
    assert ids_meant("Veniamin Strugalov") == (entity_id,)


@pytest.mark.parametrize(
    "query", ["", '"', "sanctions", "a | b", "-x y", "begin*", "x" * 2000, "\u200f", "😀"]
)
def test_what_is_no_name_means_nobody(query: str) -> None:
    assert ids_meant(query) == ()
