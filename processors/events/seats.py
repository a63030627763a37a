"""Seats of governments: which state a capital stands for, as places are known by the names stage."""

from __future__ import annotations

import gzip
from functools import cache

from processors.names.catalogue import DATA, known_places

_OTHER_SEATS = {
    "city:brussels": "org:EU", "city:jerusalem": "state:IL", "city:tel-aviv": "state:IL",
    "city:ramallah": "state:PS", "city:taipei": "state:TW",
}  # fmt: skip


def state_of_seat(city: str | None) -> str | None:
    """The entity id of the state or union that has its seat in a city, by its id; else `None`."""
    return _seats().get(city) if city else None


@cache
def _seats() -> dict[str, str]:
    """City ids to entity ids. A row: GeoNames id, country, capital or not, inhabitants, name, …"""
    with gzip.open(DATA / "cities.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [line.split("\t", 5)[:5] for line in file if not line.startswith("#")]
    capitals = {name: country for _, country, capital, _, name in rows if capital == "1"}
    seats = {
        f"city:geonames-{number}": f"state:{country}"
        for number, country, capital, *_ in rows
        if capital == "1"
    }
    own = [place for place, _ in known_places() if place.id.startswith("city:")]
    seats |= {place.id: f"state:{capitals[place.name]}" for place in own if place.name in capitals}
    return seats | _OTHER_SEATS
