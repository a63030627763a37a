"""Names as they stand in a list, out of the cases they take in Russian and Ukrainian text.

A guess from endings, for looking a name up and nothing else: a list says whether someone is called so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from processors.watchlists.distinctness import is_common_name

_CYRILLIC = re.compile(r"[\u0400-\u04ff'ʼ’-]+")
_VOWELS = "аеёиоуыэюяіїє"
_ADJECTIVES = {
    "genitive": ("ого", "его"),
    "dative": ("ому", "ему"),
    "instrumental": ("ким", "гим", "хим", "щим", "шим", "жим"),
    "prepositional": ("ском", "цком"),
}
_NOUNS = {
    "genitive": ("а", "я"),
    "dative": ("у", "ю"),
    "instrumental": ("ым", "ом", "ем", "им"),
    "prepositional": ("е",),
}
_FEMININE = {"ой": "а", "ей": "я", "ы": "а", "и": "я"}
_SURNAMES = ("ов", "ев", "ёв", "ин", "ын")
_STEM_LETTERS_MIN = 2


@lru_cache(maxsize=4096)
def nominatives(name: str) -> tuple[str, ...]:
    """What a person of two names or more may be called if the name stands in another case; often nothing.

    A name that is plainly in the nominative (Анна Иванова) is no other's in the genitive (Анн Иванов).
    """
    words = name.split()
    if len(words) < 2 or not all(map(_CYRILLIC.fullmatch, words)):
        return ()
    if words[0].casefold().endswith(("а", "я")) and is_common_name(words[0]):
        return ()
    found = [[_masculine(word, case) for word in words] for case in _NOUNS]
    found.append([_feminine(word) for word in words])
    return tuple(
        dict.fromkeys(" ".join(guess) for guess in found if guess[-1] != words[-1] and guess != words)
    )


def _masculine(word: str, case: str) -> str:
    """Серге-я, Серге-ю, Серге-ем, Серге-е; Игор-я; Иванов-а, Иванов-ым; Вяземск-ого. Others stay."""
    for ending in _ADJECTIVES[case]:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_LETTERS_MIN:
            keeps = 1 if case == "instrumental" else 2 if case == "prepositional" else 0
            return word[: len(word) - len(ending) + keeps] + "ий"
    for ending in _NOUNS[case]:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _STEM_LETTERS_MIN:
            return stem + _last_letter(stem, ending)
    return word


def _last_letter(stem: str, ending: str) -> str:
    if stem[-1] in _VOWELS:
        return "й"
    if ending in {"я", "ю", "ем"}:
        return "ь"
    return "ый" if ending == "ым" and not stem.endswith(_SURNAMES) else ""


def _feminine(word: str) -> str:
    """Анн-ы, Анн-ой; Мари-и, Мари-ей; Иванов-ой."""
    for ending, nominative in _FEMININE.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _STEM_LETTERS_MIN:
            return stem + nominative
    return word
