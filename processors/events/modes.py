"""How it was done: PLOVER's modes of a type (on a visit, by drone), where a word near the trigger says so."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from processors.events.lexicon import Hit, Lexicon
from schemas.article import EventType

_REACH_LETTERS = 60
_REACH_LETTERS_SPACELESS = 24
_SPACELESS = frozenset({"zh", "ko"})


def mode_of(folded: str, kind: EventType, trigger: tuple[int, int], language: str) -> str | None:
    """The mode whose word is nearest to the trigger, at folded offsets; `None` where none or two are."""
    reach = _REACH_LETTERS_SPACELESS if language in _SPACELESS else _REACH_LETTERS
    near = [
        (rank, hit.tag)
        for hit in _words(kind, language).find(folded)
        if (rank := _rank(hit, trigger))[0] <= reach
    ]
    if not near:
        return None
    best = min(rank for rank, _ in near)
    modes = {mode for rank, mode in near if rank == best}
    return modes.pop() if len(modes) == 1 else None


def _rank(hit: Hit, trigger: tuple[int, int]) -> tuple[int, int]:
    """How far from the trigger, in letters, and the longer first."""
    return max(0, hit.start - trigger[1], trigger[0] - hit.end), hit.start - hit.end


@cache
def _words(kind: EventType, language: str) -> Lexicon:
    modes = _table().get(kind, {})
    return Lexicon({mode: row.get(language, "").split(", ") for mode, row in modes.items()})


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    text = (resources.files(__package__) / "modes.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return table
