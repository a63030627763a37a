"""From a rule that matched a document to the alert it raises. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from string import Template
from typing import Any

from schemas.identity import alert_id
from sinks.alerts.conditions import JOINT, fetched_at
from sinks.alerts.rule import Rule
from sinks.alerts.summary import labelled, summary
from sinks.alerts.wording import FALLBACK, languages
from sinks.elasticsearch.documents import AlertDocument, Document

LEASE_SECONDS = 30.0
TEXT_CHARACTERS_MAX = 2000
TITLE_CHARACTERS_MAX = 300


@dataclass(frozen=True)
class Cause:
    """Why a rule alerts: the document, the key that makes it one alert, and what was counted.

    `at` is when it came about, by the clock of the articles; `group` is whose turn it takes.
    """

    rule: Rule
    document: Document
    key: str
    at: datetime
    group: str = ""
    because: str | None = None


def plain_cause(rule: Rule, document: Document) -> Cause:
    """The cause where a match by itself is news. A document without the key's field is its own key."""
    key = _plain(document.get(rule.alert_key)) or document["id"]
    group = JOINT.join(_plain(document.get(field)) for field in rule.query_key)
    return Cause(rule, document, key, fetched_at(document), group)


def build_alert(rule: Rule, document: Document, now: datetime, cause: Cause | None = None) -> AlertDocument:
    """The alert, held by its maker for `LEASE_SECONDS`, within which it means to have sent it.

    Its id comes from rule and key alone, so that the same cause found again finds the alert there.
    """
    cause = cause or plain_cause(rule, document)
    is_sanction = rule.watch == "sanctions"
    title = _title(rule, document, FALLBACK)
    return AlertDocument(
        id=alert_id(rule.id, cause.key),
        rule=rule.id,
        key=cause.key,
        created_at=iso(now),
        severity=rule.severity,
        title=title,
        text=_cut(_evidence(rule, document, cause), TEXT_CHARACTERS_MAX),
        article_id=document["article_id"] if "article_id" in document else document["id"],
        source=document["source"],
        language=document.get("language", "und"),
        url=document.get("url"),
        designation_id=document.get("designation_id"),
        mention_id=document["id"] if is_sanction else None,
        because=cause.because,
        group=cause.group or None,
        owner=rule.owner,
        delivered_to=[],
        lease_ends_at=iso(now + timedelta(seconds=LEASE_SECONDS)),
        channels=rule.channels,
        titles=list(_other_titles(rule, document, title)),
        cluster_id=document.get("cluster_id"),
    )


def _evidence(rule: Rule, document: Document, cause: Cause) -> str:
    """The one sentence that caused the alert, the first of a sanction's evidence; an article's text.

    Of silence there is no evidence but the count.
    """
    text: str = document.get("text", "")
    if rule.type == "flatline":
        return cause.because or ""
    return text.partition("\n")[0] if rule.watch == "sanctions" else text


def iso(moment: datetime) -> str:
    """A moment as it is written: ISO 8601, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _other_titles(rule: Rule, document: Document, title: str) -> Iterator[str]:
    for language in dict.fromkeys([*languages(), *rule.titles]):
        other = _title(rule, document, language)
        if other != title:
            yield f"{language}: {other}"


def _title(rule: Rule, document: Document, language: str) -> str:
    values = _Shown(document)
    if "act" in document:
        values["summary"] = summary(document) if language == FALLBACK else labelled(document, language)
    template = Template(rule.titles.get(language, rule.title))
    return _cut(" ".join(template.safe_substitute(values).split()), TITLE_CHARACTERS_MAX)


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
