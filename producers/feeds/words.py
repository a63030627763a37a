"""Small readings that every form of feed needs: plain titles, safe addresses, languages, periods."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

URL_CHARACTERS_MAX = 4096
PERIOD_SECONDS = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}

_TAGS = re.compile(
    r"</?(?:a|abbr|b|big|bdi|bdo|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z]", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_IN_BRACKETS = re.compile(r"[^\s()<>@]+@[^\s()<>@]+\s*\(([^()]+)\)")
_BREAKS = re.compile(r"[\t\r\n]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: object) -> str:
    """The text without the characters that neither XML nor UTF-8 allows; empty for what is no text."""
    return _NOT_TEXT.sub("", text).strip() if isinstance(text, str) else ""


def plain(title: str) -> str:
    """A title on one line, without the markup and references that many feeds leave in it."""
    text = title
    for _ in range(2):  # what was escaped twice
        if _REFERENCE.search(text):
            text = html.unescape(text)
    return " ".join(_TAGS.sub("", clean(text)).split())


def as_html(text: str) -> str:
    """Plain text as HTML: escaped, each line a paragraph."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def unwrapped(markup: str) -> str:
    """HTML that was escaped once too often, as it was meant: it holds `&lt;p` and no tag of its own."""
    if "<" not in markup and _ESCAPED_TAG.search(markup):
        return html.unescape(markup)
    return markup


def address(url: object, base: str) -> str | None:
    """The absolute http(s) address, or `None`. Line breaks and tabs that feeds put in are dropped."""
    told = _BREAKS.sub("", clean(url)).strip()
    if not told:
        return None
    try:
        absolute = urljoin(base, told)
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return absolute if usable and len(absolute) <= URL_CHARACTERS_MAX else None


def language(tag: object) -> str | None:
    """The BCP 47 tag that a feed gives, or `None` for what is none."""
    told = clean(tag)
    return told.replace("_", "-") if _LANGUAGE.fullmatch(told) else None


def author(told: str) -> str:
    """The name alone, of RSS's `mail@example.org (Name)`."""
    text = plain(told)
    found = _IN_BRACKETS.fullmatch(text)
    return found[1].strip() if found else text


def whole_number(text: object) -> int | None:
    """A whole number that is not negative and is sane, or `None`."""
    told = clean(text)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else None


def update_seconds(period: str, frequency: str) -> int | None:
    """Seconds between updates that `sy:updatePeriod` and `sy:updateFrequency` promise."""
    seconds = PERIOD_SECONDS.get(period.strip().lower())
    return None if seconds is None else seconds // max(1, whole_number(frequency) or 1)
