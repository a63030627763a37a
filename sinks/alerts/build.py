"""From a rule that matched a document to the alert it raises. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from string import Template
from typing import Any

from schemas.identity import alert_id
from sinks.alerts.rules import Rule
from sinks.alerts.summary import summary
from sinks.elasticsearch.documents import AlertDocument, Document

LEASE_SECONDS = 30.0
TEXT_CHARACTERS_MAX = 2000
TITLE_CHARACTERS_MAX = 300


def build_alert(rule: Rule, document: Document, now: datetime) -> AlertDocument:
    """The alert, held by its maker for `LEASE_SECONDS`, within which it means to have sent it.

    Its id comes from rule and key alone, so that the same cause found again finds the alert there. A
    document without the key's field is its own key.
    """
    key = _plain(document.get(rule.key)) or document["id"]
    is_sanction = rule.watch == "sanctions"
    return AlertDocument(
        id=alert_id(rule.id, key),
        rule=rule.id,
        key=key,
        created_at=iso(now),
        severity=rule.severity,
        title=_title(rule.title, document),
        text=_cut(_evidence(document, is_sanction=is_sanction), TEXT_CHARACTERS_MAX),
        article_id=document["article_id"] if is_sanction else document["id"],
        source=document["source"],
        language=document.get("language", "und"),
        url=document.get("url"),
        designation_id=document.get("designation_id"),
        mention_id=document["id"] if is_sanction else None,
        delivered_to=[],
        lease_ends_at=iso(now + timedelta(seconds=LEASE_SECONDS)),
    )


def _evidence(document: Document, *, is_sanction: bool) -> str:
    """The one sentence that caused the alert, the first of a sanction's evidence; an article's text."""
    text: str = document.get("text", "")
    return text.partition("\n")[0] if is_sanction else text


def iso(moment: datetime) -> str:
    """A moment as it is written: ISO 8601, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _title(template: str, document: Document) -> str:
    values = _Shown(document)
    if "act" in document:
        values["summary"] = summary(document)
    return _cut(" ".join(Template(template).safe_substitute(values).split()), TITLE_CHARACTERS_MAX)


class _Shown(dict[str, Any]):
    """A document's fields as words; an absent one is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> str:
        return _plain(self.get(key)) or "–"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
