"""Whether two tellings of how many give the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Counted = list[tuple[int, str]]
Agreement = Literal["same", "other", "open"]

NEARLY_DAYS = 3
COUNT_DAYS = 14
"""How long a number of `_SURE_TOTAL` and more hardly comes again by chance."""
_SURE_TOTAL = 10
_TOLERANCE, _TOLERATED_FROM = 0.05, 50
_GROWTH = 2.0
_SUM = "individuals and entities"
_PEOPLE_AND_FIRMS = frozenset({"individuals", "entities", _SUM, "unknown"})


def compare_counts(
    mine: Counted, told: Counted, gap_days: int = 0, since_first_days: int = 0
) -> tuple[Agreement, bool]:
    """Whether two tellings give the same numbers, and whether that can hardly be chance.

    `12 individuals and 4 entities` is `16 individuals and entities`, and holds `12 individuals`; but two
    entities in common make `6 and 2` no `11 and 2`. `Nearly 400` is 398 only within days.
    """
    if not mine or not told:
        return "open", False
    nearly = since_first_days <= NEARLY_DAYS
    agreement = _compared(mine, told, gap_days, nearly=nearly)
    if agreement[0] == "other" and _has_sum(mine) != _has_sum(told):
        return _compared(_summed(mine), _summed(told), gap_days, nearly=False)
    return agreement


def _compared(mine: Counted, told: Counted, gap_days: int, *, nearly: bool) -> tuple[Agreement, bool]:
    agreed = [one for one in mine if any(same_count(one, other, nearly=nearly) for other in told)]
    known = sum(n for n, _ in agreed)
    settled = {of for _, of in agreed}
    apart = sum(n for n, of in mine if of not in settled and any(_same_kind(of, kind) for _, kind in told))
    if known <= apart and _is_total(mine) != _is_total(told):
        known = _total(mine) if _same_number(_total(mine), _total(told), nearly=nearly) else 0
        apart = 0
    if known <= apart:
        return "other", False
    return "same", (len(agreed) > 1 or known >= _SURE_TOTAL) and gap_days <= COUNT_DAYS


def _has_sum(counts: Counted) -> bool:
    return any(of == _SUM for _, of in counts)


def _summed(counts: Counted) -> Counted:
    """People and firms as one number, which may be told beside its parts; ships apart."""
    told = [n for n, of in counts if of == _SUM]
    apart = [(n, of) for n, of in counts if of not in _PEOPLE_AND_FIRMS]
    return [(max(told) if told else _total(counts), _SUM), *apart]


def same_count(one: tuple[int, str], other: tuple[int, str], *, nearly: bool = True) -> bool:
    """Equal, or `nearly`: both large and within a twentieth; of things that may be the same."""
    (a, of_a), (b, of_b) = one, other
    return _same_kind(of_a, of_b) and _same_number(a, b, nearly=nearly)


def _same_kind(one: str, other: str) -> bool:
    return one == other or "unknown" in {one, other} or one in other or other in one


def _same_number(a: int, b: int, *, nearly: bool = True) -> bool:
    near = nearly and min(a, b) >= _TOLERATED_FROM and abs(a - b) <= _TOLERANCE * max(a, b)
    return a == b or near


def _total(counts: Counted) -> int:
    return sum(n for n, of in counts if of in _PEOPLE_AND_FIRMS)


def _is_total(counts: Counted) -> bool:
    return len(counts) == 1 and counts[0][1] in {_SUM, "unknown"}


def has_grown(mine: Counted, told: Counted) -> bool:
    """Some kind of thing is counted in both, at most twice or half as many; or another kind, as many."""
    pairs = [(a, b) for a, of_a in mine for b, of_b in told if a == b or _same_kind(of_a, of_b)]
    return any(max(a, b) <= _GROWTH * min(a, b) for a, b in pairs)


def is_changed(counts: Counted, tellings: Sequence[Counted]) -> bool:
    """Something counted before has another number now, and not only as a sum of those known."""
    known = [pair for told in tellings for pair in told]
    fresh = [
        (n, of)
        for n, of in counts
        if any(_same_kind(of, kind) for _, kind in known)
        and not any(same_count((n, of), other) for other in known)
        and not (of == _SUM and any(_same_number(n, _total(t)) for t in tellings))
    ]
    summed = any(
        _is_total(counts) != _is_total(told) and _same_number(_total(counts), _total(told))
        for told in tellings
    )
    return bool(fresh) and not summed
