"""Whether a name in an article is the entry of a list that it looks like.

A name that tells who is meant is a hit. One that many bear needs something else that fits: a country, a
second name, a year of birth, a ship's number, the Wikidata id. What contradicts it is no hit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from processors.names.identity import compare, keys
from processors.watchlists.context import Context
from processors.watchlists.dates import years
from processors.watchlists.distinctness import (
    ORDER,
    Distinctness,
    are_other_letters,
    distinctness,
    is_acronym,
    telling_words,
    words,
)
from processors.watchlists.entry import MENTIONED_AS, Entry
from schemas.article import MentionType, WatchlistHit

EXACT = 0.95
SECOND_NAME_FLOOR = 0.9
SAME_NAME = 0.8
COUNTRY_ALONE = 0.9
_OTHERS_MAX = 60
_NAMES_MAX = 40
_CACHED = 4096
_NEEDS = {
    "common": "a very common name: it needs the country beside it, a second name, a year of birth or an id",
    "short": "a short name: it needs the country, a second name, a year of birth or an id",
}


@dataclass(frozen=True)
class Candidate:
    """An entry with the name of it that a mention is most like. A `weak` name is one by its list's word."""

    entry: Entry
    name: str
    likeness: float
    reasons: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True)
class Verdict:
    """What became of a candidate: a hit, with its score, or not; `why` says it to a reader either way."""

    candidate: Candidate
    is_hit: bool
    score: float
    why: str

    def hit(self) -> WatchlistHit:
        """The verdict as an article's record."""
        entry = self.candidate.entry
        return WatchlistHit(
            list_name=entry.list_name,
            entry_id=entry.entry_id,
            score=self.score,
            reason=self.why,
            programme="; ".join(entry.programmes) or None,
        )


def decide(
    candidate: Candidate, text: str, kind: MentionType, context: Context, floor: float = 0.0
) -> Verdict:
    """Whether `text`, mentioned as `kind`, is the candidate.

    A name less like than `floor` is a hit only with the same year of birth or number beside it: names of
    other scripts come with fewer sounds, and a number is no coincidence of spelling.
    """
    against = _against(candidate, text, kind, context)
    if against:
        return _no(candidate, against)
    if context.wikidata and context.wikidata == candidate.entry.wikidata:
        return _yes(candidate, 1.0, [f"the same Wikidata id, {context.wikidata}"])
    distinct = _distinctness(text, candidate.name, kind)
    as_listed = distinct != "common" or candidate.likeness >= EXACT
    numbers = _numbers(candidate.entry, context)
    listed_here = set(candidate.entry.countries) & context.countries
    if numbers and (as_listed or listed_here):
        return _yes(candidate, candidate.likeness, [numbers, *_country(listed_here)])
    if candidate.likeness < floor:
        return _no(candidate, "not alike enough without a year of birth or a number")
    too_little = _too_little(candidate, text, kind)
    by_name = _no(candidate, too_little) if too_little else _by_name(candidate, distinct, context)
    if not by_name.is_hit and as_listed and (second := _second_name(candidate, text, context)):
        return _yes(candidate, candidate.likeness, [second])
    return by_name


def _against(candidate: Candidate, text: str, kind: MentionType, context: Context) -> str:
    """What contradicts that the entry is meant, whatever else fits."""
    entry = candidate.entry
    if kind not in MENTIONED_AS[entry.kind]:
        return f"named as {kind}, listed as {entry.kind}"
    if context.wikidata and entry.wikidata and context.wikidata != entry.wikidata:
        return f"another Wikidata id: {context.wikidata}, not {entry.wikidata}"
    return "a Chinese name of other letters" if are_other_letters(text, candidate.name) else ""


def _too_little(candidate: Candidate, text: str, kind: MentionType) -> str:
    """Why no country could make the name tell who is meant."""
    if candidate.weak:
        return "only a weak a.k.a. of it: the article would have to give another name of it"
    if is_acronym(text):
        return "only letters: the article would have to give the full name"
    if kind != "PER" and not _same_body(text, candidate.name):
        return "alike in general words only"
    return ""


def _by_name(candidate: Candidate, distinct: Distinctness, context: Context) -> Verdict:
    """Decide by how much the name tells and by countries, the name's likeness being given."""
    listed = set(candidate.entry.countries)
    if distinct == "unique":
        return _yes(candidate, candidate.likeness, [])
    if distinct == "telling":
        if listed and context.countries and not listed & context.countries:
            return _no(candidate, f"none of its countries is mentioned: {_joined(listed)}")
        return _yes(candidate, candidate.likeness, _country(listed & context.countries))
    where = context.beside if distinct == "common" else context.countries
    fitting = listed & (where - context.home)
    if not fitting:
        return _no(candidate, _NEEDS[distinct])
    if distinct == "common" and candidate.likeness < EXACT:
        return _no(candidate, "a very common name, spelt otherwise")
    return _yes(candidate, round(candidate.likeness * COUNTRY_ALONE, 3), _country(fitting))


def _numbers(entry: Entry, context: Context) -> str:
    """A year of birth or a ship's number of the entry that stands beside the name."""
    born = {year for date in entry.birth_dates for year in years(date)}
    if fitting := sorted(born & context.years()):
        return f"born {fitting[0]}"
    return f"IMO {entry.imo}" if entry.imo and entry.imo in context.numbers() else ""


def _second_name(candidate: Candidate, text: str, context: Context) -> str:
    """Another name of the entry, unlike the one here, that the article also gives."""
    kind = "PER" if candidate.entry.kind == "person" else "ORG"
    for name in [name for name, _ in candidate.entry.names() if name != candidate.name][:_NAMES_MAX]:
        for other in context.others[:_OTHERS_MAX]:
            same_entity = other.entity_id is not None and other.entity_id == context.entity_id
            if (
                (same_entity or len(words(name)) > 1)
                and _may_be(other.text, name)
                and _likeness(other.text, name, kind) >= SECOND_NAME_FLOOR
                and _likeness(name, text, kind) < SAME_NAME
            ):
                return f"also named as {name}"
    return ""


def _may_be(left: str, right: str) -> bool:
    """Whether two names share the consonants of most: comparing costs a hundred times as much."""
    shared = _keys(left) & _keys(right)
    return 2 * max(map(len, shared), default=0) >= max(map(len, _keys(left)), default=0)


@lru_cache(maxsize=_CACHED)
def _keys(name: str) -> frozenset[str]:
    return keys(name)


@lru_cache(maxsize=_CACHED)
def _likeness(left: str, right: str, kind: str) -> float:
    return compare(left, right, kind=kind).score


def _distinctness(text: str, name: str, kind: MentionType) -> Distinctness:
    """That of the less telling of the two: only what both say has been compared."""
    return min(distinctness(text, kind), distinctness(name, kind), key=ORDER.index)


def _same_body(text: str, name: str) -> bool:
    """Whether two bodies are alike also in what is left without general words."""
    left, right = telling_words(text), telling_words(name)
    if not left or not right:
        return not left and not right
    return _likeness(left, right, "ORG") >= SAME_NAME


def _country(codes: set[str] | frozenset[str]) -> list[str]:
    return [f"{_joined(codes)} in the article"] if codes else []


def _joined(codes: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(codes))


def _yes(candidate: Candidate, score: float, why: list[str]) -> Verdict:
    return Verdict(candidate, True, round(score, 3), "; ".join([_alike(candidate), *why]))


def _no(candidate: Candidate, why: str) -> Verdict:
    return Verdict(candidate, False, 0.0, f"{_alike(candidate)}; {why}")


def _alike(candidate: Candidate) -> str:
    like = ", ".join(candidate.reasons) or "alike"
    return (
        f"{candidate.likeness:.2f} like {candidate.name}{' (weak a.k.a.)' if candidate.weak else ''}: {like}"
    )
