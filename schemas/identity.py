"""Deterministic ids: the same thing seen twice has one id, so replays overwrite instead of adding.

One id for two articles would lose one of them; two ids for one article are found again as copies. So
whatever is in doubt here tells apart rather than merges.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from urllib.parse import SplitResult, quote, urlsplit

from courlan.clean import normalize_url

ID_BYTES = 16

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u200e\u200f\ufeff"
_AMPERSAND = re.compile(r"&(?:amp;)+")
_PERCENT = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_DEFAULT_PORT = re.compile(r"^([^/]*):(?:80|443)(?=/|$)")
# Names that only ever track. `id`, `cid`, `uid`, `ref`, `source` may name the article: they stay.
_TRACKER = re.compile(
    r"(?:utm|itm|mtm|pk|mkt|mc|ga|hsa|oly|vero|at|stm)_|_ga$|_gl$"
    r"|(?:fbc|gc|dc|yc|ysc|twc|msclk|gbra|wbra|igsh|ttc|clk)l?id$|xtor$|cmpid$|ns_campaign$|ns_mchannel$",
    re.IGNORECASE,
)


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


def canonical_url(url: str) -> str | None:
    """The URL's canonical form, for comparing and never for fetching, or `None` if it names no page.

    Scheme https, host in lower case, no default port, no tracking parameter, parameters sorted, no
    fragment (but `#!…` and `#/…`, which are routes), no trailing slash. `None` for anything that is
    not http(s), can't be parsed, or has neither path nor query: a home page is shared by all its
    articles. Percent-encoded bytes are never decoded: they need not be UTF-8. Never raises.
    """
    try:
        return _canonical(urlsplit(_AMPERSAND.sub("&", url.strip(_EDGES))))
    except ValueError:  # broken brackets, ports and encodings
        return None


def normalise_text(text: str) -> str:
    """NFKC, invisible and bidi marks dropped, every run of whitespace one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def _canonical(parts: SplitResult) -> str | None:
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    place = normalize_url(parts._replace(query="", fragment=""), trailing_slash=False)
    place = _DEFAULT_PORT.sub(r"\1", place.partition("://")[2]).rstrip("/")
    query = "&".join(
        sorted(
            _percent(part)
            for part in parts.query.split("&")
            if part and not _TRACKER.match(part.partition("=")[0])
        )
    )
    route = _percent(parts.fragment) if parts.fragment.startswith(("!", "/")) else ""
    if "/" not in place and not query and not route:
        return None
    return f"https://{_percent(place)}{'?' * bool(query)}{query}{'#' * bool(route)}{route}"


def _percent(part: str) -> str:
    return _PERCENT.sub(lambda escape: escape[0].upper(), quote(part, safe="%/:;,!=@&+$*'()~-._[]?{}|#"))


def _digest(*parts: str | bytes) -> str:
    """Parts go in with their lengths, so that ("ab", "c") and ("a", "bc") differ."""
    digest = blake2b(digest_size=ID_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
