"""Deterministic ids: the same thing seen twice has one id, so replays overwrite instead of adding.

One id for two articles would lose one of them; two ids for one article are found again as copies. So
whatever is in doubt here tells apart rather than merges.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from schemas.canonical import canonical_url

__all__ = ["alert_id", "article_id", "canonical_url", "dead_letter_id", "mention_id", "normalise_text"]

ID_BYTES = 16

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def article_id(url: str | None, source: str, text: str) -> str:
    """The id of an article, 32 hexadecimal digits, from its URL, else from source and text.

    The text counts as normalised (`normalise_text`), so that invisible marks and line breaks, which
    differ between two downloads of one page, do not make two articles. Never raises.
    """
    canonical = canonical_url(url) if url else None
    if canonical is not None:
        return _digest("url", canonical)
    return _digest("text", source, normalise_text(text))


def mention_id(article: str, position: int) -> str:
    """The id of the sanction at `position` (from 0) in an article's `sanctions`."""
    return f"{article}-{position}"


def alert_id(rule: str, key: str) -> str:
    """The id of the one alert that a rule raises for a key."""
    return _digest("alert", rule, key)


def dead_letter_id(topic: str, partition: int, offset: int, payload: bytes) -> str:
    """The id of a record set aside: where it was read, and its bytes (a topic may be recreated)."""
    return _digest("dead letter", topic, str(partition), str(offset), payload)


def normalise_text(text: str) -> str:
    """NFKC, invisible and bidi marks dropped, every run of whitespace one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def _digest(*parts: str | bytes) -> str:
    """Parts go in with their lengths, so that ("ab", "c") and ("a", "bc") differ."""
    digest = blake2b(digest_size=ID_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
