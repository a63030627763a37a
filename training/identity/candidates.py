"""Which spellings are fitted together, for each of the ways to write that `letters` knows."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path

from anyascii import anyascii
from pairs import SPELLINGS_MAX, by_script, candidates, geonames_lines, wikidata_lines
from readings import HIRAGANA, hepburn, plain, short
from rules import chinese_syllables, eastern_syllables, korean_syllables

from processors.names.identity.letters import letters, pinyin

PAIRS_MAX = 120_000
RULE_WEIGHT = 8
LETTERS_MAX = 18
_RULES = {"korean": korean_syllables, "eastern": eastern_syllables, "pinyin": chinese_syllables}
_TONE_DIGITS = frozenset("0123456789⁰¹²³⁴⁵⁶⁷⁸⁹")
_ALIKE = 0.55
Lines = list[list[str]]
Candidates = Iterator[tuple[str, list[str]]]
Pair = tuple[list[str], list[str], int]


def unmarked(spelling: str) -> str:
    base = unicodedata.normalize("NFKD", spelling)
    return "".join(letter for letter in base if not unicodedata.combining(letter))


def spelling_pairs(source: Path, script: str) -> list[Pair]:
    """Letters as written and in Latin, with the number of the line; half of the Latin marks are dropped."""
    chance = random.Random(1)
    found = list(_candidates(list(chain(wikidata_lines(source), geonames_lines(15000))), script))
    chance.shuffle(found)
    if script in _RULES:
        found = list(_RULES[script]()) * RULE_WEIGHT + found
    pairs: list[Pair] = []
    for group, (native, latins) in enumerate(found[:PAIRS_MAX]):
        x = letters(native, script)
        for spelling in latins:
            y = letters(unmarked(spelling) if chance.random() < 0.5 else spelling, "latin")
            if _comparable(len(x), len(y)):
                pairs.append((x, y, group))
    return pairs


def _comparable(native: int, latin: int) -> bool:
    within = 1 <= native <= LETTERS_MAX and 1 <= latin <= LETTERS_MAX
    return within and latin <= 3 * native + 3 and native <= 2.5 * latin + 3


def _candidates(lines: Lines, script: str) -> Candidates:
    special: dict[str, Callable[[Lines], Candidates]] = {
        "latin": _latin,
        "korean": _korean,
        "vowelless": _vowelless,
        "eastern": _eastern,
        "pinyin": _pinyin,
        "romaji": _romaji,
        "han": _han,
    }
    return special[script](lines) if script in special else candidates(iter(lines), script)


def _latin(lines: Lines) -> Candidates:
    for spellings in lines:
        latin = by_script(spellings).get("latin", [])[:8]
        for first in latin:
            alike = [other for other in latin if other != first and _is_alike(first, other)]
            if alike:
                yield first, alike


def _is_alike(a: str, b: str) -> bool:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() > _ALIKE


def _han(lines: Lines) -> Candidates:
    """Foreign names in two or more characters; lines with hiragana are Japanese or Chinese names."""
    foreign = (spellings for spellings in lines if not _has_hiragana(spellings))
    return ((native, latin) for native, latin in candidates(foreign, "han") if len(native) > 1)


def _has_hiragana(spellings: Iterable[str]) -> bool:
    return any("\u3041" <= letter <= "\u309f" for word in spellings for letter in word)


def _korean(lines: Lines) -> Candidates:
    """Hangul that a Latin spelling of the line follows letter by letter, as Korean names have."""
    for spellings in lines:
        if any(letter in _TONE_DIGITS for word in spellings for letter in word):
            continue
        scripts = by_script(spellings)
        latin = scripts.get("latin", [])[:SPELLINGS_MAX]
        for native in scripts.get("hangul", []):
            if len(native) <= 3 and anyascii(native).lower() in latin:
                yield native, latin


def _vowelless(lines: Lines) -> Candidates:
    """Arabic that writes few of the Latin vowels, as Arabic and Persian names do and foreign ones don't."""
    for native, latins in candidates(iter(lines), "arabic"):
        written = sum(letter in "اأإآويىیةه" for letter in native)
        sparse = [s for s in latins if sum(letter in "aeiou" for letter in unmarked(s)) >= written + 1]
        if sparse:
            yield native, sparse


def _eastern(lines: Lines) -> Candidates:
    """Cyrillic of names that are Chinese, Japanese or Korean, which has rules of its own."""
    east = [s for s in lines if {"han", "hangul"} & by_script(s).keys() and _is_eastern(s)]
    yield from candidates(iter(east), "cyrillic")


def _pinyin(lines: Lines) -> Candidates:
    """Han with Latin spellings of which one is its pinyin."""
    for spellings in lines:
        scripts = by_script(spellings)
        read = sorted({plain(spelling) for spelling in spellings if spelling[:1].isascii()})[:SPELLINGS_MAX]
        for name in scripts.get("han", []):
            if len(name) in {2, 3} and "".join(map(pinyin, name)) in read:
                yield name, read


def _romaji(lines: Lines) -> Candidates:
    """The reading in hiragana, as Latin letters, with the Latin spellings."""
    for spellings in lines:
        latin = by_script(spellings).get("latin", [])[:SPELLINGS_MAX]
        kana = [word for word in spellings if HIRAGANA.fullmatch(word)]
        for reading in sorted({short(r) for word in kana for r in hepburn(word)}):
            if latin:
                yield reading, latin


def _is_eastern(spellings: list[str]) -> bool:
    """Whether a line is of a name that is Chinese, Japanese or Korean."""
    latin = {plain(spelling) for spelling in spellings}
    han = [spelling for spelling in by_script(spellings).get("han", []) if len(spelling) <= 3]
    hangul = by_script(spellings).get("hangul", [])
    return (
        (_has_hiragana(spellings) and bool(han))
        or any("".join(map(pinyin, name)) in latin for name in han)
        or any(anyascii(name).lower() in latin for name in hangul)
    )
