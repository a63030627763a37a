"""Places that stand for their government: Washington imposed, واشنطن تفرض, Москва обвинила.

A state or its seat with a verb of governments beside it, by the word lists of `data/metonyms.yaml`. What
isn't plain is none: a place after a preposition, in a case, within a phrase (the mayor of London said).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import yaml

from processors.folding import fold
from processors.names.catalogue import DATA
from processors.names.cities import capitals

_OTHER_SEATS = frozenset({"city:brussels", "city:jerusalem", "city:tel-aviv", "city:ramallah", "city:taipei"})
_MASCULINE_IN_ARABIC = frozenset(f"state:{code}" for code in ("LB", "IQ", "JO", "SD", "YE", "MA"))
_LEFT_LETTERS = 80
_RIGHT_LETTERS = 240
_CASED_LETTERS = frozenset("иыуюе")
_JOINED = "-\u2010\u2011/'’@#_"
_WORD = r"[^\s.!?…؟。;؛:\"«»“”()]+"
_ENDS = r"(?=\s*(?:[.!?…؟;؛:,،\"»”)\n]|\Z))"
_TURKISH_NAME = re.compile(r"\s+[A-ZÇĞİÖŞÜ]\w*(?!['’\w])")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class _Patterns:
    """What the folded text before a place ends with, and the folded text after it begins with."""

    lead: re.Pattern[str]
    listed_places: re.Pattern[str]
    verb_before: re.Pattern[str]
    verb_after: re.Pattern[str]


def is_metonym(content: str, start: int, end: int, entity_id: str | None, language: str) -> bool:
    """Whether the place `content[start:end]` stands for its government; never of a language without lists."""
    if language not in _lists() or not _governs(entity_id):
        return False
    patterns = _patterns(language, language == "ar" and entity_id in _MASCULINE_IN_ARABIC)
    left = _before(content, start)
    subject, before = _is_subject(left, patterns), patterns.verb_before.search(left)
    if not subject and not before:
        return False
    right = fold(content[end : end + _RIGHT_LETTERS])
    if start > 0 and content[start - 1] in _JOINED and not left.endswith(("l'", "qu'", " '", "\n'")):
        return False
    if language == "tr" and _TURKISH_NAME.match(content, end):
        return False
    after = patterns.verb_after.match(right) if subject else None
    before = None if right[:1].isalnum() else before
    if language != "ru":
        return bool(after or before)
    verbs = [found.group("verb") for found in (after, before) if found]
    return any(_agrees(content[start:end], verb) for verb in verbs)


def _governs(entity_id: str | None) -> bool:
    if entity_id is None:
        return False
    return entity_id.startswith("state:") or entity_id in _OTHER_SEATS or entity_id in capitals()


def _before(content: str, start: int) -> str:
    whole = start <= _LEFT_LETTERS
    return ("\n" if whole else "") + fold(content[max(0, start - _LEFT_LETTERS) : start])


def _is_subject(left: str, patterns: _Patterns) -> bool:
    return bool(patterns.lead.search(left)) and not patterns.listed_places.search(left)


def _agrees(place: str, verb: str) -> bool:
    """Whether a Russian place is in the nominative, as the gender of its verb tells.

    Президент Ирана заявил, but Иран заявил; канцлер Германии заявила, but Германия заявила.
    """
    written = place.casefold()
    last, past = written[-1:], re.search(r"л(а|о|и)?(?:с[ья])?(?: |$)", verb)
    if written == "сша" or fold(written) in _folded("ru", "undeclined"):
        return True
    if last in _CASED_LETTERS or written.endswith(("ой", "ом", "ем", "ём")):
        return False
    if past is None or past.group(1) == "и":
        return True
    feminine = past.group(1) == "а"
    return last == "ь" or feminine == (last in "ая")


@cache
def _patterns(language: str, masculine: bool) -> _Patterns:
    verbs = _verbs(language, masculine)
    articles = _any(_folded(language, "articles"))
    leads, joins = _any(_folded(language, "leads")), _any(_folded(language, "joins"))
    places = _any(_folded(language, "places"))
    word = {"zh": rf"(?:{leads})", "ko": r"\s"}.get(language, rf"(?<!\w)(?:{leads})(?:\s+|(?<=')|(?<=\sو))")
    inner = rf"(?:^|[^\w\s'\-]\s*|(?<!\w)'|\n\s*|{word})"
    return _Patterns(
        lead=re.compile(rf"{inner}(?:(?:{articles})(?:\s+|(?<=')))?\Z", re.MULTILINE),
        listed_places=re.compile(rf"(?<!\w)(?:{places})\s+(?:[^\s.;]+\s+){{1,4}}(?:{joins})\s*\Z"),
        verb_before=_verb_before(language, verbs),
        verb_after=re.compile(_after(language, verbs)),
    )


def _verbs(language: str, masculine: bool) -> list[str]:
    if language == "ar":
        listed = _folded("ar", "masculine" if masculine else "verbs")
        return [proclitic + verb for verb in listed for proclitic in ("", "و", "ف", "س")]
    if language == "fa":
        return [verb + ending for verb in _folded("fa", "verbs") for ending in ("", "ند")]
    if language == "ru":
        return [*_folded("ru", "present"), *_russian_pasts()]
    return list(_folded(language, "verbs"))


def _russian_pasts() -> Iterable[str]:
    for verb in _folded("ru", "verbs"):
        first, _, rest = verb.partition(" ")
        bare, reflexive = (first.removesuffix("ся"), True) if first.endswith("ся") else (first, False)
        stem = bare if bare.endswith("л") else bare + "л"
        for past in (bare, stem + "а", stem + "о", stem + "и"):
            tail = ("ся" if past[-1] not in "аои" else "сь") if reflexive else ""
            yield f"{past}{tail} {rest}".rstrip()


def _verb_before(language: str, verbs: list[str]) -> re.Pattern[str]:
    listed = _folded("de", "before") if language == "de" else verbs
    if language not in {"ar", "de", "ru"}:
        return _NEVER
    return re.compile(rf"(?<!\w)(?P<verb>{_any(listed)})\s+\Z")


def _after(language: str, verbs: list[str]) -> str:
    if language == "zh":
        return rf"(?:{_any(_folded('zh', 'between'))}){{0,3}}(?:{_any(verbs)})"
    if language == "ko":
        return _after_korean(_any(verbs))
    if language in {"fa", "tr"}:
        marked = _any(_folded(language, "object"))
        words = rf"(?:(?!(?:{_any(_folded(language, 'barred'))})(?!\w)){_WORD}\s+)"
        return rf"[,،]?\s+(?!(?:{marked})(?!\w)){words}{{0,8}}?(?:{_any(verbs)}){_ENDS}"
    return _after_at_once(language, _any(verbs))


def _after_korean(verbs: str) -> str:
    """A particle of the subject, and a verb that ends the sentence or, right beside it, precedes a noun."""
    words = rf"(?:(?!\S*(?:{_any(_folded('ko', 'barred'))}))[^\s.!?]+\s+)"
    direct = _any(_folded("ko", "direct"))
    final = rf"[은는이가],?\s+{words}{{0,15}}?(?:{verbs}){_ENDS}"
    return rf"(?:{final}|[이가]\s+{words}{{0,2}}?(?:{direct})(?!\w))"


def _after_at_once(language: str, verbs: str) -> str:
    """A verb right after, but for adverbs, or an auxiliary and its participle in the same clause."""
    between, barred = _any(_folded(language, "between")), _any(_folded(language, "barred"))
    transitive, passive = _any(_folded(language, "transitive")), _any(_folded(language, "passive"))
    auxiliaries, participles = (_any(_folded(language, key)) for key in ("auxiliaries", "participles"))
    clause = 10 if language == "de" else 3
    active = rf"(?:{transitive})(?!\s+(?:{passive})(?!\w)|\s*(?:\Z|[.,;\n]))"
    finite = rf"(?:(?:{between})\s+){{0,3}}(?:(?P<verb>{verbs})|{active})(?!\w)"
    words = rf"(?:(?!(?:{barred})(?!\w))[^\s.,;:!?]+\s+){{0,{clause}}}?"
    perfect = rf"(?:{auxiliaries})(?:\s+|(?<=')){words}(?:{participles})(?!\w)(?!\s+(?:{barred})(?!\w))"
    return rf"\s+(?:{finite}|{perfect})"


def _any(words: Iterable[str]) -> str:
    """One of the words, the longest first; where there are none, what never matches."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


@cache
def _folded(language: str, key: str) -> tuple[str, ...]:
    listed = _lists()[language].get(key, "")
    return tuple(fold(word.strip()) for word in listed.split(",") if word.strip())


@cache
def _lists() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((DATA / "metonyms.yaml").read_text(encoding="utf-8"))
    return loaded
