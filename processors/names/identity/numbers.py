"""The letters of a word as their numbers in the table of sounds."""

from __future__ import annotations

from processors.names.identity.letters import general, letters
from processors.names.identity.sounds import sounds

_FITTED = frozenset(
    {"latin", "cyrillic", "eastern", "arabic", "vowelless", "hangul", "korean", "han", "pinyin", "romaji"}
)


def numbers(word: str, script: str) -> list[int]:
    """The letters' numbers in the table; a letter without one of its own has its general one, or none."""
    table = sounds().number
    known = script if script in _FITTED else "latin"
    found = (
        table.get(f"{known} {letter}", table.get(f"{known} {general(letter)}"))
        for letter in letters(word, script)
    )
    return [number for number in found if number is not None]
