"""The query language of editors, parsed by hand. Pure.

sanctions Iran              both words, in any inflection; a name in any script
"asset freeze"              these words in this order
sanction*                   words that begin so
Iran OR Russia, |           either; AND binds tighter, and is meant where nothing stands
-football, NOT football     not
(…)                         grouping
place:Iran  issuer:"European Union"  source:(a.example OR b.example)
since:7d  until:2026-03-31  published:2026-03-01..2026-03-07  fetched:[2026-03 TO 2026-04]
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sinks.elasticsearch.query.fields import FIELDS
from sinks.elasticsearch.query.syntax import (
    All,
    Begin,
    Either,
    Field,
    Kind,
    Node,
    Not,
    Phrase,
    QueryError,
    Range,
    Token,
    Words,
    tokens,
)

CHARACTERS_MAX = 2000
LEAVES_MAX = 48
DEPTH_MAX = 12
WORD_CHARACTERS_MAX = 200
STEM_LETTERS_MIN = 2
_BOUNDS = re.compile(r"\s*(\S*)\s+TO\s+(\S*)\s*")
_COMPARED = re.compile(r"(>=|<=|>|<)(\S+)")
_BETWEEN = re.compile(r"(.*?)\.\.(.*)")


def parse(text: str) -> Node | None:
    """What a question says; `None` where it says nothing, which all articles answer.

    Raises `QueryError` with the place of the fault. Bounded: 2,000 characters, 48 words or values, brackets
    12 deep.
    """
    if len(text) > CHARACTERS_MAX:
        raise QueryError(f"more than {CHARACTERS_MAX} characters", CHARACTERS_MAX)
    return _Parser(tuple(tokens(text))).whole()


class _Parser:
    """Recursive descent, one token ahead."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._leaves = 0

    def whole(self) -> Node | None:
        if self._is_at("end"):
            return None
        node = self._either(0, within=None)
        if self._is_at(")"):
            raise QueryError("this bracket was never opened", self._here.at)
        return node

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _is_at(self, *kinds: Kind) -> bool:
        return self._here.kind in kinds

    def _take(self) -> Token:
        token = self._here
        self._next += 1
        return token

    def _either(self, depth: int, within: str | None) -> Node:
        nodes = [self._all(depth, within)]
        while self._is_at("OR"):
            self._take()
            nodes.append(self._all(depth, within))
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def _all(self, depth: int, within: str | None) -> Node:
        nodes: list[Node] = []
        while not self._is_at("OR", ")", "end"):
            is_apart = self._is_at("AND")
            if is_apart:
                self._operator(self._take(), follows=bool(nodes))
            node = self._one(depth, within)
            if not is_apart and nodes and isinstance(node, Words) and isinstance(nodes[-1], Words):
                nodes[-1] = Words(nodes[-1].words + node.words)  # together they may be a name
            else:
                nodes.append(node)
        if not nodes:
            raise _nothing_at(self._here, self._tokens[self._next - 1] if self._next else None)
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def _operator(self, token: Token, *, follows: bool) -> None:
        if not follows or self._is_at("AND", "OR", ")", "end"):
            raise QueryError(f"{token.text} needs something on both sides", token.at)

    def _one(self, depth: int, within: str | None) -> Node:
        if depth > DEPTH_MAX:
            raise QueryError(f"more than {DEPTH_MAX} brackets inside each other", self._here.at)
        token = self._take()
        if token.kind == "NOT":
            if self._is_at("AND", "OR", ")", "end"):
                raise QueryError("NOT needs something after it", token.at)
            return Not(self._one(depth + 1, within))
        if token.kind == "(":
            return self._group(token, depth, within)
        if token.kind == "field":
            return self._field(token, depth, within)
        return self._leaf(token, within)

    def _group(self, opened: Token, depth: int, within: str | None) -> Node:
        if self._is_at(")", "end"):
            why = "there is nothing in this bracket" if self._is_at(")") else "this bracket isn't closed"
            raise QueryError(why, opened.at)
        node = self._either(depth + 1, within)
        if not self._is_at(")"):
            raise QueryError("this bracket isn't closed", opened.at)
        self._take()
        return node

    def _field(self, token: Token, depth: int, within: str | None) -> Node:
        if within is not None:
            raise QueryError(f"{token.text}: can't stand inside {within}:(…)", token.at)
        if token.text not in FIELDS:
            known = ", ".join(FIELDS)
            raise QueryError(
                f"there is no field {token.text}; to look for the words, put them in quotes. Fields: {known}",
                token.at,
            )
        if self._is_at("AND", "OR", "NOT", ")", "end", "field"):
            raise QueryError(f"{token.text}: needs a value", token.at)
        if self._is_at("("):
            return Field(token.text, self._group(self._take(), depth, token.text), token.at)
        return Field(token.text, self._leaf(self._take(), token.text), token.at)

    def _leaf(self, token: Token, within: str | None) -> Node:
        self._leaves += 1
        if self._leaves > LEAVES_MAX:
            raise QueryError(f"more than {LEAVES_MAX} words or values", token.at)
        if len(token.text) > WORD_CHARACTERS_MAX and token.kind == "word":
            raise QueryError(f"a word of more than {WORD_CHARACTERS_MAX} characters", token.at)
        if within is not None and FIELDS[within].kind == "time":
            return _range(token)
        if token.kind == "range":
            raise QueryError(f"{within}: has no range", token.at)
        if token.kind == "phrase":
            return _phrase(token)
        return _word(token)


def _word(token: Token) -> Node:
    if "*" not in token.text:
        return Words((token,))
    stem = token.text.rstrip("*")
    if "*" in stem or sum(letter.isalnum() for letter in stem) < STEM_LETTERS_MIN:
        place = token.at + token.text.index("*")
        raise QueryError(f"a * stands at a word's end, after {STEM_LETTERS_MIN} letters or more", place)
    return Begin(stem, token.at)


def _phrase(token: Token) -> Node:
    if not any(letter.isalnum() for letter in token.text):
        raise QueryError("there is nothing between these quotes", token.at)
    return Phrase(" ".join(token.text.split()), token.at)


def _range(token: Token) -> Range:
    """A stretch of time; a single day or hour is all of it."""
    text, at = token.text.strip(), token.at
    if token.kind == "range":
        found = _BOUNDS.fullmatch(token.text)
        if found is None:
            raise QueryError("a range is [from TO to]", at)
        return Range(_open(found[1]), _open(found[2]), at)
    if compared := _COMPARED.fullmatch(text):
        sign, value = compared[1], compared[2]
        lower, upper = (value, "") if sign[0] == ">" else ("", value)
        return Range(lower, upper, at, above=sign == ">", below=sign == "<")
    if between := _BETWEEN.fullmatch(text):
        return Range(between[1], between[2], at)
    return Range(text, text, at)


def _open(bound: str) -> str:
    return "" if bound == "*" else bound


def _nothing_at(here: Token, before: Token | None) -> QueryError:
    if here.kind == "OR" or (before and before.kind == "OR"):
        at = here.at if here.kind == "OR" else before.at if before else 0
        return QueryError("OR needs something on both sides", at)
    return QueryError("this bracket was never opened", here.at)
