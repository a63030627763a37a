"""What pages say around their articles ("Read also", "Share", "Photo:"), looked up in many languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KINDS = (
    "share", "related", "comments", "advert", "subscribe", "navigation", "source", "byline", "caption",
    "published", "updated", "reading_time",
)  # fmt: skip
CHROME = frozenset(
    {"share", "related", "comments", "advert", "subscribe", "navigation", "reading_time", "owner"}
)
CUE_CHARACTERS_MAX = 70
LABEL_CHARACTERS_MAX = 30
NO_KINDS: frozenset[str] = frozenset()
_COLON = re.compile("[:：=|]")
_TAG = re.compile(r"[\[【<＜〈《(（]\s?([^\]】>＞〉》)）]{2,20})[\]】>＞〉》)）]\s*\S")
_COPYRIGHT = re.compile(r"(?:copyright|\(c\))?\s?[©ⓒ]|(?:copyright|\(c\))\s(?:19|20)\d\d", re.IGNORECASE)
_CLOSING = frozenset(")）]")
_BRACKETED_END = re.compile(r"\s*[(（\[][^()（）\[\]]{1,20}[)）\]]$")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "cues.toml").read_text(encoding="utf-8"))


def furniture_by_language() -> dict[str, list[str]]:
    """The phrases that are whole lines of furniture, by language."""
    found: dict[str, list[str]] = {}
    for kind in sorted(CHROME & set(KINDS)):
        for language, phrases in phrases_by_language(kind).items():
            found.setdefault(language, []).extend(phrases)
    return found


def phrases_by_language(kind: str) -> dict[str, list[str]]:
    """The phrases of one of `KINDS`, by language."""
    return _tables()[kind]


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    """Which kinds each phrase is, by the phrase in the form `normal` gives it."""
    kinds: dict[str, set[str]] = {}
    for kind in KINDS:
        for phrase in (phrase for phrases in _tables()[kind].values() for phrase in phrases):
            kinds.setdefault(normal(phrase), set()).add(kind)
    return {phrase: frozenset(of) for phrase, of in kinds.items()}


@cache
def _letters_only() -> dict[int, str | None]:
    """Translation of the BMP: signs and digits to spaces, marks to nothing, Arabic variants to one."""
    table: dict[int, str | None] = {}
    for point in range(0x10000):
        category = unicodedata.category(chr(point))
        if category[0] in "PSZN" or category == "Cc":
            table[point] = " "
        elif category in {"Mn", "Cf"}:
            table[point] = None
    variants = {"أإآٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None, "İ": "i", "ё": "е"}
    table.update({ord(letter): to for letters, to in variants.items() for letter in letters})
    table[0x200C] = " "  # Persian's half space
    return table


def normal(phrase: str) -> str:
    """The phrase as cues are compared: letters only, folded, single spaces."""
    return " ".join(phrase.translate(_letters_only()).casefold().split())


def phrase_kinds(phrase: str) -> frozenset[str]:
    """The kinds of cue that a phrase is, all of it."""
    return _lexicon().get(normal(phrase), NO_KINDS)


@dataclass(frozen=True)
class Cue:
    """What a line says of itself: `whole` the kinds it is from end to end but for digits and signs,
    `label` the kinds that stand before its first colon ("Photo: …").
    """

    whole: frozenset[str]
    label: frozenset[str]

    @property
    def is_chrome(self) -> bool:
        """Whether nothing but the page's furniture is on the line."""
        return bool(self.whole & CHROME)


NO_CUE = Cue(NO_KINDS, NO_KINDS)


def read_cue(line: str) -> Cue:
    """The cue a line is or begins with; `NO_CUE` for most lines."""
    if len(line) <= 2 * CUE_CHARACTERS_MAX and _COPYRIGHT.match(line):
        return Cue(frozenset({"owner"}), NO_KINDS)
    tag = _TAG.match(line)
    if tag and (kinds := phrase_kinds(tag[1])):
        return Cue(NO_KINDS, kinds)
    if len(line) > CUE_CHARACTERS_MAX:
        head = _COLON.split(line[:LABEL_CHARACTERS_MAX], maxsplit=1)
        return Cue(NO_KINDS, phrase_kinds(head[0])) if len(head) > 1 else NO_CUE
    whole = phrase_kinds(line)
    if not whole and line[-1:] in _CLOSING:
        whole = phrase_kinds(_BRACKETED_END.sub("", line))
    head = _COLON.split(line, maxsplit=1)
    label = phrase_kinds(head[0]) if len(head) > 1 else NO_KINDS
    return Cue(whole, label) if whole or label else NO_CUE


def opening_cue(line: str, kind: str) -> str | None:
    """The words after the cue of `kind` that opens the line ("By …"), or `None` where none does."""
    words = line[:CUE_CHARACTERS_MAX].split()
    for count in (3, 2, 1):
        if count < len(words) and kind in phrase_kinds(" ".join(words[:count])):
            return " ".join(words[count:])
    return None
