"""How much a name tells who is meant: two names that half a city bears tell nobody apart.

A word counts 2, one that very many bear 1, and what names nobody (bank, company, al-, Dr.) nothing. What the
words are is in `lexicon/`, per script.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from processors.folding import fold
from processors.names.identity import romanise
from processors.watchlists.countries import country_code
from schemas.article import MentionType

LEXICON = Path(__file__).parent / "lexicon"
Distinctness = Literal["common", "short", "telling", "unique"]
ORDER: tuple[Distinctness, ...] = ("common", "short", "telling", "unique")

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HANGUL = re.compile(r"[가-힣]+")
_ARTICLE = re.compile(r"^ال(?=[\u0620-\u06ff]{3})")
_SYLLABLES = re.compile(r"(?:(?:[bcdfghj-np-tw-z]{0,2}|sh|ch|zh)[aeiouw]{1,3}(?:ng|[nkmlptr])?){1,2}")
_ACRONYM = re.compile(r"[^\W\d_]{2,6}")
_SPLIT_LETTERS_MAX = 4
_LONG_HAN, _LONG_HANGUL = 4, 6
_RARE, _COMMON = 2, 1


@lru_cache(maxsize=4096)
def distinctness(name: str, kind: MentionType) -> Distinctness:
    """How telling the name is.

    `common`: a single name of a person, or words that all are very common. `short`: one word that is not
    common, and Korean and Chinese names, but those of three Han characters or more, which are `telling`, as
    is one such word with a common one. `unique`: more.
    """
    weights = [weight for word in words(name) for weight in _weights(word, kind)]
    weights = [weight for weight in weights if weight]
    total, rare = sum(weights), any(weight >= _RARE for weight in weights)
    if kind == "PER" and len(weights) <= 1:
        return "common"
    if kind == "PER" and _is_east_asian(name):
        if not rare or _has_common_given(name):
            return "common"
        return "telling" if len(name) > 2 and _HAN.fullmatch(name) else "short"
    if total >= 2 * _RARE:
        return "unique" if rare else "telling"
    if total == _RARE + _COMMON:
        return "telling" if rare else "short"
    return "short" if rare else "common"


def words(name: str) -> list[str]:
    """The words of a name, folded."""
    return _WORD.findall(fold(name))


def is_acronym(name: str) -> bool:
    """Whether the name is one word of two to six capitals, in a script that has them."""
    return _ACRONYM.fullmatch(name) is not None and name.isupper() and name.lower() != name


def telling_words(name: str) -> str:
    """The name of a body without the words that tell nothing; empty where there are no others."""
    return " ".join(part for word in words(name) if (part := _without_generic(word)))


def _weights(word: str, kind: MentionType) -> list[int]:
    if kind == "PER":
        return [_person_weight(part) for part in _parts(word)]
    return [_body_weight(_without_generic(word))]


def _person_weight(word: str) -> int:
    if len(word) == 1 and not _HAN.fullmatch(word) and not _HANGUL.fullmatch(word):
        return 0
    if word in _lexicon("particles") or word.isdecimal():
        return 0
    return _COMMON if word in _common_names() or _bare(word) in _common_names() else _RARE


def _body_weight(word: str) -> int:
    if not word:
        return 0
    if word.isdecimal() or len(word) == 1 or _bare(word) in _lexicon("common") or country_code(word):
        return _COMMON
    if (_HAN.fullmatch(word) and len(word) >= _LONG_HAN) or (
        _HANGUL.fullmatch(word) and len(word) >= _LONG_HANGUL
    ):
        return _RARE + _COMMON
    return _RARE


def _parts(word: str) -> list[str]:
    """Family and given name of a person whose script puts no space between them; else the word."""
    if len(word) > _SPLIT_LETTERS_MAX or not (_HAN.fullmatch(word) or _HANGUL.fullmatch(word)):
        return [word]
    families = _names("han_family") if _HAN.fullmatch(word) else _names("hangul_family")
    for length in (2, 1):
        if word[:length] in families and len(word) > length:
            return [word[:length], word[length:]]
    return [word]


def _is_east_asian(name: str) -> bool:
    """Whether the name is a Korean or Chinese one, in its script or in Latin letters."""
    parts = words(name)
    if any(_HAN.fullmatch(word) or _HANGUL.fullmatch(word) for word in parts):
        return len(parts) == 1 and len(_parts(parts[0])) > 1
    families = _names("korean_latin") | _names("chinese_latin")
    return (
        len(parts) in {2, 3}
        and not families.isdisjoint(parts)
        and all(_SYLLABLES.fullmatch(word) for word in parts)
    )


def is_common_name(word: str) -> bool:
    """Whether the word is a given or family name that very many bear."""
    return fold(word) in _common_names()


def is_eastern_person(name: str) -> bool:
    """Whether the name is a Korean's or a Chinese one in its own script: a family name and what follows."""
    parts = words(name)
    return all(_HAN.fullmatch(word) or _HANGUL.fullmatch(word) for word in parts) and (
        len(parts) == 1 and len(_parts(parts[0])) > 1
    )


def are_other_letters(left: str, right: str) -> bool:
    """Whether two Chinese names in one script are two names: each is written in few ways.

    Characters are one where they sound alike, as traditional and simplified ones do; in Latin letters it
    has to be the same ones.
    """
    if _HAN.fullmatch(left) and _HAN.fullmatch(right):
        return [romanise(one) for one in left] != [romanise(one) for one in right]
    if not (left.isascii() and right.isascii() and _is_chinese(left) and _is_chinese(right)):
        return False
    return sorted("".join(words(left))) != sorted("".join(words(right)))


def _is_chinese(name: str) -> bool:
    """Whether it is a Chinese and no Korean name in Latin letters."""
    return _is_east_asian(name) and _names("korean_latin").isdisjoint(words(name))


def _has_common_given(name: str) -> bool:
    """Whether the given name is one of the very common ones, also where its syllables stand apart."""
    parts = [part for word in words(name) for part in _parts(word)]
    families = frozenset[str]().union(
        *map(_names, ("korean_latin", "chinese_latin", "han_family", "hangul_family"))
    )
    given = {
        "".join(rest)
        for family, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1]))
        if family in families
    }
    return all(part in _common_names() for part in parts) or not given.isdisjoint(_common_names())


def _without_generic(word: str) -> str:
    """The word, or nothing where it is generic; Han and Hangul names are freed of generic endings."""
    generic = _lexicon("generic")
    if word in generic or _bare(word) in generic:
        return ""
    if _HAN.fullmatch(word) or _HANGUL.fullmatch(word):
        for length in range(len(word) - 1, 1, -1):
            if word[-length:] in generic:
                return _without_generic(word[:-length])
    return word


def _bare(word: str) -> str:
    return _ARTICLE.sub("", word)


@cache
def _common_names() -> frozenset[str]:
    return frozenset(word for key in _file("common_names.yaml") for word in _names(key))


@cache
def _names(key: str) -> frozenset[str]:
    return _folded(_file("common_names.yaml")[key])


@cache
def _lexicon(key: str) -> frozenset[str]:
    return _folded(_file("words.yaml")[key])


@cache
def home_countries(language: str) -> frozenset[str]:
    """The states whose news a language writes."""
    return frozenset(str(_file("words.yaml")["home"].get(language, "")).split())


@cache
def cities() -> dict[str, str]:
    """The state of a city, by the id that the names stage gives it: `city:mosul`."""
    pairs = (pair.split() for pair in _file("words.yaml")["cities"].split(","))
    return {f"city:{city}": code for city, code in pairs}


@cache
def _file(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((LEXICON / name).read_text(encoding="utf-8"))
    return loaded


def _folded(listed: object) -> frozenset[str]:
    folded = [fold(word) for word in str(listed).split()]
    return frozenset([*folded, *(word.replace(" ", "") for word in folded), *map(_bare, folded)])
