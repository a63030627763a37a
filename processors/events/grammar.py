"""What a language puts around a name to say who does what to whom: `grammar.yaml`, folded and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from processors.folding import fold
from processors.names.catalogue import words

Case = Literal["who", "by", "against", "to", "whose", "where"]
_BEFORE: tuple[Case, ...] = ("by", "against", "to", "where")
_NEVER = re.compile(r"(?!)")
_SPACELESS = frozenset({"zh"})
_TURKISH_OWN = frozenset({"ni", "nu"})  # folded; ni, nı and nu, nü look alike


@dataclass(frozen=True)
class Grammar:
    """Patterns on folded text.

    `before` end where a name starts, `endings` start where it ends; `noun_endings` are those of a noun that
    the name belongs to. `skipped` is a word that may stand between `before` and the name, `head` a noun that
    acts for a state, `joined` what makes two names one party, `joining` the same before a name, `clause` the
    start of another clause.
    """

    language: str
    spaceless: bool
    before: tuple[tuple[Case, re.Pattern[str]], ...]
    endings: tuple[tuple[Case, re.Pattern[str]], ...]
    noun_endings: tuple[tuple[Case, re.Pattern[str]], ...]
    skipped: re.Pattern[str]
    head: re.Pattern[str]
    joined: re.Pattern[str]
    joining: re.Pattern[str]
    clause: re.Pattern[str]
    passive: re.Pattern[str]


@cache
def grammar(language: str) -> Grammar:
    """The grammar of one of the ten languages. Raises `KeyError` for another."""
    row = _table()[language]
    spaceless = language in _SPACELESS
    titles = (fold(title) for key in ("roles", "roles_after") for title in words(language, key))
    heads = [*_listed(row, "heads"), *titles]
    endings: dict[Case, list[str]] = {case: _listed(row["endings"], case) for case in row.get("endings", {})}
    return Grammar(
        language=language,
        spaceless=spaceless,
        before=tuple((case, _before(_listed(row, case), language)) for case in _BEFORE),
        endings=tuple(
            (case, re.compile(rf"(?:{_alternatives(listed)})(?!\w)")) for case, listed in endings.items()
        ),
        noun_endings=tuple(
            (case, re.compile(rf"(?<=\w)(?:{_alternatives(listed)})\Z"))
            for case, all_listed in endings.items()
            if (listed := [ending for ending in all_listed if _of_noun(ending, language)])
        ),
        skipped=_last_word([*heads, *_listed(row, "articles"), *_listed(row, "of")], spaceless=spaceless),
        head=re.compile(_any(heads, spaceless=spaceless)),
        joined=_joined(_listed(row, "joins"), _listed(row, "articles")),
        joining=re.compile(rf"(?<!\w)(?:{_alternatives(_listed(row, 'joins'))})\s*(?:ال)?\Z"),
        clause=re.compile("|".join(re.escape(fold(word)) for word in row["clause"])),
        passive=re.compile(_any(_listed(row, "passive"), spaceless=language in {"zh", "ko"})),
    )


def _joined(joins: list[str], articles: list[str]) -> re.Pattern[str]:
    marks = r"[\s\"'«»“”]*"
    return re.compile(rf"[,،]?{marks}(?:{_alternatives(joins)}){marks}(?:(?:{_alternatives(articles)})\s*)?")


def _before(listed: list[str], language: str) -> re.Pattern[str]:
    if not listed:
        return _NEVER
    if language in _SPACELESS:
        return re.compile(rf"(?:{_alternatives(listed)})[\"“「]?\Z")
    apostrophe = "|".join(re.escape(word) for word in listed if word.endswith("'"))
    letters = "|".join(word for word in listed if language == "ar" and len(word) == 1)
    spaced = rf"(?<!\w)(?:{_alternatives(listed)})\s+[\"«“„(]*\Z"
    joined = [rf"(?<!\w)(?:{apostrophe})\Z"] if apostrophe else []
    joined += [rf"(?<!\w)[وف]?(?:{letters})(?:ال)?\Z"] if letters else []
    return re.compile("|".join([spaced, *joined]))


def _of_noun(ending: str, language: str) -> bool:
    """Whether it may end such a noun: in Turkish that has an ending of its own already (`ordusu`)."""
    return language != "tr" or (ending.startswith("n") and ending not in _TURKISH_OWN)


def _last_word(listed: list[str], *, spaceless: bool) -> re.Pattern[str]:
    if spaceless:
        return re.compile(rf"(?:{_alternatives(listed)})\Z")
    elided = "|".join(re.escape(word) for word in listed if word.endswith("'")) or r"(?!)"
    return re.compile(rf"(?:{_any(listed, spaceless=False)}\s+|(?<!\w)(?:{elided}))\Z")


def _any(listed: list[str], *, spaceless: bool) -> str:
    """One of the words, whole; `*` marks a stem."""
    if not listed:
        return r"(?!)"
    if spaceless:
        return rf"(?:{_alternatives(listed)})"
    return rf"(?<!\w)(?:{_alternatives(listed)})(?!\w)"


def _alternatives(listed: Iterable[str]) -> str:
    ordered = sorted(listed, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\*", r"\w*") for word in ordered)


def _listed(row: dict[str, Any], key: str) -> list[str]:
    return [fold(word.strip()) for word in str(row.get(key, "")).split(",") if word.strip()]


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / "grammar.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return table
