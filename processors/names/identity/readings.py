"""How Han characters and whole Japanese names are read, from the tables that `training/identity` makes."""

from __future__ import annotations

import math
from functools import cache

from processors.names.identity.sounds import DATA

TONGUES = ("ja", "ko", "la", "alone")
Readings = dict[str, float]


def one_form(characters: str) -> str:
    """Simplified and Japanese forms as the traditional one."""
    return characters.translate(_forms())


def readings(character: str, tongue: str) -> Readings:
    """A character's readings with the log of their share, likeliest first, in one of TONGUES.

    `ko` are in Hangul, the others in Latin letters; `la` are Cantonese and Vietnamese, `alone` those of
    Japanese names of one character.
    """
    return _table().get(one_form(character), {}).get(tongue, {})


def whole_readings(name: str) -> list[str]:
    """The readings of a Japanese family or given name of two or three characters, likeliest first."""
    return _whole().get(one_form(name), [])


@cache
def _forms() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in (DATA / "forms.txt").read_text(encoding="utf-8").split()}


@cache
def _table() -> dict[str, dict[str, Readings]]:
    found = {}
    for line in (DATA / "han.tsv").read_text(encoding="utf-8").splitlines():
        character, *cells = line.split("\t")
        found[character] = {
            tongue: {reading[:-1]: 2 * math.log(int(reading[-1]) / 9) for reading in cell.split()}
            for tongue, cell in zip(TONGUES, cells, strict=True)
        }
    return found


@cache
def _whole() -> dict[str, list[str]]:
    rows = (line.split("\t") for line in (DATA / "japanese.tsv").read_text(encoding="utf-8").splitlines())
    return {name: read for name, *read in rows}
