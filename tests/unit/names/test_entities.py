from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.names import entities
from processors.names.completion import Name
from processors.names.entities import LIKENED_MAX, full_name, identified, is_full, made
from schemas.article import Entity, MentionType
from tests.pace import within

PUTIN = Entity(id="per:vladimir-putin", name="Vladimir Putin", wikidata="Q7747")
ID_LETTERS = frozenset(string.ascii_lowercase + string.digits + ":~-")


def ids(*people: str, kind: MentionType = "PER", known: dict[str, Entity] | None = None) -> list[str | None]:
    """The ids that names get which stand in one article in this order."""
    content, names, start = " | ".join(people), [], 0
    for person in people:
        names.append(Name(start, start + len(person), kind, 0.9, (known or {}).get(person)))
        start += len(person) + 3
    [found] = identified([(content, names)])
    return [one and one.id for one in found]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("سيرغي شويغو", "شويغو"),
        ("نادر القصراوي", "القصراوي"),
        ("بهرام نوروزیان", "نوروزیان"),
        ("Сергей Шойгу", "Шойгу"),
        ("Рустам Кабулов", "Кабулов"),
        ("Kim Jong Un", "Kim"),
        ("Jarvis Oakhurst", "Oakhurst"),
        ("Odile Marchandeau", "Marchandeau"),
        ("Ramiro Etxebarri", "Etxebarri"),
        ("Tarık Demirsoy", "Demirsoy"),
        ("费尔南多·卡斯蒂略", "卡斯蒂略"),
        ("费尔南多·卡斯蒂略", "费尔南多"),
        ("Greta Lindenau", "Lindenaus"),
    ],
)
def test_a_short_form_is_the_person_named_in_full(full: str, short: str) -> None:
    [owner] = set(ids(full))
    assert owner is not None
    assert ids(full, short) == [owner, owner]
    assert ids(short, full) == [owner, owner], "the full name may come later, as it does after a headline"


def test_a_title_and_its_text_are_one_article() -> None:
    title, text = "Oakhurst resigns", "Jarvis Oakhurst resigned."
    [[short], [full]] = identified([(title, [Name(0, 8, "PER", 0.9)]), (text, [Name(0, 15, "PER", 0.9)])])
    assert short is not None
    assert full is not None
    assert short.id == full.id
    assert (short.name, short.native) == ("Jarvis Oakhurst", "Oakhurst")
    assert full.native is None


@pytest.mark.parametrize(
    "cases",
    [
        ["Рустам Кабулов", "Рустама Кабулова", "Рустаму Кабулову", "Рустамом Кабуловым", "Рустаме Кабулове"],
        ["Рустам Кабулов", "Кабулова", "Кабулову", "Кабуловым", "Кабулове"],
        ["Анна Лесникова", "Анны Лесниковой", "Анну Лесникову", "Анной Лесниковой", "Лесниковой"],
        ["Андрей Белозерский", "Андрея Белозерского", "Белозерскому", "Белозерским"],
        ["Игорь Гончар", "Игоря Гончара", "Игорем Гончаром", "Гончару"],
        ["Greta Lindenau", "Greta Lindenaus", "Lindenaus", "Lindenau"],
    ],
)
def test_a_person_is_one_in_every_case(cases: list[str]) -> None:
    for order in (cases, cases[::-1]):
        assert len(set(ids(*order))) == 1
    assert None not in ids(*cases)


def test_the_name_of_a_person_is_the_least_inflected() -> None:
    content = "Рустама Кабулова | Рустам Кабулов"
    [[genitive, _]] = identified([(content, [Name(0, 16, "PER", 0.9), Name(19, 33, "PER", 0.9)])])
    assert genitive is not None
    assert genitive.name == "Rustam Kabulov"
    assert genitive.native == "Рустама Кабулова"


@pytest.mark.parametrize(
    ("full", "other"),
    [
        ("John Kerrow", "Johnson"),
        ("Peter Lindqvist", "Peters"),
        ("Martin Oakhurst", "Martinez"),
        ("Lena Hart", "Hartwell"),
        ("Иван Белозерский", "Иванов"),
        ("Пётр Гончар", "Петров"),
        ("Алексей Гончар", "Алексеев"),
        ("Роман Гончар", "Романову"),
        ("نادر القصراوي", "القصر"),
        ("이도현", "이도"),
    ],
)
def test_a_name_that_only_begins_alike_is_another(full: str, other: str) -> None:
    assert ids(full, other)[1] is None


@pytest.mark.parametrize(
    ("one", "other", "short"),
    [
        ("Kim Jong Un", "Kim Yo Jong", "Kim"),
        ("كيم جونغ أون", "كيم يو جونغ", "كيم"),
        ("Пётр Иванов", "Анна Иванова", "Ивановым"),
        ("Lena Hartwell", "Tobias Hartwell", "Hartwell"),
        ("金·王尔德", "李·王尔德", "王尔"),
    ],
)
def test_a_short_form_that_two_people_share_is_nobodys(one: str, other: str, short: str) -> None:
    first, second, nobody = ids(one, other, short)
    assert None not in {first, second}
    assert first != second
    assert nobody is None


@pytest.mark.parametrize(
    "family", ["Oakhurst", "القصراوي", "Кабулов", "نوروزیان", "김", "李", "Demirsoy", "Kim"]
)
def test_a_family_name_that_nothing_completes_has_no_entity(family: str) -> None:
    assert ids(family) == [None]
    assert ids(family, family) == [None, None]


def test_two_people_whose_names_are_turned_are_two() -> None:
    assert ids("Пётр Иванов", "Иван Петров", "Иванову", "Петровым") == [
        *ids("Пётр Иванов", "Иван Петров"),
        *ids("Пётр Иванов"),
        *ids("Иван Петров"),
    ]


def test_who_is_known_by_one_word_stays_who_it_is() -> None:
    known = {"Путин": PUTIN}
    assert ids("Путин", known=known) == [PUTIN.id]
    assert ids("Путин", "Игорь Путин", known=known)[0] == PUTIN.id
    assert ids("Путин", "Путина", known=known) == [PUTIN.id, PUTIN.id]


@pytest.mark.parametrize(
    "name",
    [
        "كيم جونغ أون",
        "كيم جونغ-أون",
        "Ким Чен Ын",
        "김정은",
        "金正恩",
        "Kim Jong Un",
        "Kim Jong-un",
        "KIM JONG UN",
    ],
)
def test_the_editors_case(name: str) -> None:
    assert full_name(name).id == "per:kim-jong-un"


@pytest.mark.parametrize("name", ["Sung Kim", "Gong Yoo", "Yong Lü", "Jong Un Oakhurst", "Ivan Putin"])
def test_part_of_a_known_name_is_not_enough(name: str) -> None:
    assert full_name(name).id.startswith("per:~")


@pytest.mark.parametrize(
    "name", ["Vladimir Vladimirovich Putin", "Владимира Владимировича Путина", "Donald J. Trump"]
)
def test_a_known_name_may_have_a_word_more(name: str) -> None:
    assert full_name(name).wikidata in {"Q7747", "Q22686"}


@settings(max_examples=150, deadline=None)
@given(
    name=st.one_of(
        st.text(min_size=1, max_size=40), st.text("سلعمKирيАя김金-'· \u0640\u200f", min_size=1, max_size=30)
    ),
    kind=st.sampled_from(["PER", "ORG", "LOC"]),
)
def test_ids_are_made_from_the_name_alone_short_and_ascii(name: str, kind: MentionType) -> None:
    entity = made(name, kind)
    assert entity == made(name, kind)
    assert entity.id.startswith(f"{kind.lower()}:~")
    assert set(entity.id) <= ID_LETTERS
    assert len(entity.id) <= 80
    assert entity.id != f"{kind.lower()}:~"


def test_ids_do_not_depend_on_order_company_or_spacing() -> None:
    alone = {name: ids(name)[0] for name in ("Jarvis Oakhurst", "Lena Hartwell", "نادر القصراوي")}
    assert ids(*alone) == list(alone.values())
    assert ids(*list(alone)[::-1]) == list(alone.values())[::-1]
    assert ids("Jarvis\u00a0 Oakhurst") == [alone["Jarvis Oakhurst"]]
    assert ids("نـادر\u200f القصراوي") == [alone["نادر القصراوي"]]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("김정일", "per:kim-jong-il"), ("김성일", None), ("김정은", "per:kim-jong-un"), ("김정온", None),
        ("김 정은", "per:kim-jong-un"), ("윤석렬", "per:yoon-suk-yeol"), ("김여전", None),
        ("王毅", "per:wang-yi"), ("王一", None), ("習近平", "per:xi-jinping"), ("习远平", None),
        ("Kim Jong-il", "per:kim-jong-il"),
    ],
)  # fmt: skip
def test_a_name_in_han_or_hangul_is_known_by_its_characters(name: str, known: str | None) -> None:
    entity = full_name(name).id
    assert entity == known if known else "~" in entity


@pytest.mark.parametrize(("name", "proper"), [
    ("торговой компании", False), ("the ministry", False), ("société", False),
    ("iPhone", True), ("компании «Искра»", True), ("حزب الشمال", True), ("北方公司", True), ("북방은행", True),
])  # fmt: skip
def test_a_word_without_a_capital_is_nobodys_own_where_there_are_capitals(name: str, proper: bool) -> None:
    assert (ids(name, kind="ORG") != [None]) is proper


def test_bodies_and_places_have_an_entity_of_their_own() -> None:
    [body] = ids("Norwick Motors", kind="ORG")
    [place] = ids("Norwick Motors", kind="LOC")
    assert body is not None
    assert place is not None
    assert body.removeprefix("org:") == place.removeprefix("loc:")


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Lena Hartwell", True),
        ("김정은", True),
        ("金正恩", True),
        ("费尔南多·卡斯蒂略", True),
        ("نادر القصراوي", True),
        ("Hartwell", False),
        ("J. Hartwell", False),
        ("김", False),
        ("王明", False),
        ("القصراوي", False),
        ("", False),
    ],
)
def test_what_a_full_name_is(name: str, full: bool) -> None:
    assert is_full(name) is full


def test_time_is_bounded_however_many_people_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    likened: list[str] = []

    def counted(written: str) -> Entity:
        likened.append(written)
        return made(written, "PER")

    monkeypatch.setattr(entities, "full_name", counted)
    letters = string.ascii_lowercase
    full = [f"Jar{a}vis Oak{b}{c}hurst" for a in letters for b in letters for c in letters]
    short = [f"Oak{a}{b}hurstov" for a in letters for b in letters]
    with within(30):
        found = ids(*full, *short, *full)
    assert len(likened) == LIKENED_MAX
    assert found[: len(full)] == found[-len(full) :]
    assert None not in found[: len(full)]


def test_a_name_of_many_words_is_stemmed_as_a_whole_only() -> None:
    with within(10):
        assert ids(" ".join(["Иваному"] * 25))[0] is not None
