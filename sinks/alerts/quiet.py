"""When an alert is kept quiet: silences, which suppress it, and quiet hours, which hold it back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from sinks.alerts.rule import QuietHours, Rule
from sinks.elasticsearch.documents import AlertDocument, MemoryDocument

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def silenced(alert: AlertDocument, silences: Iterable[MemoryDocument], now: datetime) -> str | None:
    """Why a silence in force keeps the alert from everyone, or `None`.

    A silence names a rule, or several by `*`, and may name one group of it.
    """
    for silence in silences:
        running = datetime.fromisoformat(silence.at) <= now < datetime.fromisoformat(silence.ends_at)
        meant = fnmatchcase(alert.rule, silence.rule) and silence.group in (None, alert.group)
        if running and meant:
            by = f" by {silence.owner}" if silence.owner else ""
            return f"silenced until {silence.ends_at}{by}: {silence.reason or 'no reason given'}"
    return None


def held_until(rule: Rule, now: datetime) -> datetime | None:
    """When the quiet hours that it is in end, or `None` where it may speak."""
    quiet = rule.quiet_hours
    return None if quiet is None or rule.severity in quiet.wake_for else quiet_until(quiet, now)


def quiet_until(quiet: QuietHours, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in, by the zone's own clock, summer time included.

    Hours that end no later than they begin go on into the next day: 22:00 to 07:00. Days are those on
    which they begin.
    """
    local = now.astimezone(ZoneInfo(quiet.zone))
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.to)
    for day in (local.date() - timedelta(days=1), local.date()):
        if quiet.days and WEEKDAYS[day.weekday()] not in quiet.days:
            continue
        begins = datetime.combine(day, start, local.tzinfo)
        ends = datetime.combine(day if end > start else day + timedelta(days=1), end, local.tzinfo)
        if begins <= local < ends:
            return ends
    return None
