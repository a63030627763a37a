"""What is new to the stream: which mentions report a designation that nobody has reported before.

A designation is one issuer's act upon some targets, within a window of days. The first credible mention
that something was imposed is new; later ones are further sources of it, or updates where a number or a
name changed. Nothing else is announced: threats, extensions, history, what the backfill brought, what
the text itself dates before the window. Asked again about a mention, the answer is the same.

Two records of one article are two acts, since the sanctions stage has told each act once; so Treasury's
275 and Commerce's 40 of one article are two designations, beside the total of 400 that it also names.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from datetime import UTC, datetime

import msgspec

from processors.designations.likeness import Likeness, bodies_of, likeness, names_of, states_of, title_of
from processors.designations.memory import MENTIONS_MAX, SIGHTINGS_MAX, Answer, Entry, Memory
from schemas.article import Article, Party
from schemas.designation import Decision, Designation, SanctionMention, Sighting

CREDIBLE = 0.5
_WINDOWS_KEPT = 6  # memory outlives the window, and every broker's retention, so that a replay is known
UNKNOWN_ISSUER = "unknown"
# A joint act is one designation, kept with the issuer that others most often report alone.
_PRECEDENCE = ("state:US", "org:EU", "org:UN", "state:GB")


def mention_records(article: Article) -> list[tuple[str, SanctionMention]]:
    """One mention per sanction of the article, each with its partition key, the issuer's."""
    return [(partition_key(mention), mention) for mention in _mentions(article)]


def partition_key(mention: SanctionMention) -> str:
    """The issuer's entity id; `unknown` where the article names no issuer."""
    entities = [party.entity for party in mention.sanction.issuers if party.entity]
    return next((e for e in _PRECEDENCE if e in entities), entities[0] if entities else UNKNOWN_ISSUER)


def decide(
    mention: SanctionMention, memory: MutableMapping[str, bytes], window_days: int = 30
) -> tuple[SanctionMention, Designation | None]:
    """The mention with its decision, and the ledger's entry where it belongs to one.

    Touches only keys of `memory` that begin with the issuer's key and `|`.
    """
    if reason := _why_not(mention):
        return _answered(mention, "not_alertable", None, reason), None
    known = Memory(memory, partition_key(mention))
    digest = _digest(mention)
    before = known.answer(mention.id)
    if before and before.digest == digest:
        entry = known.entry(before.designation_id)
        return _with_answer(mention, before), entry.designation if entry else None
    horizon_days = _WINDOWS_KEPT * window_days
    if _day(mention.fetched_at) < known.newest_touched() - horizon_days:
        return _answered(
            mention, "old", None, f"Fetched more than {horizon_days} days before the newest."
        ), None
    entry, like = _find(mention, known, before, window_days)
    decision, why = _judge(mention, entry, like, before, window_days)
    entry = _with_sighting(entry, mention, decision, why) if entry else _started(mention, decision, why)
    answer = Answer(digest=digest, designation_id=entry.designation.id, decision=decision, why=why)
    known.remember(entry, mention.id, answer)
    known.forget_before(_day(mention.fetched_at) - horizon_days)
    return _with_answer(mention, answer), entry.designation


def _mentions(article: Article) -> list[SanctionMention]:
    clean = article.clean
    return [
        SanctionMention(
            id=f"{article.id}:{position}",
            article_id=article.id,
            revision=article.revision,
            source=article.source,
            fetched_at=article.fetched_at,
            language=article.language.code if article.language else "und",
            sanction=sanction,
            quotes=[article.quote(span) for span in sanction.evidence],
            lane=article.lane,
            url=article.url,
            title=clean.title if clean else None,
            published_at=clean.published_at if clean else None,
            cluster_id=article.story.cluster_id if article.story else None,
        )
        for position, sanction in enumerate(article.sanctions)
    ]


def _why_not(mention: SanctionMention) -> str | None:
    sanction = mention.sanction
    if sanction.act != "imposed":
        return f"Only imposed sanctions are announced; this one is {sanction.act.replace('_', ' ')}."
    if sanction.confidence < CREDIBLE:
        return f"Confidence {sanction.confidence:.2f} is under {CREDIBLE:.2f}."
    if not sanction.issuers and not sanction.counts and not sanction.targets:
        return "The text names neither an issuer nor a target nor a number."
    return None


def _find(
    mention: SanctionMention, known: Memory, before: Answer | None, window_days: int
) -> tuple[Entry | None, Likeness | None]:
    """The designation that the mention reports, by the strongest likeness; of equals, the older."""
    best: tuple[Entry | None, Likeness | None] = (None, None)
    for entry in known.entries(_news_day(mention), window_days):
        own = before is not None and before.designation_id == entry.designation.id
        like = likeness(mention, entry, _news_day(mention), window_days, own=own)
        if like and (best[1] is None or like.strength > best[1].strength):
            best = (entry, like)
    return best


def _judge(
    mention: SanctionMention,
    entry: Entry | None,
    like: Likeness | None,
    before: Answer | None,
    window_days: int,
) -> tuple[Decision, str]:
    if entry is None or like is None:
        return _judge_first(mention, window_days)
    if before and before.designation_id == entry.designation.id and before.decision == "new":
        return "new", f"{before.why} The article has been revised since."
    first = entry.designation.sightings[0]
    since = f"first reported by {first.source} ({first.seen_at[:10]})"
    if like.changes:
        return "update", f"{like.because}, {since}; {like.changes}."
    return "further_source", f"{like.because}, {since}."


def _judge_first(mention: SanctionMention, window_days: int) -> tuple[Decision, str]:
    if mention.lane == "backfill":
        return "old", "Brought by the backfill: remembered, not announced."
    date = mention.sanction.date
    if date and _news_day(mention) - _day(date) > window_days:
        return "old", f"The text dates it {date}, more than {window_days} days before the news."
    who = ", ".join(party.name or party.text for party in mention.sanction.issuers) or "an unnamed issuer"
    how_many = " and ".join(f"{count.n} {count.of}" for count in mention.sanction.counts)
    upon = f" on {how_many}" if how_many else ""
    return "new", f"First report within {window_days} days of sanctions by {who}{upon}."


def _started(mention: SanctionMention, decision: Decision, why: str) -> Entry:
    sanction = mention.sanction
    day = _news_day(mention)
    identity = hashlib.sha256(f"{partition_key(mention)}|{mention.id}".encode()).hexdigest()[:24]
    seen_at = _seen_at(mention)
    designation = Designation(
        id=identity,
        issuers=sanction.issuers,
        targets=sanction.targets,
        act=sanction.act,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
    )
    empty = Entry(designation=designation, first_day=day, last_day=day, touched=_day(mention.fetched_at))
    return _with_sighting(empty, mention, decision, why)


def _with_sighting(entry: Entry, mention: SanctionMention, decision: Decision, why: str) -> Entry:
    sanction, ledger = mention.sanction, entry.designation
    day, seen_at = _news_day(mention), _seen_at(mention)
    sighting = Sighting(
        mention_id=mention.id,
        article_id=mention.article_id,
        source=mention.source,
        seen_at=seen_at,
        decision=decision,
        why=why,
    )
    sightings = [old for old in ledger.sightings if old.mention_id != mention.id]
    position = next(
        (i for i, old in enumerate(ledger.sightings) if old.mention_id == mention.id), len(sightings)
    )
    sightings.insert(position, sighting)
    counts = [(count.n, count.of) for count in sanction.counts]
    return msgspec.structs.replace(
        entry,
        designation=msgspec.structs.replace(
            ledger,
            issuers=_union(ledger.issuers, sanction.issuers),
            targets=_union(ledger.targets, sanction.targets),
            first_seen_at=min(ledger.first_seen_at, seen_at),
            last_seen_at=max(ledger.last_seen_at, seen_at),
            cluster_ids=_with(ledger.cluster_ids, [mention.cluster_id] if mention.cluster_id else []),
            counts=_with(ledger.counts, counts),
            sightings=sightings[:SIGHTINGS_MAX],
            updates=ledger.updates + (decision == "update"),
        ),
        first_day=min(entry.first_day, day),
        last_day=max(entry.last_day, day),
        touched=max(entry.touched, _day(mention.fetched_at)),
        titles=_with(entry.titles, [title_of(mention)] if title_of(mention) else []),
        states=_with(entry.states, states_of(sanction)),
        names=_with(entry.names, names_of(sanction)),
        bodies=_with(entry.bodies, bodies_of(sanction)),
        article_ids=_with(entry.article_ids, [mention.article_id])[:MENTIONS_MAX],
        mention_ids=_with(entry.mention_ids, [mention.id])[:MENTIONS_MAX],
    )


def _with(items: list, new: list) -> list:  # type: ignore[type-arg]
    return [*items, *(item for item in new if item not in items)]


def _union(one: list[Party], other: list[Party]) -> list[Party]:
    seen = {party.entity or party.text for party in one}
    return [*one, *(party for party in other if (party.entity or party.text) not in seen)]


def _with_answer(mention: SanctionMention, answer: Answer) -> SanctionMention:
    return _answered(mention, answer.decision, answer.designation_id, answer.why)


def _answered(
    mention: SanctionMention, decision: Decision, identity: str | None, why: str
) -> SanctionMention:
    sanction = msgspec.structs.replace(
        mention.sanction, designation_id=identity, new=decision == "new", why=why
    )
    return msgspec.structs.replace(mention, sanction=sanction, decision=decision)


def _digest(mention: SanctionMention) -> str:
    """Of what the mention says: not of when it was fetched, nor of an answer it already carries."""
    sanction = msgspec.structs.replace(mention.sanction, designation_id=None, new=None, why=None)
    said = (mention.id, mention.title, mention.published_at, mention.cluster_id, sanction, mention.quotes)
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def _seen_at(mention: SanctionMention) -> str:
    return mention.published_at or mention.fetched_at


def _news_day(mention: SanctionMention) -> int:
    """The day of the news: as published, else as fetched; never after the fetch."""
    fetched = _day(mention.fetched_at)
    return min(fetched, _day(mention.published_at)) if mention.published_at else fetched


def _day(stamp: str) -> int:
    """An ISO date or time as the ordinal of its day, UTC; 1 where it can't be read."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return _partial_day(stamp)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).toordinal()


def _partial_day(stamp: str) -> int:
    try:
        year, _, month = stamp.partition("-")
        return datetime(int(year), int(month or 1), 1, tzinfo=UTC).toordinal()
    except ValueError:
        return 1
