"""Articles whose mentions are looked up: in which words, beside which countries, of which entity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest

from processors.watchlists import Entry, Store, Watchlists, annotate
from schemas.article import Article, Clean, Entity, Language, Mention, MentionType, Raw, WatchlistHit
from schemas.wire import decode, encode

New = Callable[..., Entry]
Put = Callable[..., object]


def article(
    text: str,
    *names: str,
    language: str = "en",
    title: str = "",
    type_: MentionType = "PER",
    ids: Sequence[str] = (),
) -> Article:
    """An article that mentions each of `names` wherever it stands in title and text."""
    mentions: list[Mention] = []
    for number, name in enumerate(names):
        for field, content in (("title", title), ("text", text)):
            start = content.find(name)
            while start >= 0:
                entity = Entity(id=ids[number], name=name) if ids else None
                end = start + len(name)
                mentions.append(
                    Mention(field=field, start=start, end=end, type=type_, confidence=0.9, entity=entity)  # type: ignore[arg-type]
                )
                start = content.find(name, end)
    return Article(
        id="a1",
        source="example",
        fetched_at="2026-09-17T10:00:00Z",
        raw=Raw(content=text),
        language=Language(code=language, confidence=1.0),
        clean=Clean(title=title or None, text=text),
        mentions=mentions,
    )


def hits(annotated: Article) -> list[list[str]]:
    return [
        [hit.entry_id for hit in one.entity.watchlist] if one.entity else [] for one in annotated.mentions
    ]


@pytest.fixture
def lists(store: Store) -> Watchlists:
    return Watchlists(store)


def test_a_hit_is_on_every_mention_and_an_entity_is_made(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("7", "Arkady Venediktovich Velikoslov", programmes=("TST",))])
    name = "Arkady Venediktovich Velikoslov"
    given = article(f"{name} spoke. Later {name} left.", name, title=f"Who is {name}?")
    found = annotate(given, lists)
    assert hits(found) == [["7"]] * 3
    (entity,) = {msgspec.json.encode(one.entity) for one in found.mentions}
    made = msgspec.json.decode(entity, type=Entity)
    assert made.name == name
    assert made.watchlist[0].programme == "TST"
    assert decode(encode(found), Article) == found
    assert annotate(found, lists) == found


def test_no_list_no_name_no_change(put: Put, entry: New, lists: Watchlists) -> None:
    given = article("Nobody Known spoke.", "Nobody Known")
    assert annotate(given, lists) is given
    put([entry("7", "Arkady Venediktovich Velikoslov")])
    lists.refresh(at_once=True)
    assert annotate(given, lists) is given
    assert annotate(article(""), lists).mentions == []


def test_hits_of_before_that_hold_no_more_are_taken_off(lists: Watchlists) -> None:
    given = article("Nobody Known spoke.", "Nobody Known", ids=["per:x"])
    old = WatchlistHit(list_name="gone", entry_id="1", score=1.0, reason="old")
    mention = given.mentions[0]
    assert mention.entity is not None
    entity = msgspec.structs.replace(mention.entity, watchlist=[old])
    stale = msgspec.structs.replace(given, mentions=[msgspec.structs.replace(mention, entity=entity)])
    assert annotate(stale, lists) == given


@pytest.mark.parametrize(
    "case",
    [
        ("en", "The Iraqi politician Ali Hassan was detained.", "Ali Hassan", "IQ"),
        ("en", "Ali Hassan, detained in Mosul, said nothing.", "Ali Hassan", "IQ"),
        ("ru", "Иракский чиновник Али Хасан задержан.", "Али Хасан", "IQ"),
        ("fr", "L'homme d'affaires irakien Ali Hassan a été arrêté.", "Ali Hassan", "IQ"),
        ("de", "Der irakische Beamte Ali Hassan wurde verhaftet.", "Ali Hassan", "IQ"),
        ("es", "El funcionario iraquí Ali Hassan fue detenido.", "Ali Hassan", "IQ"),
        ("tr", "Irak vatandaşı Ali Hassan gözaltına alındı.", "Ali Hassan", "IQ"),
        ("ar", "اعتقل المسؤول العراقي علي حسن أمس.", "علي حسن", "IQ"),
        ("fa", "علی حسن، مقام عراقی، بازداشت شد.", "علی حسن", "IQ"),
        ("ko", "북한 국적의 김민수 씨가 체포됐다.", "김민수", "KP"),
        ("zh", "朝鲜人王伟星期四被捕。", "王伟", "KP"),
    ],
)  # fmt: skip
def test_the_country_beside_a_common_name_decides(
    put: Put, entry: New, lists: Watchlists, case: tuple[str, str, str, str]
) -> None:
    language, text, name, country = case
    put([entry("1", name, countries=(country,)), entry("2", name, countries=("BR",))])
    assert hits(annotate(article(text, name, language=language), lists)) == [["1"]]


def test_a_country_far_away_or_the_languages_own_does_not(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Ali Hassan", countries=("IQ",)), entry("2", "Сергей Иванов", countries=("RU",))])
    far = "Ali Hassan spoke. " + "Then there was a long pause. " * 10 + "Iraq was on the agenda."
    assert hits(annotate(article(far, "Ali Hassan"), lists)) == [[]]
    own = article("Российский министр Сергей Иванов выступил.", "Сергей Иванов", language="ru")
    assert hits(annotate(own, lists)) == [[]]


@pytest.mark.parametrize("name", ["Аркадия Великослова", "Аркадию Великослову", "Аркадием Великословом"])
def test_a_russian_name_in_any_case(put: Put, entry: New, lists: Watchlists, name: str) -> None:
    put([entry("1", "Arkady Velikoslov", countries=("RU",))])
    given = article(f"Вчера журналисты говорили с {name}.", name, language="ru")
    assert hits(annotate(given, lists)) == [["1"]]


def test_a_year_of_birth_beside_the_name_decides(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Сергей Иванов", countries=("RU",), birth_dates=("1957-02-20",))])
    near = article("Сергей Иванов (1957 г. р.) выступил.", "Сергей Иванов", language="ru")
    assert hits(annotate(near, lists)) == [["1"]]
    far = article(
        "Сергей Иванов выступил. " + "Потом был перерыв. " * 20 + "В 1957 году.",
        "Сергей Иванов",
        language="ru",
    )
    assert hits(annotate(far, lists)) == [[]]


def test_part_of_a_longer_name_is_not_asked_for_by_itself(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Ali Hassan", countries=("IQ",))])
    text = "Ali Hassan Venediktov of Iraq spoke. Ali Hassan of Iraq left."
    found = annotate(article(text, "Ali Hassan Venediktov", "Ali Hassan", ids=["per:a", "per:a"]), lists)
    assert hits(found) == [[], [], []]


def test_a_short_form_of_one_entity_shares_the_hit(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Arkady Venediktovich Velikoslov")])
    text = "Arkady Venediktovich Velikoslov spoke. Velikoslov left."
    name = "Arkady Venediktovich Velikoslov"
    given = article(text, name, ids=["per:v"])
    start = text.rindex("Velikoslov")
    short = Mention(
        field="text", start=start, end=start + 10, type="PER", confidence=0.8, entity=given.mentions[0].entity
    )
    found = annotate(msgspec.structs.replace(given, mentions=[*given.mentions, short]), lists)
    assert hits(found) == [["1"], ["1"]]


def test_the_full_name_elsewhere_in_the_article_makes_the_letters_a_hit(
    put: Put, entry: New, lists: Watchlists
) -> None:
    put([entry("1", "Tarsin Oil Marine Exports", "TOME", kind="organisation", countries=("IR",))])
    alone = article("TOME of Iran was listed.", "TOME", type_="ORG")
    assert hits(annotate(alone, lists)) == [[]]
    both = article(
        "Tarsin Oil Marine Exports was listed. TOME is in Iran.",
        "Tarsin Oil Marine Exports",
        "TOME",
        type_="ORG",
    )
    assert hits(annotate(both, lists)) == [["1"], ["1"]]


def test_another_wikidata_id_keeps_a_namesake_off(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Arkady Venediktovich Velikoslov", wikidata="Q99999901")])
    name = "Arkady Venediktovich Velikoslov"
    given = article(f"{name} spoke.", name, ids=["per:v"])
    for wikidata, expected in (("Q99999901", [["1"]]), ("Q99999902", [[]])):
        entity = Entity(id="per:v", name=name, wikidata=wikidata)
        mention = msgspec.structs.replace(given.mentions[0], entity=entity)
        assert hits(annotate(msgspec.structs.replace(given, mentions=[mention]), lists)) == expected


def test_hostile_text_ends_soon(put: Put, entry: New, lists: Watchlists) -> None:
    put([entry("1", "Ali Hassan", countries=("IQ",))])
    many = " ".join(f"Ali Hassan{n}" for n in range(3000))
    found = annotate(article(many, *(f"Ali Hassan{n} " for n in range(0, 3000, 10))), lists)
    assert len(found.mentions) > 200
    long = article("x" * 50_000, "x" * 50_000)
    assert annotate(long, lists) is long
