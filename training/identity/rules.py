"""Pairs made by rule: Korean syllables as Koreans spell them, and the Russian systems for the East.

Cyrillic writes Chinese by Palladius, Korean by Kontsevich, Japanese by Polivanov; names that follow them are
spelt by rule, so the rules are given here rather than waited for in data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

KOREAN = Path(__file__).parent / "korean.txt"
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_KOREAN_INITIALS = dict(zip(_INITIALS, "ккнттрмппсс_чччктпх", strict=True))
_KOREAN_VOICED = {"ㄱ": "г", "ㄷ": "д", "ㅂ": "б", "ㅈ": "дж", "ㄹ": "р"}
_KOREAN_VOWELS = (
    *(
        "а",
        "э",
        "я",
        "е",
        "о",
        "е",
        "ё",
        "е",
        "о",
        "ва",
        "вэ",
        "ве",
        "ё",
        "у",
        "во",
        "ве",
        "ви",
        "ю",
        "ы",
        "ый",
        "и",
    ),
)
_KOREAN_CODAS = ("", *"кккнннт", "ль", *"км", *["ль"] * 5, *"мппттнтткт", *"пт")
_CHINESE_INITIALS = {
    "zh": "чж", "ch": "ч", "sh": "ш", "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н",
    "l": "л", "g": "г", "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "r": "ж", "z": "цз",
    "c": "ц", "s": "с",
}  # fmt: skip
_CHINESE_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю",
    "ian": "янь",
    "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай",
    "ui": "уй", "uan": "уань", "un": "унь", "uang": "уан", "ue": "юэ",
}  # fmt: skip
_CHINESE_ALONE = {
    "yi": "и", "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян",
    "ying": "ин", "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wu": "у", "wa": "ва",
    "wo": "во", "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн",
    "er": "эр",
    "an": "ань", "ai": "ай", "ao": "ао", "en": "энь", "ou": "оу",
}  # fmt: skip
_FRONT = {"u": "юй", "uan": "юань", "un": "юнь", "ue": "юэ"}
_HISSED = {"zi": "цзы", "ci": "цы", "si": "сы"}
_JAPANESE = {
    "shi": "си", "chi": "ти", "tsu": "цу", "ji": "дзи", "zu": "дзу", "sha": "ся", "shu": "сю", "sho": "сё",
    "cha": "тя", "chu": "тю", "cho": "тё", "ja": "дзя", "ju": "дзю", "jo": "дзё", "ya": "я", "yu": "ю",
    "yo": "ё",
    "wa": "ва", "n": "н",
}  # fmt: skip
_JAPANESE_INITIALS = {**dict(zip("kstnhmrgdbpf", "кстнхмргдбпф", strict=True)), "z": "дз"}
_JAPANESE_VOWELS = {"a": "а", "i": "и", "u": "у", "e": "э", "o": "о"}
_GLIDES = {"ya": "я", "yu": "ю", "yo": "ё"}


def korean_syllables() -> Iterator[tuple[str, list[str]]]:
    """A syllable in Hangul with the ways it is spelt in Latin letters, commonest first."""
    for line in KOREAN.read_text(encoding="utf-8").splitlines():
        syllable, *spellings = line.split()
        yield syllable, spellings


def eastern_syllables() -> Iterator[tuple[str, list[str]]]:
    """Syllables in Cyrillic with their spellings in Latin letters."""
    for syllable, spellings in korean_syllables():
        for cyrillic in _kontsevich(syllable):
            yield cyrillic, spellings
    yield from ((cyrillic, [latin]) for latin, cyrillic in _palladius())
    yield from ((cyrillic, [latin]) for latin, cyrillic in _polivanov())


def _kontsevich(syllable: str) -> list[str]:
    code = ord(syllable) - 0xAC00
    initial, vowel, coda = _INITIALS[code // 588], _KOREAN_VOWELS[code // 28 % 21], _KOREAN_CODAS[code % 28]
    opened = {_KOREAN_INITIALS[initial].strip("_"), _KOREAN_VOICED.get(initial, "")} - {""} or {""}
    return sorted(head + vowel + coda for head in opened)


def _palladius() -> Iterator[tuple[str, str]]:
    yield from _CHINESE_ALONE.items()
    yield from _HISSED.items()
    for initial, head in _CHINESE_INITIALS.items():
        for final, tail in _CHINESE_FINALS.items():
            if initial + final not in _HISSED:
                yield initial + final, head + (_FRONT.get(final, tail) if initial in "jqx" else tail)


def _polivanov() -> Iterator[tuple[str, str]]:
    yield from _JAPANESE.items()
    for initial, head in _JAPANESE_INITIALS.items():
        for vowel, tail in _JAPANESE_VOWELS.items():
            if initial + vowel not in {"si", "ti", "tu", "zi", "du", "di"}:
                yield initial + vowel, head + tail
        for glide, tail in _GLIDES.items():
            if initial in "knhmrgbp":
                yield initial + glide, head + tail


_WADE_INITIALS = {
    "zh": "ch", "q": "ch", "x": "hs", "j": "ch", "z": "ts", "c": "ts", "b": "p", "d": "t", "g": "k", "r": "j",
}  # fmt: skip
_WADE_FINALS = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ong": "ung", "iong": "iung", "uo": "o", "iu": "iu"}
_WADE_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu",
    "ge": "ko",
    "ke": "ko", "he": "ho", "e": "o", "you": "yu", "yan": "yen", "yi": "i", "ye": "yeh", "yue": "yueh",
    "er": "erh", "guo": "kuo", "yu": "yu", "ju": "chu", "qu": "chu", "xu": "hsu", "gui": "kuei",
    "kui": "kuei",
}  # fmt: skip


def chinese_syllables() -> Iterator[tuple[str, list[str]]]:
    """Syllables in pinyin with their spellings in pinyin and in Wade-Giles."""
    for syllable in _CHINESE_ALONE:
        yield syllable, [syllable, _WADE_WHOLE.get(syllable, syllable)]
    for initial in _CHINESE_INITIALS:
        for final in _CHINESE_FINALS:
            plain = _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)
            yield initial + final, [initial + final, _WADE_WHOLE.get(initial + final, plain)]
