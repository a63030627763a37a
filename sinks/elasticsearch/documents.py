"""What Elasticsearch holds: records made flat, so that Kibana can filter, count and chart every field.

One document an article, one a sanctions mention, one a designation, one an alert. Names are arrays of
keywords, never nested objects. `title` and `text` are searched whatever their language; beside them
stands a second pair for the language's own analysis (`title_ar`, `text_ar`). An article's whole record,
raw text and spans included, is kept under `record`, stored and not indexed.

These structs are what the mapping is derived from (`sinks.elasticsearch.mapping`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from schemas.alert import Alert
from schemas.article import Article, Clean, MentionType, Party, Record, Sanction
from schemas.designation import Designation, SanctionMention
from schemas.wire import encode, prepare

ANALYSERS = {
    "ar": "arabic_words",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    "it": "italian",
    "ja": "cjk",
    "ko": "cjk",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
    "zh": "cjk",
}

Document = dict[str, Any]


class ArticleDocument(Record, frozen=True, kw_only=True):
    """An article. `people`, `organisations`, `places` hold entity names, or the words where unknown."""

    id: str
    external_id: str | None
    revision: int
    lane: str
    source: str
    url: str | None
    fetched_at: str
    published_at: str | None
    stages: list[str]
    language: str | None
    script: str | None
    dialect: str | None
    title: str | None
    text: str | None
    byline: str | None
    agency: str | None
    cluster_id: str | None
    relation: str | None
    nearest_id: str | None
    similarity: float | None
    thread_id: str | None
    thread_nearest_id: str | None
    thread_similarity: float | None
    thread_because: str | None
    people: list[str]
    organisations: list[str]
    places: list[str]
    entity_ids: list[str]
    wikidata_ids: list[str]
    watchlists: list[str]
    event_types: list[str]
    event_modes: list[str]
    event_actors: list[str]
    event_targets: list[str]
    sanction_acts: list[str]
    sanction_issuers: list[str]
    sanction_targets: list[str]
    sanction_places: list[str]
    sanction_measures: list[str]
    sanction_programmes: list[str]
    record: msgspec.Raw


class SanctionDocument(Record, frozen=True, kw_only=True):
    """One article's telling of one act of sanctions; `text` is the evidence in the article's words."""

    id: str
    article_id: str
    revision: int
    lane: str
    source: str
    url: str | None
    fetched_at: str
    published_at: str | None
    language: str
    title: str | None
    text: str
    cluster_id: str | None
    act: str
    decision: str | None
    changes: list[str]
    designation_id: str | None
    new: bool | None
    why: str | None
    issuers: list[str]
    issuer_ids: list[str]
    targets: list[str]
    target_ids: list[str]
    named: list[str]
    places: list[str]
    counts: list[str]
    counted: int
    measures: list[str]
    programme: str | None
    reason: str | None
    date: str | None
    confidence: float
    record: msgspec.Raw


class DesignationDocument(Record, frozen=True, kw_only=True):
    """A ledger entry: who sanctioned whom, told by which articles and sources."""

    id: str
    act: str
    issuers: list[str]
    issuer_ids: list[str]
    targets: list[str]
    target_ids: list[str]
    places: list[str]
    counts: list[str]
    first_seen_at: str
    last_seen_at: str
    cluster_ids: list[str]
    article_ids: list[str]
    mention_ids: list[str]
    sources: list[str]
    languages: list[str]
    decisions: list[str]
    changes: list[str]
    updates: int
    record: msgspec.Raw


class AlertDocument(Alert, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """An alert, with what its delivery needs.

    `channels` names where it is to go (empty: wherever nothing is chosen), `delivered_to` those that took
    it, `undelivered` those that never will, each with the reason. `attempts` counts tries, and until
    `lease_ends_at` it belongs to whoever is sending it, or waits for the reason in `held_because`.
    `titles` are the title in other languages, each after its code: `ar: …`.
    """

    delivered_to: list[str]
    attempts: int = 0
    lease_ends_at: str
    channels: list[str] = msgspec.field(default_factory=list)
    undelivered: list[str] = msgspec.field(default_factory=list)
    held_because: str | None = None
    titles: list[str] = msgspec.field(default_factory=list)
    cluster_id: str | None = None


class MemoryDocument(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What alert rules remember, so that counting survives a restart and is shared by all instances.

    A `sighting` is one match of a counting rule in one of its groups, at the time the article was fetched;
    a `turn` is the last alert of a group; a `silence` keeps a rule quiet until it ends.
    """

    id: str
    kind: Literal["sighting", "turn", "silence"]
    rule: str
    at: str
    ends_at: str
    group: str | None = None
    document: str | None = None
    value: str | None = None
    alert_id: str | None = None
    reason: str | None = None
    owner: str | None = None


prepare(AlertDocument, MemoryDocument)


def article_document(article: Article) -> Document:
    """The document of an enriched article.

    Raises `schemas.wire.WireError` where a text holds what UTF-8 cannot carry.
    """
    language, clean, story = article.language, article.clean or Clean(), article.story
    entities = [mention.entity for mention in article.mentions if mention.entity is not None]
    sanctions, events = article.sanctions, article.events
    return _searchable(
        ArticleDocument(
            id=article.id,
            external_id=article.external_id,
            revision=article.revision,
            lane=article.lane,
            source=article.source,
            url=article.url,
            fetched_at=article.fetched_at,
            published_at=clean.published_at,
            stages=article.stages,
            language=language.code if language else None,
            script=language.script if language else None,
            dialect=language.dialect if language else None,
            title=clean.title,
            text=clean.text,
            byline=clean.byline,
            agency=clean.agency,
            cluster_id=story.cluster_id if story else None,
            relation=story.relation if story else None,
            nearest_id=story.nearest_id if story else None,
            similarity=story.similarity if story else None,
            thread_id=story.thread_id if story else None,
            thread_nearest_id=story.thread_nearest_id if story else None,
            thread_similarity=story.thread_similarity if story else None,
            thread_because=story.thread_because if story else None,
            people=_names(article, "PER"),
            organisations=_names(article, "ORG"),
            places=_names(article, "LOC"),
            entity_ids=_distinct(
                [entity.id for entity in entities]
                + _ids(party for sanction in sanctions for party in sanction.issuers + sanction.targets)
            ),
            wikidata_ids=_distinct(entity.wikidata for entity in entities),
            watchlists=_distinct(hit.list_name for entity in entities for hit in entity.watchlist),
            event_types=_distinct(event.type for event in events),
            event_modes=_distinct(event.mode for event in events),
            event_actors=_party_names(party for event in events for party in event.actors),
            event_targets=_party_names(party for event in events for party in event.targets),
            sanction_acts=_distinct(sanction.act for sanction in sanctions),
            sanction_issuers=_party_names(party for sanction in sanctions for party in sanction.issuers),
            sanction_targets=_party_names(party for sanction in sanctions for party in sanction.targets),
            sanction_places=_party_names(party for sanction in sanctions for party in sanction.places),
            sanction_measures=_distinct(measure for sanction in sanctions for measure in sanction.measures),
            sanction_programmes=_distinct(sanction.programme for sanction in sanctions),
            record=msgspec.Raw(encode(article)),
        )
    )


def sanction_document(mention: SanctionMention) -> Document:
    """The document of one decided mention of sanctions."""
    sanction = mention.sanction
    return _searchable(
        SanctionDocument(
            id=mention.id,
            article_id=mention.article_id,
            revision=mention.revision,
            lane=mention.lane,
            source=mention.source,
            url=mention.url,
            fetched_at=mention.fetched_at,
            published_at=mention.published_at,
            language=mention.language,
            title=mention.title,
            text="\n".join(mention.quotes),
            cluster_id=mention.cluster_id,
            act=sanction.act,
            decision=mention.decision,
            changes=list(mention.changes),
            designation_id=sanction.designation_id,
            new=sanction.new,
            why=sanction.why,
            issuers=_party_names(sanction.issuers),
            issuer_ids=_ids(sanction.issuers),
            targets=_party_names(sanction.targets),
            target_ids=_ids(sanction.targets),
            named=_party_names(party for party in sanction.targets if party.is_somebody),
            places=_party_names(sanction.places),
            counts=_counts((count.n, count.of) for count in sanction.counts_now),
            counted=_counted(sanction),
            measures=sanction.measures,
            programme=sanction.programme,
            reason=sanction.reason,
            date=sanction.date,
            confidence=sanction.confidence,
            record=msgspec.Raw(encode(mention)),
        )
    )


def designation_document(designation: Designation) -> Document:
    """The document of one ledger entry."""
    sightings = designation.sightings
    return _searchable(
        DesignationDocument(
            id=designation.id,
            act=designation.act,
            issuers=_party_names(designation.issuers),
            issuer_ids=_ids(designation.issuers),
            targets=_party_names(designation.targets),
            target_ids=_ids(designation.targets),
            places=_party_names(designation.places),
            counts=_counts(designation.counts),
            first_seen_at=designation.first_seen_at,
            last_seen_at=designation.last_seen_at,
            cluster_ids=designation.cluster_ids,
            article_ids=_distinct(sighting.article_id for sighting in sightings),
            mention_ids=_distinct(sighting.mention_id for sighting in sightings),
            sources=_distinct(sighting.source for sighting in sightings),
            languages=_distinct(sighting.language for sighting in sightings),
            decisions=_distinct(sighting.decision for sighting in sightings),
            changes=_distinct(change for sighting in sightings for change in sighting.changes),
            updates=designation.updates,
            record=msgspec.Raw(encode(designation)),
        )
    )


def _searchable(record: Record) -> Document:
    """The record's fields that say something, with title and text once more for their own language."""
    document = {
        name: value
        for name, value in msgspec.structs.asdict(record).items()
        if value is not None and value not in ("", [])
    }
    code = document.get("language")
    if code in ANALYSERS:
        own = {f"{name}_{code}": document[name] for name in ("title", "text") if name in document}
        document.update(own)
    return document


def _names(article: Article, kind: MentionType) -> list[str]:
    return _distinct(
        mention.entity.name
        if mention.entity is not None
        else article.field_text(mention.field)[mention.start : mention.end]
        for mention in article.mentions
        if mention.type == kind
    )


def _party_names(parties: Iterable[Party]) -> list[str]:
    return _distinct(party.name or party.text for party in parties)


def _ids(parties: Iterable[Party]) -> list[str]:
    return _distinct(party.entity for party in parties)


def _counts(counts: Iterable[tuple[int, str]]) -> list[str]:
    return [f"{n} {of}" for n, of in counts]


def _counted(sanction: Sanction) -> int:
    return sum(count.n for count in sanction.counts_now)


def _distinct(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
