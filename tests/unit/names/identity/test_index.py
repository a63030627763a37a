"""Many names: what is found, what is added and taken away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names.identity import NameIndex

NAMES = [
    ("marev", "Sergei Marev"),
    ("marev", "Сергей Марев"),
    ("marev-2", "Oleg Marev"),
    ("lindt", "Olga Lindt"),
    ("kim", "김정은"),
    ("abe", "安倍晋三"),
    ("hadidi", "عبد الرحمن الحديدي"),
]


@pytest.fixture
def index() -> NameIndex:
    return NameIndex(NAMES)


@pytest.mark.parametrize(
    ("sought", "entry"),
    [
        ("Sergey Marev", "marev"),
        ("Марев Сергей", "marev"),
        ("سيرغي ماريف", "marev"),
        ("Kim Jong Un", "kim"),
        ("金正恩", "kim"),
        ("Shinzo Abe", "abe"),
        ("Abdulrahman Al Hadidi", "hadidi"),
        ("Ольга Линдт", "lindt"),
    ],
)
def test_finds_a_name_in_another_script(index: NameIndex, sought: str, entry: str) -> None:
    found = index.nearest(sought, limit=1)
    assert found[0][0] == entry
    assert found[0][2].reasons


def test_an_entry_comes_once_and_with_a_name_of_its_own(index: NameIndex) -> None:
    found = index.nearest("Sergei Marev")
    assert [entry for entry, _, _ in found].count("marev") == 1
    assert ("marev", found[0][1]) in NAMES


def test_limit_and_floor(index: NameIndex) -> None:
    assert len(index.nearest("Sergei Marev", limit=2)) == 2
    assert [entry for entry, _, _ in index.nearest("Sergei Marev", floor=0.85)] == ["marev"]
    assert index.nearest("Sergei Marev", floor=1.1) == []


def test_added_and_removed(index: NameIndex) -> None:
    index.add([("new", "Zofia Wrublewska")])
    assert index.nearest("Зофья Врублевска", limit=1)[0][0] == "new"
    index.remove(["new", "never there"])
    assert "new" not in {entry for entry, _, _ in index.nearest("Зофья Врублевска")}
    index.remove(["marev"])
    assert index.nearest("Sergei Marev", limit=1)[0][0] == "marev-2"
    assert len(index) == len(NAMES) - 2


def test_the_same_as_if_built_at_once(index: NameIndex) -> None:
    grown = NameIndex([])
    for name in NAMES:
        grown.add([name])
    assert grown.nearest("Sergey Marev") == index.nearest("Sergey Marev")


@pytest.mark.parametrize("sought", ["", "🙂", "x" * 50_000, "\ud800", "123"])
def test_odd_questions_are_answered(index: NameIndex, sought: str) -> None:
    assert all(0 <= likeness.score <= 1 for _, _, likeness in index.nearest(sought))


def test_nothing_in_nothing_out() -> None:
    assert NameIndex([]).nearest("Olga") == []
    assert NameIndex([("a", ""), ("b", "🙂")]).nearest("Olga") == []


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_names_can_be_indexed(names: list[str], sought: str) -> None:
    index = NameIndex((str(i), name) for i, name in enumerate(names))
    assert len(index.nearest(sought)) <= len(names)
