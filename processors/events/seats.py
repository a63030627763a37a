"""Seats of governments: which state a capital stands for, as places are known by the names stage."""

from __future__ import annotations

from functools import cache

from processors.names.cities import states_of_capitals

_OTHER_SEATS = {
    "city:brussels": "org:EU", "city:jerusalem": "state:IL", "city:tel-aviv": "state:IL",
    "city:ramallah": "state:PS", "city:taipei": "state:TW",
}  # fmt: skip


def state_of_seat(city: str | None) -> str | None:
    """The entity id of the state or union that has its seat in a city, by its id; else `None`."""
    return _seats().get(city) if city else None


@cache
def _seats() -> dict[str, str]:
    return {**states_of_capitals(), **_OTHER_SEATS}
