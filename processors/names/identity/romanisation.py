"""A readable Latin form of a name in any script; two other scripts are compared by way of it."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from processors.names.identity.letters import pinyin
from processors.names.identity.words import words_of

_CYRILLIC = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўәғқңөұүһјљњћђџѓќѕ",
        ["a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "i", "yi", "ye", "g", "w",
         "a", "gh", "q", "ng", "o", "u", "u", "h", "j", "lj", "nj", "c", "dj", "dz", "gj", "kj", "dz"],
        strict=True)
)  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j",
    "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh",
    "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k",
    "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "a", "ى": "a", "ء": "", "ئ": "i",
    "ؤ": "u", "ہ": "h", "ھ": "h", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e",
}  # fmt: skip
_GLIDES = {"و": ("w", "u"), "ي": ("y", "i"), "ی": ("y", "i")}
_SINGLE = {"نغ": "نگ", "أو": "ؤ", "او": "ؤ", "إي": "إ", "اي": "إ"}
_DIGRAPHS = re.compile("نغ|^(?:أو|او|إي|اي)")
_ARABIC_VOWELS = frozenset("اأإآٱعوييى")
_FAMILY = {
    "김": "kim", "이": "lee", "리": "ri", "박": "park", "최": "choi", "정": "jung", "강": "kang", "조": "cho",
    "윤": "yoon", "임": "lim", "오": "oh", "신": "shin", "권": "kwon", "안": "ahn", "유": "yoo", "류": "ryu",
    "전": "jeon", "고": "ko", "문": "moon", "배": "bae", "백": "baek", "허": "heo", "노": "roh", "우": "woo",
    "구": "koo", "주": "joo", "추": "choo", "손": "son", "황": "hwang", "홍": "hong", "양": "yang",
}  # fmt: skip


def romanise(name: str) -> str:
    """The name in Latin letters, each word with a capital; a name already Latin keeps its letters.

    Arabic has no short vowels, so Mhmd may come out. Han is read as Mandarin.
    """
    found = []
    for word, script in words_of(name):
        latin = word if script == "latin" else romanised(word, script)
        found += [part[:1].upper() + part[1:] for part in latin.split()]
    return " ".join(found)


def romanised(word: str, script: str) -> str:
    """One word in lower-case ASCII letters; a Korean name, and a Han one, in two words or more."""
    if script == "cyrillic":
        return anyascii("".join(_CYRILLIC.get(letter, letter) for letter in word.casefold())).lower()
    if script == "arabic":
        return _arabic(word)
    if script == "hangul":
        first = _FAMILY.get(word[0]) if len(word) == 3 else None
        return f"{first} {anyascii(word[1:])}".lower() if first else anyascii(word).lower()
    if script == "han":
        syllables = [pinyin(character) for character in word]
        return f"{syllables[0]} {''.join(syllables[1:])}" if len(word) <= 3 else "".join(syllables)
    return anyascii(word).lower()


def _arabic(word: str) -> str:
    spelt = _DIGRAPHS.sub(lambda pair: _SINGLE[pair.group()], unicodedata.normalize("NFKC", word))
    letters = [letter for letter in spelt if letter.isalpha()]
    found = []
    for place, letter in enumerate(letters):
        if letter in _GLIDES:
            beside = letters[place + 1 : place + 2]
            open_next = bool(beside) and beside[0] in _ARABIC_VOWELS
            found.append(_GLIDES[letter][0 if place == 0 or open_next else 1])
        else:
            found.append(_ARABIC.get(letter, anyascii(letter).lower()))
    return "".join(found)
