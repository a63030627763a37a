"""A question's words and signs, and what it says once parsed. Pure.

Quotes, brackets and colons are taken as any keyboard gives them: “ ”, « », 「 」, （ ）, ： . Marks of
direction, which come along when right-to-left text is copied, count as blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sinks.elasticsearch.query.fields import FIELDS

Kind = Literal["(", ")", "AND", "OR", "NOT", "word", "phrase", "field", "range", "end"]

_BLANKS = r"\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_CLOSING = {'"': '"', "“": '”“"', "„": '“”"', "«": "»", "「": "」", "＂": '＂"'}
_OPENING = re.escape("".join(_CLOSING))
_BLANK = re.compile(f"[{_BLANKS}]+")
_FIELD = re.compile(r"([A-Za-z_]{2,20})[:：](?!//)")
_RANGE = re.compile(r"\[([^\]\n]*)(\]?)")
_WORD = re.compile(f"[^{_BLANKS}()（）|｜{_OPENING}]+")
_SIGNS = {"(": "(", "（": "(", ")": ")", "）": ")", "|": "OR", "｜": "OR"}
_OPERATORS: tuple[Kind, ...] = ("AND", "OR", "NOT")
_PUNCTUATION = frozenset(("Sm", "Sk"))


class QueryError(Exception):
    """A question that can't be asked. `at` is the code point of the fault in what `parameter` holds."""

    def __init__(self, message: str, at: int = 0, parameter: str = "q") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.parameter = parameter


@dataclass(frozen=True)
class Token:
    """One word or sign, and where it begins."""

    kind: Kind
    text: str
    at: int


@dataclass(frozen=True)
class Words:
    """Words that stand side by side: all must be there, each in any inflection."""

    words: tuple[Token, ...]

    @property
    def at(self) -> int:
        """Where they begin."""
        return self.words[0].at

    @property
    def text(self) -> str:
        """The words as one name."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Phrase:
    """Words in this order and this spelling."""

    text: str
    at: int


@dataclass(frozen=True)
class Begin:
    """Words that begin so."""

    stem: str
    at: int


@dataclass(frozen=True)
class Range:
    """From `lower` to `upper`, either of them open where it is empty. Exclusive where it says so."""

    lower: str
    upper: str
    at: int
    above: bool = False
    below: bool = False


@dataclass(frozen=True)
class Field:
    """What one field must hold."""

    name: str
    value: Node
    at: int


@dataclass(frozen=True)
class Not:
    """What must not be."""

    node: Node


@dataclass(frozen=True)
class All:
    """All of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """At least one of them."""

    nodes: tuple[Node, ...]


Node = Words | Phrase | Begin | Range | Field | Not | All | Either


def tokens(text: str) -> Iterator[Token]:
    """The words and signs of a question, `end` last. Raises `QueryError` for a quote that isn't closed."""
    at, after_field = 0, False
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        token, at = _token(text, at, after_field)
        after_field = token.kind == "field"
        if token.kind != "word" or _says_something(token.text):
            yield token
    yield Token("end", "", len(text))


def _token(text: str, at: int, after_field: bool) -> tuple[Token, int]:
    """The token at a place that is no blank, and where it ends."""
    sign = text[at]
    if sign in _SIGNS:
        return Token(_SIGNS[sign], sign, at), at + 1  # type: ignore[arg-type]
    if sign in _CLOSING:
        return _phrase(text, at)
    if after_field and (found := _RANGE.match(text, at)):
        if not found[2]:
            raise QueryError("this bracket isn't closed", at)
        return Token("range", found[1], at), found.end()
    if not after_field and sign in "-−" and _is_negated(text, at):
        return Token("NOT", sign, at), at + 1
    if not after_field and (found := _FIELD.match(text, at)) and _is_field(found):
        return Token("field", found[1].lower(), at), found.end()
    word = _WORD.match(text, at)
    assert word is not None
    written = word[0].removeprefix("+") if not after_field else word[0]
    kind: Kind = next((each for each in _OPERATORS if each == written), "word")
    return Token(kind, written, at), word.end()


def _phrase(text: str, at: int) -> tuple[Token, int]:
    end = min((found for sign in _CLOSING[text[at]] if (found := text.find(sign, at + 1)) >= 0), default=-1)
    if end < 0:
        raise QueryError("this quote isn't closed", at)
    return Token("phrase", text[at + 1 : end], at), end + 1


def _is_negated(text: str, at: int) -> bool:
    """Whether a hyphen stands right before a word: -words, but not - words, nor --."""
    return at + 1 < len(text) and not _BLANK.match(text, at + 1) and text[at + 1] not in "-−|｜)）"


def _is_field(found: re.Match[str]) -> bool:
    """Whether a colon makes a field: in source:x, and in nofield:x, a fault; not in Breaking: talks."""
    rest = found.string[found.end() : found.end() + 1]
    return found[1].lower() in FIELDS or bool(rest and not _BLANK.match(rest))


def _says_something(word: str) -> bool:
    """Whether there is more to a word than punctuation, which no analysis keeps. A * alone is anything."""
    return any(
        (category := unicodedata.category(letter))[0] not in "PZC" and category not in _PUNCTUATION
        for letter in word
    ) or ("*" in word and word != "*")
