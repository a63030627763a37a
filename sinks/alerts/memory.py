"""What rules remember, in an index: sightings, whose turn it was, silences.

Every document's id follows from what it says, so that a replay or a second instance writes the same
again. A turn is taken by a write conditional on the document's sequence number: of two that want it at
once, one has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from sinks.alerts.build import iso
from sinks.alerts.conditions import Sighting, Tally, fingerprint
from sinks.alerts.rule import Rule, span_of
from sinks.elasticsearch import bulk
from sinks.elasticsearch.actions import BulkAction
from sinks.elasticsearch.documents import MemoryDocument
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.patience import insist, written_if
from sinks.retries import Hold

SEARCHES_AT_ONCE = 200
REPLAYED = timedelta(days=7)  # as long as topics keep what may be read again
GROUPS_MAX = 1000
FORGOTTEN_AT_ONCE = 2000
TRIES_FOR_A_TURN = 20
PRECISION = 3000
GROUP_CHARACTERS_MAX = 400

Asked = tuple[Rule, Sighting]


class Memory:
    """The index of what rules remember. Waits, by `hold`, until Elasticsearch answers."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._index = alias(prefix, "memory")

    def remember(self, seen: Sequence[Asked], hold: Hold) -> None:
        """Keep sightings; all can be asked about when it returns."""
        if seen:
            bulk.write(self._client, [self._sighting(rule, one) for rule, one in seen], hold)
            insist(lambda: self._client.indices.refresh(index=self._index), hold, "refresh memory")

    def latest(self, asked: Sequence[Asked], hold: Hold) -> list[Asked]:
        """For each group, the newest of its sightings in the window that begins with the one given.

        Another instance may have seen it, and have looked before ours was there.
        """
        bodies = [_latest_query(rule, one) for rule, one in asked]
        found = zip(asked, self._searches(bodies, hold), strict=True)
        return [(rule, _of_hit(answer["hits"]["hits"][0], one)) for (rule, one), answer in found]

    def tallies(self, asked: Sequence[Asked], hold: Hold) -> list[Tally]:
        """What each group adds up to in the window that ends with the sighting given."""
        answers = self._searches([_tally_query(rule, one) for rule, one in asked], hold)
        return [_tally_of(answer["aggregations"]) for answer in answers]

    def groups(self, rule: Rule, now: datetime, hold: Hold) -> Iterator[tuple[Sighting, Tally]]:
        """Each group that a flatline rule has seen of late, its last sighting and what is in the window."""
        body = {
            "size": 0,
            "query": _of_rule(rule, now - rule.reach, now),
            "aggs": {"groups": {"terms": {"field": "group", "size": GROUPS_MAX}, "aggs": _last(rule, now)}},
        }
        [answer] = self._searches([body], hold)
        for bucket in answer["aggregations"]["groups"]["buckets"]:
            [hit] = bucket["last"]["hits"]["hits"]
            sighting = Sighting(_moment(hit["_source"]["at"]), hit["_source"]["document"], bucket["key"])
            yield sighting, Tally(bucket["window"]["documents"]["value"])

    def take_turn(self, rule: Rule, group: str, alert: str, at: datetime, hold: Hold) -> str | None:
        """Let the group alert, unless it did a while ago: then why not. Asked again, it says the same."""
        for _ in range(TRIES_FOR_A_TURN):
            held = insist(lambda: self._get(_id("turn", rule.id, group)), hold, "turn")
            last = _moment(held["_source"]["at"]) if held else None
            if held and held["_source"]["alert_id"] == alert:
                return None
            if last is not None and abs(at - last) < rule.pause:
                return f"{group or rule.id}: alerted at {last:%Y-%m-%d %H:%M} UTC, again after {_words(rule)}"
            if last is not None and at < last:
                return None
            turn = MemoryDocument(
                id=_id("turn", rule.id, group), kind="turn", rule=rule.id, group=group[:GROUP_CHARACTERS_MAX],
                at=iso(at), ends_at=iso(at + 2 * rule.pause + timedelta(days=7)), alert_id=alert,
            )  # fmt: skip
            if self._put(turn, held, hold):
                return None
        return "its turn could not be told from others'"

    def silences(self, now: datetime, hold: Hold) -> list[MemoryDocument]:
        """Those that have not ended."""
        query = {
            "bool": {"filter": [{"term": {"kind": "silence"}}, {"range": {"ends_at": {"gt": iso(now)}}}]}
        }
        answer = insist(
            lambda: self._client.search(index=self._index, query=query, size=1000), hold, "silences"
        )
        return [msgspec.convert(hit["_source"], MemoryDocument) for hit in answer["hits"]["hits"]]

    def silence(self, silence: MemoryDocument) -> None:
        """Keep a silence, in force when it returns."""
        document = msgspec.to_builtins(silence)
        self._client.index(index=self._index, id=silence.id, document=document, refresh=True)

    def forget(self, now: datetime, hold: Hold) -> int:
        """Remove some of what has ended; how many."""
        query = {"range": {"ends_at": {"lt": iso(now)}}}
        answer = insist(
            lambda: self._client.search(
                index=self._index, query=query, size=FORGOTTEN_AT_ONCE, source=False, sort=["_doc"]
            ),
            hold,
            "forget",
        )
        ended = [{"delete": {"_index": self._index, "_id": hit["_id"]}} for hit in answer["hits"]["hits"]]
        if ended:
            insist(lambda: self._client.bulk(operations=ended), hold, "forget")
        return len(ended)

    def _sighting(self, rule: Rule, one: Sighting) -> BulkAction:
        seen_as = fingerprint(rule)
        document = MemoryDocument(
            id=_id("sighting", seen_as, one.document, one.group, one.value or ""),
            kind="sighting",
            rule=seen_as,
            group=one.group[:GROUP_CHARACTERS_MAX],
            document=one.document,
            value=one.value,
            at=iso(one.at),
            ends_at=iso(one.at + rule.reach + REPLAYED),
        )
        return BulkAction(self._index, document.id, msgspec.json.encode(document))

    def _get(self, key: str) -> Any:
        try:
            return self._client.get(index=self._index, id=key)
        except NotFoundError as error:
            if "index_not_found" in str(error.body):
                raise
            return None

    def _put(self, turn: MemoryDocument, held: Any, hold: Hold) -> bool:
        """Whether nobody was quicker."""
        condition: dict[str, Any] = {"op_type": "create"}
        if held:
            condition = {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
        document = msgspec.to_builtins(turn)
        answer = written_if(
            self._client, self._index, hold, "turn", id=turn.id, document=document, **condition
        )
        return answer is not None

    def _searches(self, bodies: Sequence[dict[str, Any]], hold: Hold) -> Iterator[Any]:
        for start in range(0, len(bodies), SEARCHES_AT_ONCE):
            lines = [line for body in bodies[start : start + SEARCHES_AT_ONCE] for line in ({}, body)]
            yield from insist(lambda lines=lines: self._ask(lines), hold, "memory")  # type: ignore[misc]

    def _ask(self, lines: list[dict[str, Any]]) -> list[Any]:
        """Every answer. Raises the first that failed, since a count of nothing would be a lie."""
        answers: list[Any] = self._client.msearch(index=self._index, searches=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise _SearchFailedError(answer)
        return answers


class _SearchFailedError(ApiError):
    """One search among several failed; all are asked again."""

    def __init__(self, answer: Any) -> None:
        super().__init__(str(answer["error"].get("reason")), meta=None, body=answer)  # type: ignore[arg-type]

    @property
    def status_code(self) -> int:
        """Whatever it was, what the cluster holds is not at fault."""
        return 503


def _latest_query(rule: Rule, one: Sighting) -> dict[str, Any]:
    since = one.at - timedelta(milliseconds=1)
    return {
        "size": 1,
        "query": _of_rule(rule, since, one.at + span_of(rule.window), one.group),
        "sort": [{"at": "desc"}, {"document": "desc"}],
    }


def _tally_query(rule: Rule, one: Sighting) -> dict[str, Any]:
    start = one.at - span_of(rule.window)
    window: dict[str, Any] = {"documents": _distinct("document"), "values": _distinct("value")}
    earlier: list[dict[str, Any]] = [{"range": {"at": {"lt": iso(one.at)}}}]
    earlier += [
        {"bool": {"filter": [{"term": {"at": iso(one.at)}}, {"range": {"document": {"lt": one.document}}}]}}
    ]
    another = {
        "bool": {
            "must_not": [{"term": {"document": one.document}}],
            "should": earlier,
            "minimum_should_match": 1,
        }
    }
    window["known"] = {"filter": another}
    return {
        "size": 0,
        "query": _of_rule(rule, one.at - rule.span, one.at, one.group),
        "aggs": {
            "window": {"filter": _between(start, one.at), "aggs": window},
            "before": {
                "filter": _between(one.at - rule.span, start),
                "aggs": {"documents": _distinct("document")},
            },
        },
    }


def _tally_of(found: Any) -> Tally:
    window = found["window"]
    return Tally(
        documents=window["documents"]["value"],
        values=window["values"]["value"],
        before=found["before"]["documents"]["value"],
        known=window["known"]["doc_count"] > 0,
    )


def _last(rule: Rule, now: datetime) -> dict[str, Any]:
    last = {"size": 1, "sort": [{"at": "desc"}], "_source": ["at", "document"]}
    window = {
        "filter": _between(now - span_of(rule.window), now),
        "aggs": {"documents": _distinct("document")},
    }
    return {"last": {"top_hits": last}, "window": window}


def _of_rule(rule: Rule, start: datetime, end: datetime, group: str | None = None) -> dict[str, Any]:
    filters = [{"term": {"kind": "sighting"}}, {"term": {"rule": fingerprint(rule)}}, _between(start, end)]
    if group is not None:
        filters.append({"term": {"group": group[:GROUP_CHARACTERS_MAX]}})
    return {"bool": {"filter": filters}}


def _between(start: datetime, end: datetime) -> dict[str, Any]:
    return {"range": {"at": {"gt": iso(start), "lte": iso(end)}}}


def _distinct(field: str) -> dict[str, Any]:
    return {"cardinality": {"field": field, "precision_threshold": PRECISION}}


def _of_hit(hit: Any, one: Sighting) -> Sighting:
    return Sighting(_moment(hit["_source"]["at"]), hit["_source"]["document"], one.group)


def _id(*parts: str) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _words(rule: Rule) -> str:
    return str(rule.realert or rule.window)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def silence_of(  # noqa: PLR0913
    rule: str,
    now: datetime,
    length: timedelta,
    because: str,
    *,
    group: str | None = None,
    owner: str | None = None,
) -> MemoryDocument:
    """A silence of a rule, or of one group of it. There is one of each: a later one takes its place."""
    return MemoryDocument(
        id=_id("silence", rule, group or ""),
        kind="silence",
        rule=rule,
        group=group,
        at=iso(now),
        ends_at=iso(now + length),
        reason=because,
        owner=owner,
    )


def groups_of(asked: Iterable[Asked]) -> list[Asked]:
    """For each rule and group the earliest of its sightings."""
    first: dict[tuple[str, str], Asked] = {}
    for rule, one in sorted(asked, key=lambda pair: pair[1].at):
        first.setdefault((rule.id, one.group), (rule, one))
    return list(first.values())
