"""The ledger's entry of a designation, begun by one mention and continued by others."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec

from processors.designations.facts import Facts
from processors.designations.memory import MENTIONS_MAX, SIGHTINGS_MAX, Answer, Entry, Standing
from schemas.article import Party
from schemas.designation import Designation, SanctionMention, Sighting

_TELLINGS_MAX, _TITLES_MAX, _PARTIES_MAX = 20, 200, 200
T = TypeVar("T")


def started(mention: SanctionMention, facts: Facts, standing: Standing) -> Entry:
    """An entry without sightings, with an id made of the mention's, so that a replay begins the same."""
    sanction = mention.sanction
    identity = hashlib.sha256(f"designation|{mention.id}".encode()).hexdigest()[:24]
    seen_at = seen_at_of(mention)
    designation = Designation(
        id=identity,
        issuers=[],
        targets=[party for party in sanction.targets if not party.entity],
        act=sanction.act,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
    )
    return Entry(
        id=identity,
        ledger=_packed(designation),
        standing=standing,
        first_day=facts.day,
        last_day=facts.day,
        touched=facts.fetched_day,
    )


def continued(entry: Entry, mention: SanctionMention, facts: Facts, answer: Answer, *, sure: bool) -> Entry:
    """The entry with the mention's sighting and what it says.

    Only a mention that is `sure` to mean this designation moves its days: vague ones must not carry it
    on to the day of the next.
    """
    days = [facts.day] if sure else []
    mistaken = set(facts.states) | (set(entry.states) if entry.authorities else set())
    return msgspec.structs.replace(
        entry,
        ledger=_packed(_told(entry.designation, mention, facts, answer, mistaken)),
        first_day=min([entry.first_day, *days]),
        last_day=max([entry.last_day, *days]),
        touched=max(entry.touched, facts.fetched_day),
        authorities=_without(_with(entry.authorities, facts.authorities), mistaken),
        states=_with(entry.states, facts.states),
        names=_with(entry.names, facts.names)[:_PARTIES_MAX],
        bodies=_with(entry.bodies, facts.bodies),
        tellings=_with(entry.tellings, [facts.counts] if facts.counts else [])[:_TELLINGS_MAX],
        clusters=_with(entry.clusters, [mention.cluster_id] if mention.cluster_id else []),
        titles=_with(entry.titles, [facts.title] if facts.title else [])[-_TITLES_MAX:],
        subjects=_with(entry.subjects, facts.subjects)[:_PARTIES_MAX],
        about=_with(entry.about, facts.about)[:_PARTIES_MAX],
        revisions=_revisions(entry, mention),
        mention_ids=_with(entry.mention_ids, [mention.id])[:MENTIONS_MAX],
        confirmed=entry.confirmed or facts.confirmed,
    )


def seen_at_of(mention: SanctionMention) -> str:
    """When the article told it: as published, else as fetched."""
    return mention.published_at or mention.fetched_at


def _revisions(entry: Entry, mention: SanctionMention) -> dict[str, int]:
    known = entry.revisions
    if mention.article_id not in known and len(known) >= MENTIONS_MAX:
        return known
    return known | {mention.article_id: max(mention.revision, known.get(mention.article_id, 0))}


def _told(
    ledger: Designation, mention: SanctionMention, facts: Facts, answer: Answer, mistaken: set[str]
) -> Designation:
    """`mistaken` are states that an article took for issuers, and another says are aimed at."""
    sanction, seen_at = mention.sanction, seen_at_of(mention)
    named = [party for party in sanction.targets if party.entity]
    issuers = _union(ledger.issuers, sanction.issuers)
    before = next((one.decision for one in ledger.sightings if one.mention_id == mention.id), None)
    return msgspec.structs.replace(
        ledger,
        issuers=[p for p in issuers if p.entity not in mistaken] or issuers,
        targets=_union(ledger.targets, named)[:_PARTIES_MAX],
        places=_union(ledger.places, sanction.places)[:_PARTIES_MAX],
        first_seen_at=min(ledger.first_seen_at, seen_at),
        last_seen_at=max(ledger.last_seen_at, seen_at),
        cluster_ids=_with(ledger.cluster_ids, [mention.cluster_id] if mention.cluster_id else []),
        counts=_with(ledger.counts, facts.counts),
        sightings=_sightings(ledger.sightings, _sighting(mention, answer)),
        updates=ledger.updates + (answer.decision == "update") - (before == "update"),
    )


def _sighting(mention: SanctionMention, answer: Answer) -> Sighting:
    return Sighting(
        mention_id=mention.id,
        article_id=mention.article_id,
        source=mention.source,
        seen_at=seen_at_of(mention),
        decision=answer.decision,
        why=answer.why,
        changes=answer.changes,
        language=mention.language,
        lane=mention.lane,
        title=mention.title,
        url=mention.url,
    )


def _sightings(known: list[Sighting], fresh: Sighting) -> list[Sighting]:
    """A revision takes its predecessor's place."""
    ids = [sighting.mention_id for sighting in known]
    position = ids.index(fresh.mention_id) if fresh.mention_id in ids else len(ids)
    return [*known[:position], fresh, *known[position + 1 :]][:SIGHTINGS_MAX]


def _packed(designation: Designation) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(designation))


def _with(known: list[T], fresh: list[T]) -> list[T]:
    return [*known, *(item for item in fresh if item not in known)]


def _without(known: list[str], mistaken: set[str]) -> list[str]:
    return [one for one in known if one not in mistaken] or known


def _union(known: list[Party], fresh: list[Party]) -> list[Party]:
    seen = {party.entity or party.text for party in known}
    return [*known, *(party for party in fresh if (party.entity or party.text) not in seen)]
