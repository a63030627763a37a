"""Ids and blocking keys out of a name alone: what of its sound spellings and scripts agree on."""

from __future__ import annotations

import hashlib
import re

from processors.folding import fold
from processors.names.identity.letters import latin, letters, spelling
from processors.names.identity.reading import spelt_forms
from processors.names.identity.romanisation import romanised
from processors.names.identity.words import NAME_MAX, OUTER, PARTICLE, skip_weight, words_of

SOUNDS_MIN, WORD_MIN = 6, 2
ID_MAX = 64
_LATIN = re.compile(
    r"(?P<j>d?s[cz]?h|t?sch|t?ch|d?zh|dj|dzs|cz|sz|[jčšž])|(?P<s>t[sz]|dz|[cç](?=[eiy])|[szç])"
    r"|(?P<v>ph|[fvw])|(?P<p>p)|(?P<b>b)|(?P<t>th?)|(?P<d>dh?)|(?P<n>ng|[nñ])|(?P<m>m)"
    r"|(?P<x>x)|(?P<silent>kh|h|^[aeiouyöüä])|(?P<g>g[hu]?(?=.)|[gğ])|(?P<k>ck|qu|[kqc])|(?P<l>l)|(?P<r>r)|."
)
_CYRILLIC = {
    **dict(zip("пбтдкгґқғмнңњлљрһ", "pbtdkggkgmnnnllr ", strict=True)), **dict.fromkeys("фвў", "v"),
    **dict.fromkeys("зсц", "s"),
    **dict.fromkeys(("ж", "ш", "щ", "ч", "џ", "ћ", "ђ", "дж", "тш", "тч", "чж"), "j"),
    **dict.fromkeys(("дз", "тс", "цз"), "s"), "кс": "ks", "гз": "ks", "нг": "n",
}  # fmt: skip
_ARABIC = {
    **dict(zip("بپتدطضكگقغمنلرةف", "bptdtdkgkgmnlr v", strict=True)), **dict.fromkeys("ثذزسصظ", "s"),
    **dict.fromkeys(("ژ", "ش", "ج", "چ", "تش", "دج"), "j"), "تس": "s", "دز": "s", "كس": "ks", "نغ": "n",
    "^و": "v",
}  # fmt: skip
_VOWELS = frozenset("aeiouyöüäáéíóúâêîôûàèìòùïëıієаеёиоуыэюяїاأإآعيی")
_A = frozenset("aаяáاةهى")
_COARSE = str.maketrans("bvdgjr", "pptksl")


def keys(name: str) -> frozenset[str]:
    """Keys of which two spellings of one name share one: the consonants of each word, and of all in one.

    Consonants that some script does not tell apart are one. Made for blocking: many names share a key.
    """
    found: set[str] = set()
    for form in spelt_forms(name):
        sounds = [_sounds(word, script).translate(_COARSE) for word, script in words_of(form)]
        found.update(sounds)
        found.update("".join(sounds[k:] + sounds[:k]) for k in range(min(len(sounds), 4)))
    return frozenset(found - {""}) or frozenset({fold(name[:NAME_MAX]).strip()} - {""})


def stream_id(name: str, kind: str) -> str:
    """An id for an entity that no catalogue knows: one for most spellings of a name, at most 70 characters.

    A person's words may stand in any order, and particles, titles, initials and patronymics may be missing. A
    name with few consonants is told by its letters, so that Li Na and Lin Yan stay two people.
    """
    written = words_of(name)
    if kind == "PER":
        count = len(written)
        weights = [skip_weight(word, place, count) for place, (word, _) in enumerate(written)]
        chief = [word for word, weight in zip(written, weights, strict=True) if _is_chief(weight)]
        written = chief if len(chief) > 1 else written
    told = _told(written)
    digits = re.sub(r"\D", "", fold(name[:NAME_MAX]))
    body = "-".join([*(sorted(told) if kind == "PER" else told), *([digits] if digits else [])])
    if not body or len(body) > ID_MAX or not body.isascii():
        body = hashlib.sha256((body or fold(name).strip()).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"{kind.lower()}:~{body}"


def _is_chief(weight: float) -> bool:
    return weight < min(PARTICLE, -1.3) or weight == OUTER


def _told(written: list[tuple[str, str]]) -> list[str]:
    """What tells each word: its consonants if all words have enough of them, else its letters."""
    words = [(part, way) for word, script in written for part, way in _in_parts(word, script)]
    sounds = [_sounds(word, script) for word, script in words]
    enough = len(words) > 1 and sum(map(len, sounds)) >= SOUNDS_MIN
    told = [
        _marked(word, sound)
        if enough and len(sound) >= WORD_MIN
        else _plain(word if script == "latin" else romanised(word, script))
        for sound, (word, script) in zip(sounds, words, strict=True)
    ]
    return [word for word in told if word]


def _in_parts(word: str, script: str) -> list[tuple[str, str]]:
    if script in {"han", "hangul"}:
        return [(part, "latin") for part in romanised(word, script).split()]
    return [(word, script)]


def _plain(word: str) -> str:
    return _undoubled(spelling(latin(word)).translate(_UNMARKED))


def _undoubled(spelt: str) -> str:
    return re.sub(r"(.)\1+", r"\1", spelt)


_UNMARKED = str.maketrans("çčšžñğöüä", "ccszngoua")


def _sounds(word: str, script: str) -> str:
    """The consonants of a word, those that scripts don't keep apart as one; h and y are none."""
    if script in {"cyrillic", "arabic"}:
        table = _CYRILLIC if script == "cyrillic" else _ARABIC
        found = "".join(
            table.get(letter, table.get(letter.strip("^$"), "")) for letter in letters(word, script)
        )
    else:
        spelt = word if script == "latin" else romanised(word, script)
        plain = _undoubled(spelling(latin(spelt.replace(" ", ""))))
        found = "".join(_class_of(match) for match in _LATIN.finditer(plain))
    return found.replace(" ", "")


def _marked(word: str, sounds: str) -> str:
    """The consonants with a sign for a vowel before them, and for a last a: Ivan is not Ivana."""
    plain = word.casefold().removesuffix("h")
    return ("a" if plain[:1] in _VOWELS else "") + sounds + ("a" if plain[-1:] in _A else "")


def _class_of(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return {"x": "ks", "silent": ""}.get(kind, kind)
