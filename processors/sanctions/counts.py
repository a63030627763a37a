"""How many of what: numbers with the kinds of thing they count, and the Arabic dual."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from processors.events.lexicon import Hit
from processors.sanctions.numbers import Number, all_numbers, counting
from processors.sanctions.since import is_total
from processors.sanctions.vocabulary import DENSE, Cues
from schemas.article import Count

_GAP_CHARS_MAX = 34
_GAP_WORDS_MAX = 4
SEPARATOR = re.compile(r"\s*[,،、·，]\s*")
CONJUNCTION = re.compile(r"\s*(?:and|or|و|и|و/او|ve|et|y|e|und|및|와|과|和|及|、|·|&|/)\s*(?:\w{1,6}\s)?\s*")
_BREAK = re.compile(r"[.;:!?()،,؛。；：！？（）]")
_REFERENCE = re.compile(
    r"(?:الـ?\s?|\bthe |\bof the |\bthose |\bdes |\bles |\bde los |\blos |\bder |\bden |\bэтих |\bэти )$"
)
_INCLUDING = re.compile(
    r"including|among them|y compris|dont|в том числе|из них|بينهم|بينها|من ضمنهم|darunter"
    r"|incluid[oa]s|entre ellos|aralarında|از جمله|其中|包括|이 중|이 가운데|이들 중"
)
_RIGHT_AFTER_INCLUDING = re.compile(rf"(?:{_INCLUDING.pattern})[^.,،،]{{0,14}}$")
_CLASSIFIER = re.compile(r"[명곳개척대]사?(?!\w{3})")
_ADJECTIVE = re.compile(r"(?:[иы](?:х|м|ми|е|й)|[ое]го|ой|ая|ую)$")
_YEARS_BEGIN = 1900
_LEADING_CHARS_MAX = 12
_ENDING_CHARS_MAX = 5
KINDS = ("individuals", "entities", "vessels", "aircraft")


@dataclass(frozen=True)
class Counted:
    """A count with its folded span."""

    start: int
    end: int
    count: Count


def count_targets(cues: Cues) -> list[Counted]:
    """The counts of a sentence, in order: each number with the kind of thing it counts."""
    kinds = _kinds(cues)
    told = [n for n in all_numbers(cues) if not _is_reference(cues, n) and not _is_part(cues, n)]
    taken: set[int] = set()
    found: list[Counted] = []
    limits = dict(pairwise([*(n.start for n in told), len(cues.folded.text)]))
    for number in counting(cues, told):
        limit = limits[number.start]
        kind = _kind_of(cues, number, kinds, taken, limit)
        if kind is None:
            continue
        index, of, end = kind
        taken.add(index)
        start, stop = min(number.start, kinds[index][1].start), max(number.end, end)
        found.append(_counted(cues, number.n, of, (start, stop)))
    found = [one for one in found if one.count.of != "states"]  # `in 12 countries`: where, not whom
    duals = (d for d in cues.under("duals") if not any(n.end <= d.start <= n.end + 1 for n in told))
    for hit in duals:  # `سبعة مديرين` are seven
        of = hit.tag.partition(".")[2]
        found.append(_counted(cues, 2, of, (hit.start, hit.end)))
    found.sort(key=lambda counted: counted.start)
    text = cues.folded.text
    return [one for at, one in enumerate(found) if not _is_part_of(text, one, found[:at])]


def counts_within(cues: Cues, targets: Iterable[tuple[int, int]]) -> list[Counted]:
    """The counts in the words for targets, each once; things that no vocabulary lists are `unknown`."""
    counted = count_targets(cues)
    leading = counting(cues, all_numbers(cues))
    found: list[Counted] = []
    for start, end in targets:
        listed = [one for one in counted if one.start < end and start < one.end]
        found += listed or _unlisted_count(cues, leading, start, end)
    return list(dict.fromkeys(found))


def _unlisted_count(cues: Cues, leading: list[Number], start: int, end: int) -> list[Counted]:
    """The number that leads the words for a target, if any."""
    for n in leading:
        if start <= n.start < n.end < end and n.n < _YEARS_BEGIN and _leads(cues, n, start):
            if _is_part(cues, n):
                return []
            of = _unlisted_kind(cues, n, end)
            return [_counted(cues, n.n, of, (start, end))]
    return []


def _unlisted_kind(cues: Cues, number: Number, end: int) -> str:
    """`92 Americans`, `ثمانية لبنانيين`: nothing but what people are called after their state follows."""
    rest = [place for place in cues.places if number.end <= place.start < end]
    told = sum(place.end - place.start for place in rest)
    return "individuals" if rest and told + _ENDING_CHARS_MAX * len(rest) >= end - number.end else "unknown"


def _leads(cues: Cues, number: Number, start: int) -> bool:
    """Whether a number says how many, and is no part of a name (`Nord Stream 1`): few words stand before it.

    In Korean it stands after what it counts, before a classifier.
    """
    text = cues.folded.text
    if cues.vocabulary.language == "ko" and _CLASSIFIER.match(text, number.end):
        return True
    return number.start - start <= _LEADING_CHARS_MAX * cues.vocabulary.reach


def _counted(cues: Cues, n: int, of: str, span: tuple[int, int]) -> Counted:
    start, end = span
    cumulative = is_total(cues, start, end)
    if cues.vocabulary.language == "ko" and (classifier := _CLASSIFIER.match(cues.folded.text, end)):
        end = classifier.end()
    return Counted(start, end, Count(n=n, of=of, text=cues.words(start, end), cumulative=cumulative))


def _kinds(cues: Cues) -> list[tuple[str, Hit]]:
    """Each word for a kind of thing, in order; of those that begin at one letter the longest first."""
    found = ((hit.tag.partition(".")[2], hit) for hit in cues.under("kinds"))
    return sorted(found, key=lambda pair: (pair[1].start, -pair[1].end))


def _kind_of(
    cues: Cues, number: Number, kinds: list[tuple[str, Hit]], taken: set[int], limit: int
) -> tuple[int, str, int] | None:
    text = cues.folded.text
    if cues.vocabulary.language in DENSE and (before := _kind_before(cues, number, kinds, taken)):
        return before
    for index, (of, hit) in enumerate(kinds):
        if index in taken or hit.start < number.end or hit.start >= limit:
            continue
        gap = text[number.end : hit.start]
        if not _is_short(gap) or _tells_upon_whom(cues, number.end, hit.start):
            return None
        if index + 1 < len(kinds) and kinds[index + 1][1].start < limit:
            if cues.vocabulary.language == "zh":
                of, hit = _classified(of, hit, kinds[index + 1])  # noqa: PLW2901 - the noun replaces its classifier
            of, hit = _noun_of(cues, of, hit, kinds[index + 1])  # noqa: PLW2901 - the noun replaces its adjective
        joined = _joined(text, hit, kinds[index + 1 :], limit)
        if joined and joined[0] != of:
            return index, "individuals and entities" if {of, joined[0]} == {*KINDS[:2]} else of, joined[1]
        return index, of, hit.end
    return None


def _kind_before(
    cues: Cues, number: Number, kinds: list[tuple[str, Hit]], taken: set[int]
) -> tuple[int, str, int] | None:
    """Korean: `개인 6명과 단체 2곳`, the noun stands before its number."""
    if cues.vocabulary.language != "ko":
        return None
    for index in range(len(kinds) - 1, -1, -1):
        of, hit = kinds[index]
        if (
            index not in taken
            and hit.end <= number.start
            and not cues.folded.text[hit.end : number.start].strip()
        ):
            return index, of, max(number.end, hit.end)
    return None


def _classified(of: str, hit: Hit, following: tuple[str, Hit]) -> tuple[str, Hit]:
    """Chinese: a classifier (`家`, `名`, `艘`) and then its noun; `名` counts persons, of a firm too."""
    later, noun = following
    if of == "individuals" and later == "entities":
        return of, hit
    return (later, noun) if 0 <= noun.start - hit.end <= 8 and hit.end - hit.start == 1 else (of, hit)


def _noun_of(cues: Cues, of: str, hit: Hit, following: tuple[str, Hit]) -> tuple[str, Hit]:
    """An adjective that says whose may stand before what is counted (`белорусских предприятий`, `three
    Lebanese firms`) and be a word for people elsewhere.
    """
    later, noun = following
    words = cues.folded.text[hit.start : hit.end]
    is_adjective = cues.vocabulary.language == "ru" and bool(_ADJECTIVE.search(words))
    is_of_state = any(p.kind in {"adjective", "name"} and p.start == hit.start for p in cues.places)
    return (later, noun) if (is_adjective or is_of_state) and noun.start == hit.end + 1 else (of, hit)


def _joined(text: str, hit: Hit, following: list[tuple[str, Hit]], limit: int) -> tuple[str, int] | None:
    for of, later in following:
        if later.start >= limit:
            return None
        if later.start > hit.end and CONJUNCTION.fullmatch(text[hit.end : later.start]):
            return of, later.end
    return None


def _tells_upon_whom(cues: Cues, start: int, end: int) -> bool:
    """`20 package of sanctions on companies`: what lies between is the act, and the number is not of them."""
    ends = [hit.end for hit in cues.topic() if start <= hit.start]
    return any(one <= hit.start and hit.end <= end for one in ends for hit in cues.of("against"))


def _is_short(gap: str) -> bool:
    return len(gap) <= _GAP_CHARS_MAX and not _BREAK.search(gap) and len(gap.split()) <= _GAP_WORDS_MAX


def _is_part(cues: Cues, number: Number) -> bool:
    """`including two deputy ministers`: counted already."""
    return bool(_RIGHT_AFTER_INCLUDING.search(cues.folded.text[max(0, number.start - 40) : number.start]))


def _is_part_of(text: str, one: Counted, before: Iterable[Counted]) -> bool:
    """`23 people, among them a minister and three journalists`: fewer of what was counted already."""
    return any(
        more.count.of == one.count.of
        and more.count.n > one.count.n
        and _INCLUDING.search(text, more.end, max(more.end, one.start))
        for more in before
    )


def _is_reference(cues: Cues, number: Number) -> bool:
    before = cues.folded.text[max(0, number.start - 10) : number.start]
    return bool(_REFERENCE.search(before)) and any(
        0 <= number.start - hit.end <= 24 for hit in [*cues.of("references"), *cues.under("kinds")]
    )
