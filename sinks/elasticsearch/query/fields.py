"""The fields that a question can ask for by name, and where their values stand in an article's document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from schemas.article import Act, EventType, Lane

FieldKind = Literal["text", "keyword", "name", "party", "time"]


@dataclass(frozen=True)
class SearchField:
    """One field.

    `text` is analysed. A `keyword` is one of few words, given in `values` where they are known. A `name` is
    found in every script, by the entity it means; a `party` by the entity's English name. `lower` and
    `upper` say which ends of a time its value sets.
    """

    kind: FieldKind
    stored: tuple[str, ...]
    meaning: str
    values: tuple[str, ...] = ()
    lower: bool = True
    upper: bool = True


FIELDS: dict[str, SearchField] = {
    "title": SearchField("text", ("title",), "words of the title"),
    "text": SearchField("text", ("text",), "words of the text"),
    "language": SearchField("keyword", ("language",), "ISO 639-1: ar, ru, zh, …"),
    "source": SearchField("keyword", ("source",), "the outlet"),
    "person": SearchField("name", ("people",), "who is named, in any script"),
    "place": SearchField("name", ("places", "sanction_places"), "where, in any script"),
    "body": SearchField("name", ("organisations",), "which body or firm is named, in any script"),
    "event": SearchField("keyword", ("event_types", "event_modes"), f"{', '.join(get_args(EventType))}"),
    "act": SearchField("keyword", ("sanction_acts",), "what became of sanctions", get_args(Act)),
    "issuer": SearchField("party", ("sanction_issuers",), "who sanctions"),
    "target": SearchField("party", ("sanction_targets",), "who is sanctioned"),
    "measure": SearchField("keyword", ("sanction_measures",), "asset_freeze, travel_ban, …"),
    "watchlist": SearchField("keyword", ("watchlists",), "a list that somebody named may be on"),
    "since": SearchField("time", ("fetched_at",), "fetched then or later", upper=False),
    "until": SearchField("time", ("fetched_at",), "fetched then or earlier", lower=False),
    "fetched": SearchField("time", ("fetched_at",), "when it was fetched"),
    "published": SearchField("time", ("published_at",), "when it says it was published"),
    "lane": SearchField("keyword", ("lane",), "live or backfill", get_args(Lane)),
    "story": SearchField("keyword", ("cluster_id",), "a story's id"),
    "thread": SearchField("keyword", ("thread_id",), "a thread's id"),
    "entity": SearchField("keyword", ("entity_ids", "wikidata_ids"), "an entity's id: state:IR, Q794"),
}
