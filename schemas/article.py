"""The article record: raw text as it came in, and one sub-record per stage that has annotated it.

Raw text is never altered. Every annotation points into text by Unicode code-point offsets, end
exclusive, so `text[start:end]` in Python is what was meant. A sub-record that is `None` (or an empty
list with its stage missing from `stages`) has not been computed; an empty one was computed and found
nothing. Evolution is additive, with defaults: see `schemas.wire`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Lane = Literal["live", "backfill"]
Revision = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""Epoch milliseconds; no larger than every JSON reader can hold, and Elasticsearch takes as a version."""
Field = Literal["title", "text"]
Role = Literal[
    "title", "body", "subhead", "caption", "date", "byline", "boilerplate", "duplicate", "other_article"
]
MentionType = Literal["PER", "ORG", "LOC"]
Relation = Literal["first", "copy", "related"]
Act = Literal[
    "imposed",
    "lifted",
    "extended",
    "threatened_or_called_for",
    "evasion_or_enforcement",
    "background",
]
EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "CONCEDE",
    "YIELD",
]  # fmt: skip
"""PLOVER's sixteen; `YIELD` is what records called RETREAT before, and is still read."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that travels: immutable, keyword-only.

    A field that the reader does not know is refused at every depth: a stage writes the record on, and
    would otherwise write it on without that field. See decision 22.
    """


class Raw(Record, frozen=True, kw_only=True):
    """The page as it arrived, byte for byte once decoded."""

    content: str
    format: Literal["text", "html"] = "text"


class Language(Record, frozen=True, kw_only=True):
    """Which language the article is in.

    `code` is ISO 639-1 (`und` where nothing reached the floor), `confidence` is 0–1, `script` is
    ISO 15924 (`Arab`, `Cyrl`, `Hang`, …), `dialect` a finer code folded into `code` (`arz` under `ar`).
    """

    code: str
    confidence: float
    script: str | None = None
    dialect: str | None = None


class Segment(Record, frozen=True, kw_only=True):
    """One raw line: where it stands in `raw.content`, and what it is.

    `language` is ISO 639-1, and set only for a line of the article that surely is in another language.
    """

    start: int
    end: int
    role: Role
    language: str | None = None


class Clean(Record, frozen=True, kw_only=True):
    """The article without the page around it.

    `text` holds body and subheads, each kept raw line a line of its own, joined by a newline.
    `published_at` is ISO 8601 (a date, or a time with offset where the page gives one), and
    `published_evidence` the words that say so; both `None` rather than a guess. `segments` covers
    every non-blank line of a plain-text page, in order; for HTML it is empty.

    `other_articles` is where in `raw.content` each further article of the page begins, of which `text` has
    nothing: their lines have the role `other_article`.
    """

    title: str | None = None
    text: str = ""
    published_at: str | None = None
    published_evidence: str | None = None
    byline: str | None = None
    agency: str | None = None
    segments: list[Segment] = []
    other_articles: list[int] = []


class Story(Record, frozen=True, kw_only=True):
    """Which story the article belongs to.

    `cluster_id` is the id of the first article of the story. `similarity` (0–1) is the word-3-gram
    Jaccard similarity with `nearest_id`, the most similar earlier article, where there is one.

    A thread is stories, in whatever language, about one event: `thread_id` is the `cluster_id` of its
    first, `None` until the threads stage has run. Where the story joined another's thread,
    `thread_nearest_id` is that story's `cluster_id`, `thread_similarity` how sure we are (0–1), and
    `thread_because` what the two share, in words for a reader.
    """

    cluster_id: str
    relation: Relation = "first"
    nearest_id: str | None = None
    similarity: float = 0.0
    thread_id: str | None = None
    thread_nearest_id: str | None = None
    thread_similarity: float | None = None
    thread_because: str | None = None


class WatchlistHit(Record, frozen=True, kw_only=True):
    """One entry of a watchlist that a mention may be, and why we think so."""

    list_name: str
    entry_id: str
    score: float
    reason: str
    programme: str | None = None


class Entity(Record, frozen=True, kw_only=True):
    """Who or what a mention means. `id` is ours and stable; `wikidata` a Q-number where known.

    `name` is the English name where we know it, else the name in Latin letters where its script writes
    vowels; `native` the words of the mention where they differ from it.
    """

    id: str
    name: str
    wikidata: str | None = None
    watchlist: list[WatchlistHit] = []
    native: str | None = None


class Mention(Record, frozen=True, kw_only=True):
    """A name in the clean title or text. Proclitics, particles, titles and quotes are outside the span.

    `metonym` marks a place that stands for its government: Washington imposed …
    """

    field: Field
    start: int
    end: int
    type: MentionType
    confidence: float
    entity: Entity | None = None
    metonym: bool = False


class Embedding(Record, frozen=True, kw_only=True):
    """Where the article lies in meaning: `values` are 384 little-endian float16, of unit length together.

    Two articles' likeness is the dot product of their values; only embeddings of one `model` compare.
    """

    model: str
    values: bytes


class Span(Record, frozen=True, kw_only=True):
    """A stretch of the clean title or text."""

    field: Field
    start: int
    end: int


UNIONS = frozenset({"org:EU", "org:UN", "org:G7", "org:WEST", "org:NATO"})
"""Organisations that act, and are acted upon, as states do."""


class Party(Record, frozen=True, kw_only=True):
    """An issuer, target, actor: the words, the canonical English name, and the entity id, where known."""

    text: str
    name: str | None = None
    entity: str | None = None

    @property
    def is_somebody(self) -> bool:
        """Whether it is known to be a person or an organisation, other than a union of states."""
        return (self.entity or "").startswith(("per:", "org:")) and self.entity not in UNIONS


class Event(Record, frozen=True, kw_only=True):
    """A PLOVER event (Open Event Data Alliance, 2018): one type in one sentence."""

    type: EventType
    trigger: Span
    sentence: Span
    confidence: float
    mode: str | None = None
    actors: list[Party] = []
    targets: list[Party] = []
    background: bool = False


_PARTS, _SUM = frozenset({"individuals", "entities"}), "individuals and entities"


class Count(Record, frozen=True, kw_only=True):
    """How many of what: `n` of `of` (`individuals`, `entities`, `vessels`, …, or `unknown`).

    `cumulative` marks a running total ("64 persons since May") as against newly named ones.
    """

    n: int
    of: str
    text: str
    cumulative: bool = False


class Sanction(Record, frozen=True, kw_only=True):
    """One act of sanctions, however many sentences of the article tell it.

    A sentence that is not about sanctions yields none. `evidence` begins with the sentence that tells
    most, an alert's text; the others follow in order. `designation_id`, `new` and `why` are set by
    the designations stage: `new` is `None` until it has decided.
    """

    act: Act
    evidence: list[Span]
    confidence: float
    issuers: list[Party] = []
    targets: list[Party] = []
    counts: list[Count] = []
    places: list[Party] = []
    measures: list[str] = []
    programme: str | None = None
    reason: str | None = None
    date: str | None = None
    designation_id: str | None = None
    new: bool | None = None
    why: str | None = None

    @property
    def counts_now(self) -> list[Count]:
        """How many are hit by this act: no running totals, and no parts (`2 entities`) of people and firms
        that are told as one number too (`17 individuals and entities`).
        """
        now = [count for count in self.counts if not count.cumulative]
        parts = [count for count in now if count.of in _PARTS]
        summed = any(one.of == _SUM and one.n >= sum(part.n for part in parts) for one in now)
        return [count for count in now if count not in parts] if summed else now


class Article(Record, frozen=True, kw_only=True):
    """One article on its way through the pipeline.

    `id` is deterministic: from the canonical URL, else from source and normalised text, so the same
    article fetched twice has one id. `revision` is the epoch time in milliseconds at which this text
    was first seen; the higher revision of an id wins wherever it is stored. `stages` names the stages
    that have annotated it, in order. `feed_published_at` is when the feed or news sitemap that told of it
    says it was published: ISO 8601, a day or a time with offset.
    """

    id: str
    source: str
    fetched_at: str
    raw: Raw
    revision: Revision = 0
    lane: Lane = "live"
    url: str | None = None
    external_id: str | None = None
    feed_published_at: str | None = None
    schema_version: int = 1
    stages: list[str] = []
    language: Language | None = None
    clean: Clean | None = None
    story: Story | None = None
    mentions: list[Mention] = []
    embedding: Embedding | None = None
    events: list[Event] = []
    sanctions: list[Sanction] = []

    def field_text(self, field: Field) -> str:
        """The text a span's offsets point into; empty before the article has been cleaned."""
        if self.clean is None:
            return ""
        return (self.clean.title or "") if field == "title" else self.clean.text

    def quote(self, span: Span) -> str:
        """The words under a span."""
        return self.field_text(span.field)[span.start : span.end]
