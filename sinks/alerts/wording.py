"""What a message says around an article's own words, in the reader's language. Pure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FALLBACK = "en"
FILE = Path(__file__).with_name("wording.yaml")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


@cache
def wording() -> dict[str, dict[str, str]]:
    """Every language's words, by key."""
    words: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return words


def languages() -> list[str]:
    """Those that messages can be in."""
    return list(wording())


def say(key: str, language: str) -> str:
    """The words for a key; what a language has no words for is said in English, what nobody has, as it is."""
    return wording().get(language, {}).get(key) or wording()[FALLBACK].get(key, key)


def isolated(text: str) -> str:
    """The text set apart, so that its direction does not turn its neighbours around."""
    return f"{ISOLATE}{text}{POP_ISOLATE}" if text else text


def direction(language: str) -> str:
    """HTML's `dir` of our own words."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
