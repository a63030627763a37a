"""A readable Latin form of a name in any script."""

from __future__ import annotations

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

from processors.folding import fold

_CYRILLIC = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўәғқңөұүһјљњћђџѓќѕ",
        ["a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "i", "yi", "ye", "g", "w",
         "a", "gh", "q", "ng", "o", "u", "u", "h", "j", "lj", "nj", "c", "dj", "dz", "gj", "kj", "dz"],
        strict=True)
)  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch",
    "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "گ": "g",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u", "ي": "i", "ء": "", "ئ": "", "ؤ": "u",
}  # fmt: skip
_INITIALS = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h",
]  # fmt: skip
_VOWELS = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi",
    "yu", "eu", "ui", "i",
]  # fmt: skip
_CODAS = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t",
    "ng", "t", "t", "k", "t", "p", "t",
]  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff]+")


def romanise(name: str) -> str:
    """The name in Latin letters without marks, words capitalised; a name already Latin keeps its words.

    Arabic has no short vowels, so a form like `Mhmd` may come out. Other scripts than Latin, Cyrillic,
    Arabic, Hangul and Han are left as they are.
    """
    folded = _HAN.sub(_pinyin, fold(name))
    letters = "".join(_letter(letter) for letter in folded)
    return " ".join(word[:1].upper() + word[1:] for word in letters.replace("·", " ").split())


def _letter(letter: str) -> str:
    if "가" <= letter <= "힣":
        code = ord(letter) - 0xAC00
        return _INITIALS[code // 588] + _VOWELS[code // 28 % 21] + _CODAS[code % 28]
    if letter in _CYRILLIC:
        return _CYRILLIC[letter]
    if letter in _ARABIC:
        return _ARABIC[letter]
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isalnum() or base in " ·'" else " "


def _pinyin(run: re.Match[str]) -> str:
    return f" {' '.join(lazy_pinyin(run.group(), style=Style.NORMAL))} "
