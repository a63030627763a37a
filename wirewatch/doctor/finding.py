"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wirewatch.local import LocalServiceError, resolve_endpoints
from wirewatch.settings import Settings

Verdict = Literal["ok", "note", "fault"]
PATIENCE = {"bootstrap_timeout_ms": 5000}
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Finding:
    """What one check saw. A `note` is no fault but worth knowing; `mend` says what to do about it."""

    subject: str
    verdict: Verdict
    what: str
    mend: str = ""


def endpoints(settings: Settings) -> Settings:
    """The settings with what runs here filled in; as they are where nothing does."""
    try:
        return resolve_endpoints(settings)
    except LocalServiceError:
        return settings


def listed(words: list[str], at_most: int = 5) -> str:
    """The first of some words, and how many more there are."""
    more = len(words) - at_most
    return ", ".join(words[:at_most]) + (f" and {more} more" if more > 0 else "")
