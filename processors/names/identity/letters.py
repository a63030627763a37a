"""The letters of a written name: what each script writes as one sound, or nearly.

Latin names give single letters; Cyrillic and Arabic give letters and the pairs that stand for one foreign
sound; Hangul gives initial, vowel and coda; Han gives onset, rhyme and nasal of a character's Mandarin
reading. Of Hangul and Han each letter is led by its character (`정:ㅓ`), since 정 is written Jung where 저 is
written Jeo; `general` takes that off again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from anyascii import anyascii

_DROPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u0653\u0656-\u065f\u0670\u200b-\u200f\u2060-\u2069\ufeff]"
)
_SPECIAL = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ə": "a",
        "ø": "ö",
        "ş": "š", "ș": "š", "ć": "č", "ț": "c", "ţ": "c", "ż": "ž", "ź": "ž", "å": "o", "ő": "ö", "ű": "ü",
        "'": None, "’": None, "ʼ": None, "ʻ": None, "`": None, "´": None, "ʿ": None, "ʾ": None, "‘": None,
    }
)  # fmt: skip
_LATIN_LETTER = re.compile("sch|oo|ee|ou|.")
_KEPT = frozenset("çčšžñğöüä")
_ARABIC_TWINS = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ۃ": "ة", "ۀ": "ة", "ھ": "ه", "ہ": "ه", "ە": "ه", "ک": "ك",
        "ٱ": "ا", "ڤ": "ف", "ڨ": "ق", "ڭ": "ك", "ۆ": "و", "ێ": "ي", "ۇ": "و", "ۋ": "و", "ڵ": "ل", "ڕ": "ر",
        "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ں": "ن",
    }
)  # fmt: skip
_CYRILLIC_PAIRS = frozenset(
    {"дж", "кс", "тс", "дз", "тш", "гз", "тч", "нг", "чж", "цз", "ай", "эй", "ей", "оу", "ау"}
)
_ARABIC_PAIRS = frozenset({"تش", "دج", "كس", "تس", "نغ", "دز", "اي", "او"})
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_CODAS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_GLIDES = {"이": "ㅏㅔㅐㅗ", "우": "ㅏㅗ"}
_PINYIN = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(er$|[aeiouv]+)(ng|n|r)?$")


def script_of(letter: str) -> str:
    """`latin`, `cyrillic`, `arabic`, `hangul`, `han`, or `other` for any letter that is none of these."""
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "latin"
    if "\u0400" <= letter <= "\u052f":
        return "cyrillic"
    if "\u0600" <= letter <= "\u077f" or "\u08a0" <= letter <= "\u08ff" or "\ufb50" <= letter <= "\ufefc":
        return "arabic"
    if "가" <= letter <= "힣":
        return "hangul"
    if "\u3400" <= letter <= "\u9fff" or letter == "々" or "\uf900" <= letter <= "\ufaff":
        return "han"
    return "other"


def letters(word: str, script: str) -> list[str]:
    """The letters of one word, all of one script.

    Beside the scripts of `script_of`, `korean` is Hangul that writes a Korean name, `vowelless` Arabic that
    writes few vowels, `eastern` Cyrillic that writes a Chinese, Japanese or Korean name, `pinyin` Han (or a
    syllable in pinyin) read in Mandarin, `romaji` a Japanese reading in Latin letters.
    """
    if script in _SPELLERS:
        return _SPELLERS[script](word)
    return latin(word if script in {"latin", "romaji"} else anyascii(word))


@cache
def _latin_letter(letter: str) -> str:
    kept = letter.translate(_SPECIAL)
    if kept != letter or letter in _KEPT:
        return kept
    base = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in base if "a" <= part <= "z")


def latin(word: str) -> list[str]:
    """Lower-case letters a to z and a few with marks; oo, ee, ou and sch are one, so is a silent last e."""
    folded = unicodedata.normalize("NFC", word.casefold())
    found = _LATIN_LETTER.findall("".join(map(_latin_letter, folded)))
    if len(found) > 2 and folded[-1] == "e" and found[-1] == "e" and found[-2][-1] not in "aeiouy":
        found[-1] = "e$"
    return found


def spelling(letters_of_word: Iterable[str]) -> str:
    """Latin letters as they are written."""
    return "".join(letters_of_word).replace("$", "")


def _paired(plain: str, pairs: frozenset[str]) -> list[str]:
    found: list[str] = []
    for letter in plain:
        if found and found[-1] + letter in pairs:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _cyrillic(word: str) -> list[str]:
    plain = unicodedata.normalize("NFC", word.casefold())
    return _paired("".join(letter for letter in plain if letter.isalpha()), _CYRILLIC_PAIRS)


def _arabic(word: str) -> list[str]:
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", word)).translate(_ARABIC_TWINS)
    found = _paired("".join(letter for letter in plain if letter.isalpha()), _ARABIC_PAIRS)
    if found and found[0] in "اويع":
        found[0] = "^" + found[0]
    if len(found) > 1 and found[-1] in "اويه":
        found[-1] += "$"
    return found


def general(letter: str) -> str:
    """The letter without the character it is led by."""
    return letter.rpartition(":")[2]


def _hangul(word: str) -> list[str]:
    found: list[str] = []
    for syllable in word:
        if found and syllable in _GLIDES and found[-1][-1] in _GLIDES[syllable]:
            found[-1] += _jamo(syllable)[0]
        else:
            found += [f"{syllable}:{jamo}" for jamo in _jamo(syllable)]
    return found


def _jamo(syllable: str) -> list[str]:
    code = ord(syllable) - 0xAC00
    if not 0 <= code < 11172:
        return []
    initial, vowel, coda = code // 588, code // 28 % 21, code % 28
    found = [] if _INITIALS[initial] == "ㅇ" else [_INITIALS[initial]]
    found.append(chr(0x314F + vowel))
    if coda:
        found.append("-" + _CODAS[coda])
    return found


@cache
def pinyin(character: str) -> str:
    """The Mandarin reading without tone, `lü` as `lv`; empty where there is none."""
    return anyascii(character).lower() if script_of(character) == "han" else ""


@cache
def han_units(character: str) -> tuple[str, ...]:
    """Onset, rhyme and nasal of the Mandarin reading; the rhyme knows its onset."""
    return _pinyin_units(pinyin(character))


def _pinyin_units(syllable: str) -> tuple[str, ...]:
    match = _PINYIN.match(syllable)
    if match is None:
        return ()
    onset, rhyme, nasal = match.groups(default="")
    if onset in {"y", "w"}:
        onset, rhyme = "", onset + rhyme
    found = [f"{onset}-", f"{rhyme}/{onset}" if len(rhyme) == 1 else f"{rhyme}/"]
    return tuple(unit for unit in (found if onset else found[1:]) + ([f"-{nasal}"] if nasal else []))


def _han(word: str) -> list[str]:
    return [f"{character}:{unit}" for character in word for unit in han_units(character)]


def _mandarin(word: str) -> list[str]:
    return list(_pinyin_units(word)) if word.isascii() else [u for c in word for u in han_units(c)]


def _korean(word: str) -> list[str]:
    return [f"{syllable}:{jamo}" for syllable in word for jamo in _jamo(syllable)]


_SPELLERS: dict[str, Callable[[str], list[str]]] = {
    "cyrillic": _cyrillic,
    "eastern": _cyrillic,
    "arabic": _arabic,
    "vowelless": _arabic,
    "hangul": _hangul,
    "korean": _korean,
    "han": _han,
    "pinyin": _mandarin,
}
