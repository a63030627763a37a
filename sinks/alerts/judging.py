"""From rules that matched to alerts: what is news, and what is kept quiet with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from sinks.alerts.build import Cause, build_alert, iso, plain_cause
from sinks.alerts.conditions import JOINT, Sighting, sightings, verdict
from sinks.alerts.memory import Asked, Memory, groups_of
from sinks.alerts.quiet import held_until, silenced
from sinks.alerts.rule import Rule
from sinks.elasticsearch.documents import AlertDocument, Document
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist
from sinks.retries import Hold


@dataclass(frozen=True)
class Found:
    """A rule and a document that it matches."""

    rule: Rule
    document: Document


class Judge:
    """Decides, with what the memory holds, which matches alert and whom."""

    def __init__(
        self, client: Elasticsearch, prefix: str, memory: Memory, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._memory = memory
        self._now = now

    def causes(self, found: Sequence[Found], hold: Hold) -> list[Cause]:
        """What is news among the matches, the earliest first. Counting rules remember all of them."""
        plain = [plain_cause(one.rule, one.document) for one in found if not one.rule.counts]
        counting = [one for one in found if one.rule.counts]
        return sorted([*plain, *self._counted(counting, hold)], key=lambda cause: cause.at)

    def _counted(self, found: Sequence[Found], hold: Hold) -> Iterator[Cause]:
        seen = [(one.rule, sighting) for one in found for sighting in sightings(one.rule, one.document)]
        self._memory.remember(seen, hold)
        documents = {one.document["id"]: one.document for one in found}
        asked = _distinct((rule, one) for rule, one in seen if rule.type != "flatline")
        here = {_triple(rule, one): one.document for rule, one in asked}
        for (rule, first), late in zip(
            groups_of(asked), self._memory.latest(groups_of(asked), hold), strict=True
        ):
            here.setdefault(_triple(*late), first.document)
            asked.append((rule, late[1]))
        asked = [one for one in _distinct(asked) if one[0].type != "new" or one[1].document in documents]
        for (rule, end), tally in zip(asked, self._memory.tallies(asked, hold), strict=True):
            because = verdict(rule, tally)
            if because is not None:
                document = documents[here[_triple(rule, end)]]
                yield Cause(rule, document, counted_key(end), end.at, end.group, because)

    def flat(self, rules: Iterable[Rule], hold: Hold) -> list[Cause]:
        """The groups of flatline rules that have fallen silent."""
        now = self._now()
        causes = []
        for rule in rules:
            for last, tally in self._memory.groups(rule, now, hold):
                because = verdict(rule, tally)
                document = self._document(rule, last.document, hold) if because else None
                if document is not None:
                    causes.append(Cause(rule, document, counted_key(last), now, last.group, because))
        return causes

    def alerts(self, causes: Sequence[Cause], hold: Hold) -> list[AlertDocument]:
        """An alert for each cause: to be sent, held back or suppressed."""
        if not causes:
            return []
        now = self._now()
        silences = self._memory.silences(now, hold)
        by_id = {}
        for cause in causes:
            alert = build_alert(cause.rule, cause.document, now, cause)
            if alert.id not in by_id:
                why = silenced(alert, silences, now) or self._waits(cause, alert, hold)
                by_id[alert.id] = _suppressed(alert, why) if why else _held(alert, cause.rule, now)
        return list(by_id.values())

    def _waits(self, cause: Cause, alert: AlertDocument, hold: Hold) -> str | None:
        if not cause.rule.pause or cause.rule.type == "flatline":
            return None
        return self._memory.take_turn(cause.rule, cause.group, alert.id, cause.at, hold)

    def _document(self, rule: Rule, document: str, hold: Hold) -> Document | None:
        query = {"ids": {"values": [document]}}
        index = alias(self._prefix, rule.watch)
        answer: Any = insist(
            lambda: self._client.search(index=index, query=query, source_excludes=["record"]),
            hold,
            "document",
        )
        hits = answer["hits"]["hits"]
        return hits[0]["_source"] if hits else None


def counted_key(end: Sighting) -> str:
    """What makes one alert of a counting rule: its group, and the sighting that tipped the scale."""
    return JOINT.join(part for part in (end.group, end.document) if part)


def _suppressed(alert: AlertDocument, why: str) -> AlertDocument:
    return msgspec.structs.replace(alert, status="suppressed", suppressed_because=why)


def _held(alert: AlertDocument, rule: Rule, now: datetime) -> AlertDocument:
    until = held_until(rule, now)
    if until is None:
        return alert
    clock = f"{until:%Y-%m-%d %H:%M} {rule.quiet_hours.zone if rule.quiet_hours else ''}"
    return msgspec.structs.replace(
        alert, lease_ends_at=iso(until + timedelta(seconds=1)), held_because=f"quiet hours until {clock}"
    )


def _triple(rule: Rule, one: Sighting) -> tuple[str, str, str]:
    return rule.id, one.group, one.document


def _distinct(asked: Iterable[Asked]) -> list[Asked]:
    """One a rule, group and document, whatever values it was seen with."""
    return list({_triple(rule, one): (rule, one) for rule, one in asked}.values())
