"""The acts of the scripted stream: who sanctions whom, when, how many, and what becomes known later."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

Counts = tuple[tuple[int, str], ...]
START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 45
AGAIN_DAYS = 4
"""A further package of the same issuer on the same country comes at least this much later."""
KINDS = ("individuals", "entities", "vessels")
WEIGHTS = {
    "state:US": 24, "org:EU": 20, "state:GB": 14, "state:CA": 9, "state:JP": 8, "state:AU": 7,
    "state:CH": 6, "state:KR": 6, "org:UN": 4, "state:UA": 8, "state:RU": 6, "state:CN": 5,
}  # fmt: skip
TARGETS = [
    "state:RU", "state:IR", "state:KP", "state:BY", "state:SY", "state:MM", "state:VE", "state:CN",
    "state:SD", "state:NI", "state:LB", "state:JP",
]  # fmt: skip
JOINT = [("state:US", "state:GB"), ("state:US", "state:CA"), ("org:EU", "state:GB"), ("state:US", "state:AU")]


@dataclass(frozen=True)
class Act:
    """One designation. `wrong` is the number of the first report, put right two hours later; `grown` the
    number that is known `grows_hours` after; `named` whether a target is named later.
    """

    id: str
    issuers: tuple[str, ...]
    target: str
    counts: Counts
    at: datetime
    grown: Counts | None = None
    grows_hours: float = 0.0
    wrong: Counts | None = None
    named: bool = False
    confirmed: bool = False
    alone_first: bool = False
    backfilled_first: bool = False


@dataclass
class _Plan:
    rng: random.Random
    acts: list[Act] = field(default_factory=list)

    def free(self, issuers: tuple[str, ...], target: str, at: datetime) -> bool:
        return target not in issuers and all(
            abs(at - other.at) >= timedelta(days=AGAIN_DAYS)
            for other in self.acts
            if other.target == target and set(issuers) & set(other.issuers)
        )

    def add(self, issuers: tuple[str, ...], target: str, at: datetime, counts: Counts) -> Act:
        act = Act(f"act-{len(self.acts):03}", issuers, target, counts, at)
        self.acts.append(act)
        return act

    def slot(self, issuers: tuple[str, ...]) -> tuple[str, datetime] | None:
        for _ in range(200):
            target = self.rng.choice(TARGETS)
            at = START + timedelta(hours=self.rng.uniform(6, 24 * DAYS - 72))
            if self.free(issuers, target, at):
                return target, at
        return None

    def counts(self, issuers: tuple[str, ...], target: str) -> Counts:
        """Numbers that no other act of these issuers on this country has, before or after it grows."""
        taken = {
            n
            for act in self.acts
            if act.target == target and set(issuers) & set(act.issuers)
            for n, _ in (*act.counts, *(act.grown or ()))
        }
        free = [n for n in range(3, 70) if n not in taken and n % 10 not in {1, 2, 3, 4}]
        kinds = self.rng.choice([KINDS[:1], KINDS[:1], KINDS[:2], KINDS[:2], KINDS[1:2], KINDS[2:]])
        return tuple((self.rng.choice(free), kind) for kind in kinds)


def planned(rng: random.Random, count: int = 120) -> list[Act]:
    """Some `count` acts over `DAYS` days, with what is hard about them spread among them."""
    plan = _Plan(rng)
    for issuers in JOINT * 2:
        if slot := plan.slot(issuers):
            plan.add(issuers, *slot, plan.counts(issuers, slot[0]))
    _two_issuers(plan, 10)
    issuers_pool, weights = list(WEIGHTS), list(WEIGHTS.values())
    while len(plan.acts) < count - 12:
        one = (rng.choices(issuers_pool, weights)[0],)
        if slot := plan.slot(one):
            plan.add(one, *slot, plan.counts(one, slot[0]))
    _coincidences(plan, 12)
    result: list[Act] = []
    for position, act in enumerate(sorted(plan.acts, key=lambda a: a.at)):
        others = {n for other in [*plan.acts, *result] if other is not act for n in _numbers(act, other)}
        result.append(_later(rng, act, position, others))
    return result


def _numbers(act: Act, other: Act) -> list[int]:
    """The numbers of another act of the same issuer on the same country."""
    if other.target != act.target or not set(other.issuers) & set(act.issuers) or other.id == act.id:
        return []
    return [n for n, _ in (*other.counts, *(other.grown or ()), *(other.wrong or ()))]


def _two_issuers(plan: _Plan, pairs: int) -> None:
    """Two issuers act upon one country on one day, half of them with one number."""
    for number in range(pairs):
        first, second = plan.rng.sample(list(WEIGHTS)[:8], 2)
        slot = plan.slot((first, second))
        if slot is None:
            continue
        counts = plan.counts((first, second), slot[0])
        plan.add((first,), *slot, counts)
        other = counts if number % 2 else plan.counts((first, second), slot[0])
        plan.add((second,), slot[0], slot[1] + timedelta(hours=plan.rng.uniform(1, 8)), other)


def _coincidences(plan: _Plan, count: int) -> None:
    """The same issuer names as many elsewhere within days."""
    for act in plan.rng.sample([act for act in plan.acts if len(act.issuers) == 1], count):
        for _ in range(50):
            at = act.at + timedelta(days=plan.rng.uniform(0.5, 8))
            target = plan.rng.choice(TARGETS)
            known = {
                n
                for a in plan.acts
                if a.target == target and set(act.issuers) & set(a.issuers)
                for n, _ in a.counts
            }
            if plan.free(act.issuers, target, at) and not known & {n for n, _ in act.counts}:
                plan.add(act.issuers, target, at, act.counts)
                break


def _later(rng: random.Random, act: Act, position: int, others: set[int]) -> Act:
    joint = len(act.issuers) > 1
    kind = position % 10
    if kind in {1, 6} and not joint:
        grown = tuple((_more(rng, n, others), of) for n, of in act.counts)
        return replace(act, grown=grown, grows_hours=rng.uniform(5, 30))
    if kind == 3 and not joint:
        near = [d for d in (-1, 1, 2, 3, -2) if not {n + d for n, _ in act.counts} & others]
        return replace(act, wrong=tuple((n + near[0], of) for n, of in act.counts))
    if kind in {2, 7}:
        return replace(act, named=True)
    if kind in {4, 8}:
        return replace(act, confirmed=True)
    if kind == 9 and position % 40 == 9 and not joint:
        return replace(act, backfilled_first=True)
    return replace(act, alone_first=joint and position % 2 == 0)


def _more(rng: random.Random, n: int, others: set[int]) -> int:
    """Six become eight: more, at most nearly twice as many."""
    free = [m for m in range(n + 1, 2 * n) if m not in others and m % 10 not in {1, 2, 3, 4}]
    return rng.choice(free)
