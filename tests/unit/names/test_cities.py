from __future__ import annotations

import gzip

import pytest

from processors.folding import fold
from processors.names.catalogue import DATA, known_places
from processors.names.cities import capitals, city, placed
from processors.names.completion import Name
from schemas.article import Entity

with gzip.open(DATA / "cities.tsv.gz", "rt", encoding="utf-8") as packed:
    ROWS = [line.rstrip("\n").split("\t") for line in packed if not line.startswith("#")]


def english(written: str, language: str) -> str | None:
    found = city(written, language)
    return found.name if found else None


@pytest.mark.parametrize(
    ("language", "written", "name"),
    [
        ("ar", "اللاذقية", "Latakia"),
        ("ar", "بنغازي", "Benghazi"),
        ("ar", "كراتشي", "Karachi"),
        ("fa", "بندر عباس", "Bandar Abbas"),
        ("fa", "کرمانشاه", "Kermanshah"),
        ("ru", "Хабаровск", "Khabarovsk"),
        ("ru", "Йоханнесбург", "Johannesburg"),
        ("ko", "오사카", "Osaka"),
        ("ko", "수원", "Suwon"),
        ("zh", "哈尔滨", "Harbin"),
        ("zh", "札幌", "Sapporo"),
        ("tr", "Gaziantep", "Gaziantep"),
        ("tr", "Bükreş", "Bucharest"),
        ("en", "Johannesburg", "Johannesburg"),
        ("fr", "Copenhague", "Copenhagen"),
        ("es", "Zaragoza", "Zaragoza"),
        ("de", "Nürnberg", "Nuremberg"),
        ("de", "Mailand", "Milan"),
    ],
)
def test_a_city_is_known_in_each_language(language: str, written: str, name: str) -> None:
    assert english(written, language) == name


@pytest.mark.parametrize(
    ("language", "written", "name"),
    [
        ("ru", "Хабаровском", "Khabarovsk"),
        ("ru", "Казани", "Kazan"),
        ("ru", "Ярославля", "Yaroslavl"),
        ("ru", "Набережных Челнах", "Naberezhnyye Chelny"),
        ("ru", "Ростове-на-Дону", "Rostov-on-Don"),
        ("ar", "حلب", "Aleppo"),
        ("ar", "لاذقية", "Latakia"),
        ("ar", "للاذقية", "Latakia"),
        ("ko", "춘천시", "Chuncheon"),
        ("ko", "울산광역시", "Ulsan"),
        ("zh", "青岛市", "Qingdao"),
        ("tr", "Diyarbakır'da", "Diyarbakır"),
        ("tr", "DİYARBAKIR", "Diyarbakır"),
        ("de", "Mannheims", "Mannheim"),
        ("en", "NAIROBI", "Nairobi"),
        ("ar", "بنـغازي\u200f", "Benghazi"),
        ("fr", "Addis\u00a0Abeba", "Addis Ababa"),
    ],
)
def test_cases_particles_and_letters_do_not_hide_it(language: str, written: str, name: str) -> None:
    assert english(written, language) == name


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Hyderabad"),  # of India and of Pakistan
        ("en", "Columbus"),
        ("es", "Mérida"),
        ("fr", "Bienne"),  # a town of its own, and Vienna somewhere
        ("zh", "奥克兰"),  # Auckland and Oakland
        ("en", "Ontario"),
        ("ar", "الجزيرة"),
        ("en", "Mexico"),
        ("ru", "Тунис"),
        ("es", "La Casa Blanca"),
        ("en", "White House"),
        ("en", "MOW"),
        ("zh", "一"),
        ("ar", ""),
        ("ru", "Хабаровчанин"),
        ("und", "х" * 50_000),
        ("ru", "Ро" * 5_000),
        ("en", "\ud800"),
    ],
)
def test_what_is_open_or_no_city_is_none(language: str, written: str) -> None:
    assert city(written, language) is None


def test_the_larger_of_one_name_is_meant_by_far() -> None:
    portland = city("Portland", "en")
    assert portland is not None
    [row] = [row for row in ROWS if portland.id == f"city:geonames-{row[0]}"]
    assert int(row[3]) > 600_000


def test_a_city_of_our_own_list_keeps_its_id() -> None:
    assert (
        city("Moskva", "fi")
        == city("Moscow", "en")
        == Entity(id="city:moscow", name="Moscow", wikidata="Q649")
    )
    by_id = {place.id: (place, spellings) for place, spellings in known_places()}
    listed = {fold(row[4]) for row in ROWS}
    missed = [
        place.name
        for place, _ in by_id.values()
        if place.id.startswith("city:")
        and fold(place.name) in listed
        and (found := city(place.name, "en"))
        and found != place
    ]
    assert missed == []


def test_every_state_has_a_capital_among_them() -> None:
    assert {"city:moscow", "city:pyongyang", "city:tehran", "city:washington"} <= capitals()
    with_capital = {row[1] for row in ROWS if row[2] == "1"}
    assert {"KZ", "SS", "LI", "NR", "MC", "VA", "TW", "PS", "XK"} <= with_capital
    assert len(with_capital) > 230


def test_the_file_says_whose_it_is_and_holds_names_as_they_are_looked_up() -> None:
    with gzip.open(DATA / "cities.tsv.gz", "rt", encoding="utf-8") as file:
        head = [next(file) for _ in range(3)]
    assert "GeoNames" in head[0]
    assert "CC BY 4.0" in head[0]
    names = [name for row in ROWS for name in row[5].split(";") if name]
    latin = [name for name in names if not "А" <= name[0] <= "я" and name[0] != "Ё"]
    assert [name for name in latin if fold(name) != name] == []
    folded = [fold(name) for name in names]
    assert len(folded) == len(set(folded))
    assert min(map(len, folded)) >= 2


def name(text: str, written: str, kind: str, confidence: float, entity: Entity | None = None) -> Name:
    start = text.index(written)
    return Name(start, start + len(written), kind, confidence, entity)  # type: ignore[arg-type]


def kinds(text: str, language: str, *found: Name) -> list[tuple[str, str, str | None]]:
    [names] = placed([(text, found)], language)
    return [(text[n.start : n.end], n.type, n.entity.name if n.entity else None) for n in names]


def test_a_place_that_was_found_gets_its_city() -> None:
    text = "Fighting near Benghazi and in the village of Oakhurst Mills."
    found = [name(text, "Benghazi", "LOC", 0.95), name(text, "Oakhurst Mills", "LOC", 0.9)]
    assert kinds(text, "en", *found) == [("Benghazi", "LOC", "Benghazi"), ("Oakhurst Mills", "LOC", None)]


@pytest.mark.parametrize(
    ("language", "text", "written", "city_name"),
    [
        ("ar", "وصل الوفد إلى بورتسودان صباح اليوم", "بورتسودان", "Port Sudan"),
        ("fa", "هیئت به کرمانشاه رسید", "کرمانشاه", "Kermanshah"),
        ("ru", "Поезд пришёл в Хабаровск утром", "Хабаровск", "Khabarovsk"),
        ("ko", "대표단은 오사카에 도착했다", "오사카", "Osaka"),
        ("zh", "代表团抵达哈尔滨", "哈尔滨", "Harbin"),
        ("tr", "Heyet Gaziantep yolunda", "Gaziantep", "Gaziantep"),
        ("en", "The train reached Nuevo Laredo at dawn", "Nuevo Laredo", "Nuevo Laredo"),
        ("es", "La delegación llegó a Johannesburgo", "Johannesburgo", "Johannesburg"),
    ],
)
def test_a_large_city_taken_for_a_person_is_a_place(
    language: str, text: str, written: str, city_name: str
) -> None:
    assert kinds(text, language, name(text, written, "PER", 0.6)) == [(written, "LOC", city_name)]
    assert kinds(text, language, name(text, written, "PER", 0.95)) == [(written, "PER", None)]


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "Austin was late", "Austin"),
        ("en", "Sydney was late", "Sydney"),
        ("ru", "Владимир опоздал", "Владимир"),
        ("ru", "Киров опоздал", "Киров"),
        ("ru", "Молотов опоздал", "Молотов"),
        ("zh", "吴忠昨天表示", "吴忠"),
        ("es", "Córdoba llegó tarde", "Córdoba"),
        ("ar", "قال سالم أمس", "سالم"),
    ],
)
def test_a_name_that_people_bear_stays_a_person(language: str, text: str, written: str) -> None:
    assert kinds(text, language, name(text, written, "PER", 0.5)) == [(written, "PER", None)]


def test_a_part_of_a_full_name_in_the_article_stays_a_person() -> None:
    title, text = "Karachi resigns", "Minister Ronald Karachi resigned."
    fields = [
        (title, [name(title, "Karachi", "PER", 0.5)]),
        (text, [name(text, "Ronald Karachi", "PER", 0.9)]),
    ]
    assert [[one.type for one in names] for names in placed(fields, "en")] == [["PER"], ["PER"]]
    alone = [(title, [name(title, "Karachi", "PER", 0.5)])]
    assert placed(alone, "en")[0][0].type == "LOC"


def test_what_is_known_already_and_bodies_are_left_alone() -> None:
    text = "Benghazi and Karachi"
    own = Entity(id="org:x", name="X")
    found = [name(text, "Benghazi", "ORG", 0.5), name(text, "Karachi", "LOC", 0.5, own)]
    assert placed([(text, found)], "en") == [found]
