"""Labelled sentences as people write them: one a line, what is labelled in brackets.

[PER Ada Lind] met …                                    names/
imposed | [I Washington] sanctioned [T six men] over …  sanctions/: the act, then parts of the sentence
b The two [CONSULT held talks] in 1998                  events/: what tells the event; `b` for history
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from processors.encoder.heads import ACTS, EVENTS, PARTS

Spans = tuple[tuple[int, int, str], ...]
NAME_KINDS = ("PER", "ORG", "LOC")
PART_LETTERS = dict(zip("ITPRDL", PARTS, strict=True))
_ACTS = {"threatened": "threatened_or_called_for", "evasion": "evasion_or_enforcement"}


class MarkupError(Exception):
    """A line that can't be read; the message names file and line, and says what was wrong."""


@dataclass(frozen=True)
class Told:
    """A sentence with its labels; `act`, `events` or `history` are `None` where nobody labelled them.

    `spans` are parts (of sanctions) or what tells an event, as code points, end exclusive. `events` may be
    `partial`: what it tells besides is not known.
    """

    text: str
    spans: Spans
    act: str | None = None
    events: frozenset[str] | None = None
    history: bool | None = None
    partial: bool = False


def read_markup(path: Path) -> Iterator[tuple[str, Spans]]:
    """Text and names of each line. Raises `MarkupError`."""
    for where, line in _lines(path):
        with _at(where):
            yield parse(line, NAME_KINDS)


def read_sanctions(path: Path) -> Iterator[Told]:
    """Sentences with their act and its parts. Raises `MarkupError`."""
    for where, line in _lines(path):
        with _at(where):
            act, bar, marked = line.partition(" | ")
            act = _ACTS.get(act, act)
            if not bar or act not in ACTS:
                raise ValueError("it begins with no act and ` | `")
            text, spans = parse(marked, PART_LETTERS)
            yield Told(text, tuple((start, end, PART_LETTERS[kind]) for start, end, kind in spans), act)


def read_events(path: Path) -> Iterator[Told]:
    """Sentences with their events, and the words that tell them. Raises `MarkupError`."""
    for where, line in _lines(path):
        with _at(where):
            text, spans = parse(line.removeprefix("b "), EVENTS)
            kinds = frozenset(kind for _, _, kind in spans)
            yield Told(text, spans, None, kinds, line.startswith("b "))


def parse(line: str, kinds: Iterable[str]) -> tuple[str, Spans]:
    """A line's text without brackets, and what stood in them. Raises `ValueError` for a strange bracket."""
    text, last = "", 0
    spans = []
    for mark in re.finditer(rf"\[({'|'.join(kinds)}) ([^\[\]]+)\]", line):
        text += line[last : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        last = mark.end()
    text += line[last:]
    if "[" in text or "]" in text:
        raise ValueError(f"a bracket that is none of {', '.join(kinds)}")
    return text, tuple(spans)


class _at:  # noqa: N801 - reads as `with _at(where)`
    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, ValueError):
            raise MarkupError(f"{self._where}: {error}") from None


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.name}, line {number}", line.strip(" \r")
