"""Labelled sentences as people write them: one a line, mentions in brackets: `[PER Ada Lind] met …`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_MENTION = re.compile(r"\[(PER|ORG|LOC) ([^\[\]]+)\]")


class MarkupError(Exception):
    """A line that can't be read; the message names file and line, and says what was wrong."""


def read_markup(path: Path) -> Iterator[tuple[str, tuple[tuple[int, int, str], ...]]]:
    """Text and mentions of each line. Raises `MarkupError`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield parse(line.strip(" \r"))
            except ValueError as error:
                raise MarkupError(f"{path.name}, line {number}: {error}") from None


def parse(line: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """A line's text without brackets, and its mentions. Raises `ValueError` where a bracket is no mention."""
    text, last = "", 0
    spans = []
    for mention in _MENTION.finditer(line):
        text += line[last : mention.start()]
        spans.append((len(text), len(text) + len(mention[2]), mention[1]))
        text += mention[2]
        last = mention.end()
    text += line[last:]
    if "[" in text or "]" in text:
        raise ValueError("a bracket that is no [PER …], [ORG …] or [LOC …]")
    return text, tuple(spans)
