"""What a rule would have done: tried on what the index holds, before it is switched on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from sinks.alerts.build import Cause, build_alert, plain_cause
from sinks.alerts.conditions import Sighting, Tally, fetched_at, sightings, tallies, verdict
from sinks.alerts.judging import counted_key
from sinks.alerts.matching import rule_query
from sinks.alerts.quiet import held_until
from sinks.alerts.rule import Rule, span_of
from sinks.elasticsearch.documents import AlertDocument, Document
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.meaning import MEANING
from sinks.elasticsearch.query.clauses import Meant, nobody

DOCUMENTS_MAX = 20_000
UNUSED = ["record", "title_*", "text_*", MEANING]
"""Of a document: its record, its words once more as its language has them, its place in meaning."""
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Firing:
    """An alert that there would have been, when, and what would have kept it quiet."""

    alert: AlertDocument
    at: datetime
    quiet: str | None = None


@dataclass(frozen=True)
class Trial:
    """What would have happened. `documents` matched; `is_cut` where there were more than were looked at."""

    firings: list[Firing]
    documents: int
    is_cut: bool = False


def try_rule(  # noqa: PLR0913, PLR0917
    client: Elasticsearch, prefix: str, rule: Rule, since: datetime, now: datetime, meant: Meant = nobody
) -> Trial:
    """Try a rule on what was fetched since then. Silences are left out: they are about now.

    Raises `elasticsearch.ApiError` with status 400 where the cluster does not take the rule's query.
    """
    filters = [
        rule_query(rule, meant),
        {"term": {"lane": "live"}},
        {"range": {"fetched_at": {"gt": (since - rule.span).isoformat()}}},
    ]
    client.search(index=alias(prefix, rule.watch), query=filters[0], size=0)
    hits = scan(
        client,
        index=alias(prefix, rule.watch),
        query={
            "query": {"bool": {"filter": filters}},
            "sort": [{"fetched_at": "asc"}],
            "_source": {"excludes": UNUSED},
        },
        preserve_order=True,
        size=500,
    )
    documents = [hit["_source"] for hit in islice(hits, DOCUMENTS_MAX + 1)]
    firings = firings_of(rule, documents[:DOCUMENTS_MAX], since, now)
    matched = sum(fetched_at(document) >= since for document in documents[:DOCUMENTS_MAX])
    return Trial(firings, matched, len(documents) > DOCUMENTS_MAX)


def firings_of(rule: Rule, documents: Sequence[Document], since: datetime, now: datetime) -> list[Firing]:
    """What the rule would have made of the documents it matches, the earliest first. Pure."""
    causes = _counted(rule, documents, now) if rule.counts else (plain_cause(rule, one) for one in documents)
    firings: dict[str, Firing] = {}
    turns: dict[str, datetime] = {}
    for cause in sorted(causes, key=lambda each: each.at):
        alert = build_alert(rule, cause.document, cause.at, cause)
        if alert.id not in firings:
            firings[alert.id] = Firing(alert, cause.at, _quiet(cause, turns))
    return [firing for firing in firings.values() if firing.at >= since]


def telling(firings: Sequence[Firing], most: int) -> list[Firing]:
    """The newest that would have been heard, and where they are few, the newest kept quiet; by time."""
    heard = [firing for firing in firings if firing.quiet is None][-most:]
    room = most - len(heard)
    quiet = [firing for firing in firings if firing.quiet is not None][-room:] if room else []
    return sorted([*heard, *quiet], key=lambda firing: firing.at)


def _quiet(cause: Cause, turns: dict[str, datetime]) -> str | None:
    rule, last = cause.rule, turns.get(cause.group)
    if last is not None and cause.at - last < rule.pause and rule.type != "flatline":
        return f"alerted at {last:%Y-%m-%d %H:%M} UTC"
    turns[cause.group] = cause.at
    until = held_until(rule, cause.at)
    return f"held until {until:%Y-%m-%d %H:%M}" if until else None


def _counted(rule: Rule, documents: Sequence[Document], now: datetime) -> Iterator[Cause]:
    by_id = {document["id"]: document for document in documents}
    groups: dict[str, list[Sighting]] = defaultdict(list)
    for document in documents:
        for sighting in sightings(rule, document):
            groups[sighting.group].append(sighting)
    for group, seen in groups.items():
        seen.sort(key=lambda one: (one.at, one.document))
        for end, at, counted in _ends(rule, seen, now):
            because = verdict(rule, counted)
            if because is not None:
                yield Cause(rule, by_id[end.document], counted_key(end), at, group, because)


def _ends(rule: Rule, seen: list[Sighting], now: datetime) -> Iterator[tuple[Sighting, datetime, Tally]]:
    """Every window that is looked at: one that ends with each sighting, or where it falls silent."""
    if rule.type != "flatline":
        yield from ((one, one.at, counted) for one, counted in tallies(rule, seen))
        return
    seen = list({one.document: one for one in seen}.values())
    times = [one.at for one in seen]
    for one in seen:
        at = one.at + span_of(rule.window) + MOMENT
        if at <= now:
            last = bisect_right(times, at)
            yield seen[last - 1], at, Tally(last - bisect_left(times, at - span_of(rule.window)))
