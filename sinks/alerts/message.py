"""What an alert says to a reader, in the reader's language, before a channel gives it a format. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

import msgspec

from schemas.alert import Alert
from sinks.alerts.wording import FALLBACK, ISOLATE, POP_ISOLATE, say
from sinks.elasticsearch.documents import AlertDocument

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
NO_ISOLATES = {ord(ISOLATE): None, ord(POP_ISOLATE): None}
BREAKING = frozenset({"Cc", "Zl", "Zp"})
WEB = ("https://", "http://")


class Notice(Alert, frozen=True, kw_only=True):
    """An alert on its way, with who told first and how many told besides."""

    first_source: str | None = None
    further_sources: int = 0
    titles: list[str] = msgspec.field(default_factory=list)


@dataclass(frozen=True)
class Message:
    """One alert in words. `link` is a web address or `None`; `facts` are labels with their values."""

    id: str
    label: str
    title: str
    evidence: str
    link: str | None
    source: str
    facts: tuple[tuple[str, str], ...]
    language: str

    @property
    def heading(self) -> str:
        """Severity and title, one line."""
        return f"{self.label}: {self.title}"


def as_sent(alert: AlertDocument) -> Alert:
    """The alert as programs get it: `sent`, without the ledger's own fields."""
    fields = {name: getattr(alert, name) for name in Alert.__struct_fields__}
    return Alert(**{**fields, "status": "sent"})


def notice(alert: AlertDocument, first_source: str | None = None, further_sources: int = 0) -> Notice:
    """The alert as people's channels get it."""
    fields = msgspec.structs.asdict(as_sent(alert))
    return Notice(**fields, titles=alert.titles, first_source=first_source, further_sources=further_sources)


def plain_alert(alert: Alert) -> Alert:
    """Nothing but the record that the topic and webhooks carry."""
    return Alert(**{name: getattr(alert, name) for name in Alert.__struct_fields__})


def message(alert: Alert, language: str = FALLBACK) -> Message:
    """The alert for a reader of the language. What can't be seen and steers is left out of every text."""
    own = f"{language}: "
    titles = alert.titles if isinstance(alert, Notice) else []
    title = next((each.removeprefix(own) for each in titles if each.startswith(own)), alert.title)
    return Message(
        id=alert.id,
        label=say(alert.severity, language),
        title=clean(title),
        evidence=clean(alert.text),
        link=alert.url if alert.url and alert.url.startswith(WEB) else None,
        source=clean(alert.source),
        facts=tuple((say(label, language), clean(value)) for label, value in _facts(alert) if value),
        language=language,
    )


def _facts(alert: Alert) -> Iterator[tuple[str, str]]:
    yield "source", alert.source
    if isinstance(alert, Notice):
        yield "first_source", alert.first_source or ""
        yield "further_sources", str(alert.further_sources) if alert.further_sources else ""
    yield "because", alert.because or ""
    yield "owner", alert.owner or ""


def several_heading(messages: Sequence[Message]) -> str:
    """What stands over several alerts in one message: `Alerts: 12`."""
    return f"{say('several', messages[0].language)}: {len(messages)}"


def clean(text: str) -> str:
    """The text on one line, without control characters, and without a direction that outlasts it.

    An article's own embedding or override would turn around what follows it; isolates stay if balanced.
    """
    kept = "".join(" " if category(each) in BREAKING else each for each in text if each not in TURNING)
    kept = "".join(each for each in kept if category(each) != "Cs")
    return " ".join(kept.split()) if _is_balanced(kept) else " ".join(kept.translate(NO_ISOLATES).split())


def _is_balanced(text: str) -> bool:
    depth = 0
    for each in text:
        depth += (each == ISOLATE) - (each == POP_ISOLATE)
        if depth < 0:
            return False
    return depth == 0


def cut(text: str, length: int) -> str:
    """The text, at most so many characters, an ellipsis where some are missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
