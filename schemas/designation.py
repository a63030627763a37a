"""What is new to the stream: sanctions mentions, and the designations they report."""

from __future__ import annotations

from typing import Literal

from schemas.article import Lane, Party, Record, Sanction

Decision = Literal["new", "further_source", "update", "old", "not_alertable"]
Change = Literal["count_changed", "target_named", "issuer_named", "confirmed_by_issuer"]
"""What an article adds to a designation that is already known."""


class SanctionMention(Record, frozen=True, kw_only=True):
    """One sanction as one article tells it: the record of `sanctions.mentions` and `sanctions.decided`.

    `id` is deterministic (article id and position of the sanction in it), so a replay overwrites.
    `quotes` holds the evidence sentences' words, in the order of `sanction.evidence`. On
    `sanctions.decided`, `decision` says what the designations stage made of it and
    `sanction.designation_id`, `.new` and `.why` are set, and `changes` says what the article added to a
    designation known before. `in_lead` is false where the article tells of it only far below its lead.
    `subjects` are ids of whom and what the act is on, by the headline, else by its targets; `about` of all
    that are named in headline, lead and evidence; issuers and names whose id is made of sounds are in none.
    """

    id: str
    article_id: str
    revision: int
    source: str
    fetched_at: str
    language: str
    sanction: Sanction
    quotes: list[str]
    lane: Lane = "live"
    url: str | None = None
    title: str | None = None
    published_at: str | None = None
    cluster_id: str | None = None
    decision: Decision | None = None
    changes: list[Change] = []
    in_lead: bool = True
    subjects: list[str] = []
    about: list[str] = []
    schema_version: int = 1


class Sighting(Record, frozen=True, kw_only=True):
    """One article's report of a designation, and the decision it got."""

    mention_id: str
    article_id: str
    source: str
    seen_at: str
    decision: Decision
    why: str
    changes: list[Change] = []
    language: str = "und"
    lane: Lane = "live"
    title: str | None = None
    url: str | None = None


class Designation(Record, frozen=True, kw_only=True):
    """The ledger entry of one designation: who sanctioned whom, first seen where, told by whom.

    `targets` are those named, and the words of the first article that told; `places` the states aimed at
    or where targets are. `sightings` stand in the order in which they were decided.
    """

    id: str
    issuers: list[Party]
    targets: list[Party]
    act: str
    first_seen_at: str
    last_seen_at: str
    cluster_ids: list[str] = []
    counts: list[tuple[int, str]] = []
    sightings: list[Sighting] = []
    updates: int = 0
    places: list[Party] = []
    schema_version: int = 1
