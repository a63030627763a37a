"""Arabic's joined words (و, ف, ب, ل, ك), and verbs before a person, off a name that a model left them on.

A letter that may be such a word may also be the name's own first (وارسو, بيروت, لندن): it is taken off where
the rest is named by itself in the same article. Where the article ال follows, و and ب are taken off anyway,
unless a large city is called so (بالتيمور); ف and ك are not: more foreign names begin with them (فالنسيا).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from processors.folding import fold
from processors.names.catalogue import words
from processors.names.cities import city
from processors.names.completion import Name
from processors.names.persons import given_names

_LEAD = re.compile(r"(?:[وف]?[بلك]|[وف])(?=[\u0621-\u064a]{3})")
_BEFORE_ARTICLE = re.compile(r"(?:[وف]?ب|و)(?=ال[\u0621-\u064a]{2})")
_FIRST_WORD = re.compile(r"(\w{3,})\s+(?=\w)")
_ASSIMILATED = re.compile(r"[وف]?ل(?=ل[\u0621-\u064a]{3})")


def bare_names(fields: Sequence[tuple[str, Sequence[Name]]]) -> list[list[Name]]:
    """The names of an Arabic article's fields without the words joined to their front or standing there."""
    first_words = {word for content, names in fields for word in _first_words(content, names)}
    return [[_bare(content, name, first_words) for name in names] for content, names in fields]


def _first_words(content: str, names: Iterable[Name]) -> Iterable[str]:
    return (content[name.start : name.end].split(" ", maxsplit=1)[0] for name in names)


def _bare(content: str, name: Name, first_words: set[str]) -> Name:
    written = content[name.start : name.end]
    first = _FIRST_WORD.match(written)
    if name.type == "PER" and first and first.group(1) in _no_names():
        return replace(name, start=name.start + first.end())
    if name.entity is not None:
        return name
    match = _BEFORE_ARTICLE.match(written) or _ASSIMILATED.match(written)
    if match and name.type != "PER" and city(written, "ar") is None:
        return replace(name, start=name.start + match.end())
    match = _LEAD.match(written)
    if match and written[match.end() :].split(" ")[0] in first_words:
        return replace(name, start=name.start + match.end())
    return name


@cache
def _no_names() -> frozenset[str]:
    """Words that no person's name has (زار), but for those that some write for a given name: على for علي."""
    return frozenset(word for word in words("ar", "stop") if fold(word) not in given_names("ar"))
