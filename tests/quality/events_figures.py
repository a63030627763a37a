"""How well events are told: the figures that the floors of several sets are put on.

A row has `types`, `top` (the main type, `None` where the sentence tells nothing new), `background`, and of the
held-out set `trigger` (words of the main event), `actors`, `targets` (entity ids, or words) and `mode`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from processors.folding import fold
from schemas.article import Event, Party

Row = dict[str, Any]
Pairs = Sequence[tuple[Row, list[Event]]]


def top(events: list[Event]) -> str | None:
    """The type of the event of highest confidence that is not background; of equals, the first in the text."""
    new = sorted((e for e in events if not e.background), key=lambda e: (-e.confidence, e.trigger.start))
    return new[0].type if new else None


def figures(pairs: Pairs) -> dict[str, float]:
    """Types and background, 0 to 1. Background is asked of sentences in which events were told and found."""
    told = [(row, events) for row, events in pairs if row["types"] and events]
    return {
        "top type, micro F1": f1((_one(top(events)), _one(row["top"])) for row, events in pairs),
        "types, micro F1": f1(({e.type for e in events}, set(row["types"])) for row, events in pairs),
        "background, F1": f1(
            ({1} if events[0].background else set(), {1} if row["background"] else set())
            for row, events in told
        ),
    }


def f1(pairs: Iterable[tuple[set[Any], set[Any]]]) -> float:
    """Micro F1 of sets found against sets wanted."""
    pairs = list(pairs)
    right = sum(len(found & wanted) for found, wanted in pairs)
    return 2 * right / max(1, sum(len(found) + len(wanted) for found, wanted in pairs))


def precision(pairs: Iterable[tuple[set[Any], set[Any]]]) -> float:
    """The share of what was found that was wanted."""
    pairs = list(pairs)
    return sum(len(found & wanted) for found, wanted in pairs) / max(1, sum(len(found) for found, _ in pairs))


def party_sets(found: Iterable[Party], wanted: Iterable[str]) -> tuple[set[str], set[str]]:
    """Parties found, under the wanted name that they meet: the same entity, or words in common."""
    names = set(wanted)
    return {_met(party, names) for party in found}, names


def _met(party: Party, names: set[str]) -> str:
    if party.entity in names:
        return str(party.entity)
    text = fold(party.text)
    plain = (name for name in names if ":" not in name and (fold(name) in text or text in fold(name)))
    return next(plain, party.entity or party.text)


def _one(kind: str | None) -> set[str]:
    return {kind} if kind else set()
