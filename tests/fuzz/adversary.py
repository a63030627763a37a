"""Texts made against a regular expression: what its parse tree loops over, again and again, and then not
what it hopes for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

sre: Any = import_module("re._constants")
sre_parser: Any = import_module("re._parser")

REPEATED_MIN = 8
"""A loop that ends after fewer turns makes nothing slow by itself."""
UNITS_MAX = 16
ENDS = ("", "\x00", "a")
_TRIED = "a Z7\t\n-.,:;'\"<>()[]{}&=/\\@#%|*+?!_€éж中ا가"


def attacks(pattern: re.Pattern[Any]) -> list[Callable[[int], str]]:
    """Makers of texts of about so many characters, each against one loop of the pattern."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = sre_parser.parse(
        source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    whole = _witness(tree)
    pairs = [("", whole), ("", whole[:-1]), *_loops(tree, "")]
    made = list(dict.fromkeys((before, unit) for before, unit in pairs if unit))[:UNITS_MAX]
    return [_maker(before, unit, end) for before, unit in made for end in ENDS]


def _maker(before: str, unit: str, end: str) -> Callable[[int], str]:
    return lambda size: before + unit * (max(1, size // len(unit))) + end


def _loops(tree: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    """For every loop: a text that leads to it, and a text of one of its turns. Then the same of those
    within it, and of a turn of two neighbouring loops that may share their letters.
    """
    for op, argument in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, getattr(sre, "POSSESSIVE_REPEAT", None)):
            _, most, inner = argument
            if most >= REPEATED_MIN:
                for unit in _turns(inner):
                    yield before, unit
                    yield "", before + unit
            yield from _loops(inner, before)
        for branch in _branches(op, argument):
            yield from _loops(branch, before)
        before += _witness([(op, argument)])


def _turns(inner: Sequence[Any]) -> list[str]:
    """Texts that one turn takes: the usual one, and each of its branches."""
    found = [_witness(inner)]
    for op, argument in inner:
        if op is sre.BRANCH:
            found += [_witness(branch) for branch in argument[1][:6]]
        if op is sre.IN:
            found += [letter for letter in (" ", "a", "7", "\n", "-") if _in_set(argument, letter)]
    return [unit for unit in dict.fromkeys(found) if unit]


def _branches(op: Any, argument: Any) -> list[Sequence[Any]]:
    if op is sre.BRANCH:
        return list(argument[1])
    if op is sre.SUBPATTERN:
        return [argument[3]]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    if op is getattr(sre, "ATOMIC_GROUP", None):
        return [argument]
    return []


def _witness(tree: Sequence[Any]) -> str:
    """A short text that the tree matches, as far as that can be told without searching."""
    return "".join(_of_one(op, argument) for op, argument in tree)


def _of_one(op: Any, argument: Any) -> str:  # noqa: PLR0911 - a case of the grammar each
    if op is sre.LITERAL:
        return chr(argument)
    if op is sre.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return next(
            (str(letter) for letter in (*_first_of(argument), *_TRIED) if _in_set(argument, letter)), ""
        )
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, getattr(sre, "POSSESSIVE_REPEAT", None)):
        least, most, inner = argument
        return _witness(inner) * int(least or min(1, most))
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return _witness(argument[1]) if op is sre.ASSERT and argument[0] > 0 else ""
    inner = _branches(op, argument)
    return _witness(inner[0]) if inner else ""


def _first_of(members: Sequence[Any]) -> list[str]:
    literals = [chr(argument) for op, argument in members if op is sre.LITERAL]
    return literals + [chr(argument[0]) for op, argument in members if op is sre.RANGE]


def _in_set(members: Sequence[Any], letter: str) -> bool:
    negated = members[0][0] is sre.NEGATE
    return bool(negated) != any(_is_member(op, argument, letter) for op, argument in members)


def _is_member(op: Any, argument: Any, letter: str) -> bool:
    if op is sre.LITERAL:
        return bool(argument == ord(letter))
    if op is sre.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    if op is sre.CATEGORY:
        kind = str(argument).replace("UNI_", "").replace("LOC_", "").removeprefix("CATEGORY_")
        belongs = {
            "DIGIT": letter.isdecimal(),
            "SPACE": letter.isspace(),
            "WORD": letter.isalnum() or letter == "_",
        }
        return belongs[kind.removeprefix("NOT_")] != kind.startswith("NOT_")
    return False
