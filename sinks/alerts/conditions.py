"""When what a rule saw is news: sightings, what they add up to, and the verdict. Pure.

Time is when an article was fetched, not when it is looked at, so that a sink that was away for hours
decides as it would have decided then, and a replay decides the same again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice, product
from typing import Any

import msgspec

from sinks.alerts.rule import Rule, span_of
from sinks.elasticsearch.documents import Document

GROUPS_MAX = 50
VALUES_MAX = 50
JOINT = " · "
FIRST_YEAR, LAST_YEAR = 1971, 9000


@dataclass(frozen=True, order=True)
class Sighting:
    """One match of a rule in one of its groups; `value` is what a rule of type cardinality counts."""

    at: datetime
    document: str
    group: str
    value: str | None = None


@dataclass(frozen=True)
class Tally:
    """What a group adds up to in a window that ends with one of its sightings.

    `documents` and `values` are distinct ones in the window, `before` the documents in the windows before
    it that a spike is compared to, `known` whether an earlier sighting lies in the window.
    """

    documents: int
    values: int = 0
    before: int = 0
    known: bool = False


def sightings(rule: Rule, document: Document) -> list[Sighting]:
    """A match, in each of its groups and with each of its values, as many as are reasonable."""
    at = fetched_at(document)
    fields = rule.terms if rule.type == "new" else rule.query_key
    values = values_of(document, rule.of)[:VALUES_MAX] if rule.of else [None]
    return [
        Sighting(at, document["id"], group, value) for group in groups(document, fields) for value in values
    ]


def fetched_at(document: Document) -> datetime:
    """When it was fetched."""
    return moment(document["fetched_at"])


def moment(text: str) -> datetime:
    """A moment as records write it, to the millisecond that the index keeps.

    Raises `ValueError` for what is none, or so far off that no window could be measured from it.
    """
    at = datetime.fromisoformat(text)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"{text} is not of our time")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def groups(document: Document, fields: Sequence[str]) -> list[str]:
    """Every combination of the fields' values; none where one of them has none; `""` without fields."""
    each = [values_of(document, field) for field in fields]
    return [JOINT.join(combination) for combination in islice(product(*each), GROUPS_MAX)]


def values_of(document: Document, field: str) -> list[str]:
    """A field's values as words, once each."""
    value = document.get(field)
    if value is None:
        return []
    return list(dict.fromkeys(map(str, value if isinstance(value, list) else [value])))


def verdict(rule: Rule, tally: Tally) -> str | None:
    """Why the group is news now, or `None` where it is not."""
    count = rule.count or 1
    match rule.type:
        case "new" if not tally.known:
            return f"not seen in {rule.window}"
        case "frequency" if tally.documents >= count:
            return f"{tally.documents} in {rule.window} (from {count} on)"
        case "cardinality" if tally.values >= count:
            return f"{tally.values} different {rule.of} in {rule.window} (from {count} on)"
        case "spike" if tally.documents >= max(count, usual(rule, tally) * (rule.factor or 1)):
            return f"{tally.documents} in {rule.window}, usual are {usual(rule, tally):.3g}"
        case "flatline" if tally.documents < count:
            return f"{tally.documents} in {rule.window} (fewer than {count})"
    return None


def usual(rule: Rule, tally: Tally) -> float:
    """Documents a window, on average of the windows before."""
    return tally.before / rule.baseline


def tallies(rule: Rule, seen: Sequence[Sighting]) -> Iterator[tuple[Sighting, Tally]]:
    """What a group's sightings, which are in order, add up to in the window that ends with each of them.

    Windows slide, so that long ones cost no more. The same is asked of the cluster by `sinks.alerts.memory`.
    """
    documents, values, before = Counter[str](), Counter[str | None](), Counter[str]()
    entered = left = gone = 0
    for place, end in enumerate(seen):
        start, far = end.at - span_of(rule.window), end.at - rule.span
        while entered < len(seen) and seen[entered].at <= end.at:
            documents[seen[entered].document] += 1
            values[seen[entered].value] += 1
            entered += 1
        while seen[left].at <= start:
            _take(documents, seen[left].document)
            _take(values, seen[left].value)
            before[seen[left].document] += 1
            left += 1
        while gone < left and seen[gone].at <= far:
            _take(before, seen[gone].document)
            gone += 1
        known = any(one.document != end.document for one in islice(seen, left, place))
        yield end, Tally(len(documents), len(values), len(before), known)


def _take(counts: Counter[Any], what: Any) -> None:
    counts[what] -= 1
    if not counts[what]:
        del counts[what]


def fingerprint(rule: Rule) -> str:
    """Names what the rule counts: what an altered rule saw before its alteration is another's memory."""
    counted = [rule.id, rule.type, rule.watch, rule.query, rule.words, rule.language, rule.entities]
    counted += [rule.watchlists, rule.where, rule.query_key, rule.of, rule.terms]
    encoded = msgspec.json.encode(counted, order="deterministic")
    return f"{rule.id}:{blake2b(encoded, digest_size=6).hexdigest()}"
