"""Records for the sinks' tests, in several scripts."""

from __future__ import annotations

from typing import Any

import msgspec

from schemas.article import (
    Article,
    Clean,
    Count,
    Entity,
    Event,
    Language,
    Mention,
    Party,
    Raw,
    Sanction,
    Segment,
    Span,
    Story,
    WatchlistHit,
)
from schemas.designation import Designation, SanctionMention, Sighting

TITLE = "واشنطن تفرض عقوبات على شركتين"
SENTENCE = "وفرضت وزارة الخزانة الأميركية عقوبات على شركتين وثلاثة أفراد في بيونغ يانغ."
TEXT = SENTENCE + "\nوقال المتحدث باسمها إن القرار يسري ابتداء من الثلاثاء."


def article(**changes: Any) -> Article:
    """An enriched Arabic article in which every sub-record is filled."""
    us = Party(text="وزارة الخزانة الأميركية", name="United States Treasury", entity="org-us-treasury")
    firms = Party(text="شركتين", name=None, entity="org-two-firms")
    sentence = Span(field="text", start=0, end=len(SENTENCE))
    full = Article(
        id="a1",
        external_id="ext-1",
        source="akhbar.example",
        url="https://akhbar.example/1",
        fetched_at="2026-03-04T05:06:07.000+00:00",
        revision=1_772_600_767_000,
        raw=Raw(content=f"القائمة الرئيسية\n{TITLE}\n{TEXT}\nتابعونا"),
        stages=["language", "boilerplate", "stories", "names", "events", "sanctions"],
        language=Language(code="ar", confidence=0.99, script="Arab", dialect="arz"),
        clean=Clean(
            title=TITLE,
            text=TEXT,
            published_at="2026-03-04",
            published_evidence="4 آذار/مارس 2026",
            byline="ليلى حداد",
            agency="وكالة الأنباء",
            segments=[Segment(start=0, end=16, role="boilerplate")],
        ),
        story=Story(
            cluster_id="a0",
            relation="related",
            nearest_id="a0",
            similarity=0.25,
            thread_id="t0",
            thread_nearest_id="t1",
            thread_similarity=0.75,
            thread_because="same names (Pyongyang); alike in meaning",
        ),
        mentions=[
            Mention(
                field="text",
                start=SENTENCE.index("وزارة"),
                end=SENTENCE.index("وزارة") + len("وزارة الخزانة الأميركية"),
                type="ORG",
                confidence=0.9,
                entity=Entity(
                    id="org-us-treasury",
                    name="United States Treasury",
                    wikidata="Q501542",
                    watchlist=[WatchlistHit(list_name="ofac", entry_id="1", score=0.8, reason="name")],
                ),
            ),
            Mention(
                field="text",
                start=SENTENCE.index("بيونغ"),
                end=SENTENCE.index("بيونغ") + len("بيونغ يانغ"),
                type="LOC",
                confidence=0.9,
            ),
            Mention(field="title", start=0, end=6, type="PER", confidence=0.3),
        ],
        events=[
            Event(
                type="SANCTION",
                mode="economic",
                trigger=Span(field="text", start=0, end=5),
                sentence=sentence,
                confidence=0.9,
                actors=[us],
                targets=[firms],
            )
        ],
        sanctions=[
            Sanction(
                act="imposed",
                evidence=[sentence],
                confidence=0.9,
                issuers=[us],
                targets=[firms],
                counts=[
                    Count(n=3, of="individuals", text="ثلاثة أفراد"),
                    Count(n=64, of="individuals", text="64 شخصا", cumulative=True),
                ],
                places=[Party(text="بيونغ يانغ", name="Pyongyang")],
                measures=["asset_freeze"],
                programme="DPRK",
                reason="برنامج الصواريخ",
                date="2026-03-03",
            )
        ],
    )
    return msgspec.structs.replace(full, **changes)


def mention(**changes: Any) -> SanctionMention:
    """The decided mention of the article's sanction."""
    decided = msgspec.structs.replace(
        article().sanctions[0], designation_id="d1", new=True, why="first report"
    )
    full = SanctionMention(
        id="a1-0",
        article_id="a1",
        revision=1_772_600_767_000,
        source="akhbar.example",
        fetched_at="2026-03-04T05:06:07.000+00:00",
        language="ar",
        sanction=decided,
        quotes=[SENTENCE],
        url="https://akhbar.example/1",
        title=TITLE,
        published_at="2026-03-04",
        cluster_id="a0",
        decision="new",
        changes=["count_changed"],
    )
    return msgspec.structs.replace(full, **changes)


def designation(**changes: Any) -> Designation:
    """The ledger entry of that mention."""
    sanction = mention().sanction
    full = Designation(
        id="d1",
        issuers=sanction.issuers,
        targets=sanction.targets,
        act="imposed",
        first_seen_at="2026-03-04T05:06:07.000+00:00",
        last_seen_at="2026-03-04T05:06:07.000+00:00",
        cluster_ids=["a0"],
        counts=[(3, "individuals")],
        sightings=[
            Sighting(
                mention_id="a1-0",
                article_id="a1",
                source="akhbar.example",
                seen_at="2026-03-04T05:06:07.000+00:00",
                decision="new",
                why="first report",
                changes=["count_changed"],
                language="ar",
                title=TITLE,
            )
        ],
        places=sanction.places,
        updates=1,
    )
    return msgspec.structs.replace(full, **changes)
