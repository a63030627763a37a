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
    text = normal(line)
    spaced = f" {text} "
    return (
        any(text.startswith(phrase) for phrase in _phrases("opening", spaceless=True))
        or any(spaced.startswith(phrase) for phrase in _phrases("opening", spaceless=False))
        or any(phrase in spaced for kind in (True, False) for phrase in _phrases("within", spaceless=kind))
        or any(text.endswith(phrase) for phrase in _phrases("closing", spaceless=True))
        or any(spaced.endswith(phrase) for phrase in _phrases("closing", spaceless=False))
    )


@cache
def _phrases(place: str, *, spaceless: bool) -> tuple[str, ...]:
    """The phrases of a table, those of scripts that have spaces with one at both ends."""
    table = tomllib.loads((Path(__file__).parent / "appeals.toml").read_text(encoding="utf-8"))[place]
    phrases = [normal(phrase) for listed in table.values() for phrase in listed]
    chosen = [phrase for phrase in phrases if bool(_SPACELESS.search(phrase)) == spaceless]
    return tuple(phrase if spaceless else f" {phrase} " for phrase in chosen)
