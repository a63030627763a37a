"""How much two written names look like one name, and why."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from processors.names.identity.romanisation import romanise


@dataclass(frozen=True)
class Likeness:
    """`score` is 0 to 1, very likely the same written name from 0.85 on; `reasons` are for a reader."""

    score: float
    reasons: tuple[str, ...]


def compare(a: str, b: str, *, kind: str = "PER") -> Likeness:  # noqa: ARG001
    """How much two names look like one name, in any scripts and order of words."""
    left, right = (" ".join(sorted(romanise(name).lower().split())) for name in (a, b))
    score = SequenceMatcher(None, left, right, autojunk=False).ratio()
    return Likeness(score, (f"{romanise(a)} ~ {romanise(b)}",) if score else ())
