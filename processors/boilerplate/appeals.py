"""Sentences of furniture: "Sign up for our letter.", "Suivez-nous.", "未经授权，禁止转载。"

They are whole sentences and stand right below an article, so that to the line classifier they look like its
last paragraph. What they say tells them: they speak to the reader, or of whose the text is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from processors.boilerplate.cues import normal

CHARACTERS_MAX = 320  # longer is a paragraph that may speak of such a thing
_QUOTE = frozenset("\"'“”„«»‘’「『《〝")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def is_appeal(line: str) -> bool:
    """Whether a line asks something of its reader, or says whose the text is; what is quoted does not."""
    if len(line) > CHARACTERS_MAX or line[:1] in _QUOTE:
        return False
    text = f" {normal(line)} "
    appeals = _appeals()
    return (
        text.startswith(appeals["opening"])
        or text.endswith(appeals["closing"])
        or any(phrase in text for phrase in appeals["within"])
    )


@cache
def _appeals() -> dict[str, tuple[str, ...]]:
    """The phrases by where they stand, with a space where a word must end, or the line."""
    tables = tomllib.loads((Path(__file__).parent / "appeals.toml").read_text(encoding="utf-8"))
    return {
        place: tuple(_bounded(normal(phrase), place) for listed in table.values() for phrase in listed)
        for place, table in tables.items()
    }


def _bounded(phrase: str, place: str) -> str:
    """The phrase with a space at both ends; in scripts without spaces only at that of the line."""
    spaced = not _SPACELESS.search(phrase)
    before = " " if spaced or place == "opening" else ""
    after = " " if spaced or place == "closing" else ""
    return f"{before}{phrase}{after}"
