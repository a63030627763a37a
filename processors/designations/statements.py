"""Whether the issuer itself says so: the source is its own, or the evidence quotes its statement."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from processors.folding import fold
from schemas.designation import SanctionMention

_FILE = Path(__file__).with_name("statements.yaml")


def is_confirmed(mention: SanctionMention) -> bool:
    """Whether the mention is the issuer's own word, or quotes it."""
    issuers = {party.entity for party in mention.sanction.issuers if party.entity}
    host = (urlsplit(mention.url or "").hostname or mention.source).casefold()
    own = [domain for issuer in issuers for domain in _domains().get(issuer, [])]
    if any(host == domain or host.endswith(f".{domain}") for domain in own):
        return True
    words = _words(mention.language)
    return bool(words and issuers and words.search(fold(" ".join(mention.quotes))))


@cache
def _domains() -> dict[str, list[str]]:
    domains: dict[str, list[str]] = _read()["domains"]
    return domains


@cache
def _words(language: str) -> re.Pattern[str] | None:
    phrases = [fold(phrase) for phrase in _read()["words"].get(language, [])]
    if not phrases:
        return None
    joined = "|".join(
        re.escape(phrase.removesuffix("*")) + ("" if phrase.endswith("*") else _end(language))
        for phrase in phrases
    )
    return re.compile(f"{_start(language)}(?:{joined})")


def _start(language: str) -> str:
    """A word begins where no letter stands before it; in Arabic after `و` too, in Chinese anywhere."""
    return "" if language in {"zh", "ko"} else r"(?<!\w)و?" if language == "ar" else r"(?<!\w)"


def _end(language: str) -> str:
    return "" if language in {"zh", "ko"} else r"(?!\w)"


@cache
def _read() -> dict[str, dict[str, list[str]]]:
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return content
