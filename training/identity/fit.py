"""Fit the steps of one script: general letters first, then those that a character has of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from align import Steps, buckets, expected
from candidates import Pair

from processors.names.identity.letters import general

ROUNDS = 8
OWN_COUNT = {"hangul": 40, "korean": 12, "han": 25}
PRIOR = 6.0
TEMPER = 0.2
TEMPERS = {"korean": 0.0, "eastern": 0.0, "pinyin": 1.0, "romaji": 1.0}
_ADDED = Steps(np.array(2e-4), np.array(1e-6), np.array(0.2), np.array(0.5))
Numbers = dict[str, int]


class Fitted(NamedTuple):
    """Steps with the numbers of their letters."""

    natives: Numbers
    latins: Numbers
    steps: Steps


def fit_script(pairs: list[Pair], script: str) -> Fitted:
    """The steps of a script; a character's own letter begins as the general one, and leans on it."""
    temper = TEMPERS.get(script, TEMPER)
    if script not in OWN_COUNT:
        return _fit(pairs, {}, temper)
    seen = Counter(a for x, _, _ in pairs for a in x)
    first = _fit(pairs, {a: general(a) for a in seen}, temper)
    base = {a: general(a) for a in seen if seen[a] < OWN_COUNT[script]}
    used = Counter(base.get(a, a) for x, _, _ in pairs for a in x)
    whole = Counter(general(a) for x, _, _ in pairs for a in x)

    def start(own: Numbers) -> Steps:
        rows = np.array([first.natives[general(a)] for a in own])
        shares = np.array([used[a] / whole[general(a)] for a in own])
        return _rows(first.steps, rows, shares).scaled()

    return _with_general(_fit(pairs, base, temper, start), first)


def _rows(steps: Steps, rows: np.ndarray, shares: np.ndarray) -> Steps:
    return Steps(
        steps.one[rows] * shares[:, None],
        steps.two[rows] * shares[:, None],
        steps.native_gap[rows] * shares,
        steps.latin_gap,
    )


def _with_general(own: Fitted, first: Fitted) -> Fitted:
    """A general letter that all its characters have outgrown keeps its first fit."""
    outgrown = [a for a in first.natives if a not in own.natives]
    rows = np.array([first.natives[a] for a in outgrown], dtype=int)
    kept = _rows(first.steps, rows, np.ones(len(rows)))
    natives = {a: i for i, a in enumerate([*own.natives, *outgrown])}
    steps = Steps(
        np.vstack([own.steps.one, kept.one]),
        np.vstack([own.steps.two, kept.two]),
        np.concatenate([own.steps.native_gap, kept.native_gap]),
        own.steps.latin_gap,
    )
    return Fitted(natives, own.latins, steps)


def _fit(
    pairs: list[Pair], base: dict[str, str], temper: float, start: Callable[[Numbers], Steps] | None = None
) -> Fitted:
    natives: Numbers = {}
    latins: Numbers = {}
    lines: dict[int, int] = {}
    numbered = [
        (
            [natives.setdefault(base.get(a, a), len(natives)) for a in x],
            [latins.setdefault(a, len(latins)) for a in y],
            lines.setdefault(line, len(lines)),
        )
        for x, y, line in pairs
    ]
    parted = buckets(numbered)
    prior = start(natives) if start else None
    steps = prior or Steps.start(len(natives), len(latins))
    for round_number in range(ROUNDS):
        counts, fitted = expected(parted, steps, len(lines), temper)
        print(f"  round {round_number}: {fitted:.3f}", flush=True)
        steps = _leaning(counts, prior).scaled()
    return Fitted(natives, latins, steps)


def _leaning(counts: Steps, prior: Steps | None) -> Steps:
    """Counts with what is added to all, and to each letter PRIOR times what it began with."""
    lean = 0.0 if prior is None else PRIOR / (prior.one.sum(1) + prior.two.sum(1) + prior.native_gap)
    begun = counts if prior is None else prior
    return Steps(
        counts.one + _ADDED.one + begun.one * np.reshape(lean, (-1, 1)),
        counts.two + _ADDED.two + begun.two * np.reshape(lean, (-1, 1)),
        counts.native_gap + _ADDED.native_gap + begun.native_gap * lean,
        counts.latin_gap + _ADDED.latin_gap,
    )
