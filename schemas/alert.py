"""An alert: a rule fired on something, once."""

from __future__ import annotations

from typing import Literal

from schemas.article import Record

Severity = Literal["info", "warning", "critical"]


class Alert(Record, frozen=True, kw_only=True):
    """One firing of one rule. `id` comes from rule and key, so the same cause never alerts twice.

    `text` is the evidence sentence in the article's language; `status` is `created` until every
    channel has taken it, then `sent`; `suppressed` alerts are kept with `suppressed_because`.
    `because` says what a counting rule counted, `group` for which of its groups, `owner` whom to ask.
    """

    id: str
    rule: str
    key: str
    created_at: str
    severity: Severity
    title: str
    text: str
    article_id: str
    source: str
    language: str
    url: str | None = None
    designation_id: str | None = None
    mention_id: str | None = None
    status: Literal["created", "sent", "suppressed"] = "created"
    suppressed_because: str | None = None
    because: str | None = None
    group: str | None = None
    owner: str | None = None
    schema_version: int = 1


class Told(Record, frozen=True, kw_only=True):
    """That a channel has taken an alert: written at once, by whoever handed it over."""

    alert_id: str
    channel: str
    told_at: str
    schema_version: int = 1
