"""What is new to the stream: which mentions report a designation that nobody has reported before.

A designation is an act of one issuer, or of several together, upon some targets. The first mention that
says who acts and leads with it is new; later ones are further sources, or updates where a number changed,
a target or another issuer is named, or the issuer itself confirms. What names no issuer, or tells of an
act only far below its lead, is remembered, and the first mention that says more is new then. Nothing else
is announced: threats, extensions, history, what the backfill brought, what the text dates before the
window, running totals. Asked again about a mention, the answer is the same.

All mentions share one memory: a joint act is told as one issuer's too, and a headline may name none, so no
key of a mention keeps tellings of one act together.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass

import msgspec

from processors.designations.facts import Facts, day_of, facts_of
from processors.designations.ledger import continued, seen_at_of, started
from processors.designations.likeness import Likeness, likeness
from processors.designations.memory import Answer, Entry, Memory, Standing
from schemas.designation import Change, Decision, Designation, SanctionMention

CREDIBLE = 0.5
SURE_BELOW_LEAD = 0.8  # the ninth paragraph may tell the news, if it says how many and leaves no doubt
_SURE = 3
_SETTLED = frozenset({"new", "update", "further_source", "old"})
_NAMED_MAX = 5
_WINDOWS_KEPT = 6  # memory outlives the window, and every broker's retention, so that a replay is known
_WORDS = {
    "count_changed": "the number changed",
    "target_named": "a target is named",
    "issuer_named": "another issuer is named",
    "confirmed_by_issuer": "the issuer confirms it",
}


def decide(
    mention: SanctionMention, memory: MutableMapping[str, bytes], window_days: int = 30
) -> tuple[SanctionMention, Designation | None]:
    """The mention with its decision, and the ledger's entry where it belongs to one."""
    if reason := _why_not(mention):
        return _answered(mention, "not_alertable", reason), None
    known, digest = Memory(memory), _digest(mention)
    before = known.answer(mention.id)
    if before and (before.digest == digest or mention.revision < before.revision):
        entry = known.entry(before.designation_id)
        return _with_answer(mention, before), entry.designation if entry else None
    facts, horizon_days = facts_of(mention, window_days), _WINDOWS_KEPT * window_days
    if facts.fetched_day < known.newest_day() - horizon_days:
        return _answered(mention, "old", f"Fetched more than {horizon_days} days before the newest."), None
    known.advance(facts.fetched_day, horizon_days)
    found = _find(mention, facts, known, window_days)
    ruling = _later(mention, facts, *found, window_days) if found else _first(mention, facts, window_days)
    begun = found[0] if found else started(mention, facts, ruling.standing)
    answer = _answer(mention, begun, ruling, digest)
    entry = continued(_standing(begun, ruling, facts), mention, facts, answer, sure=ruling.sure)
    known.remember(entry, mention.id, answer)
    return _with_answer(mention, answer), entry.designation


def _why_not(mention: SanctionMention) -> str | None:
    sanction = mention.sanction
    if sanction.act != "imposed":
        return f"Only imposed sanctions are announced; this one is {sanction.act.replace('_', ' ')}."
    if sanction.confidence < CREDIBLE:
        return f"Confidence {sanction.confidence:.2f} is under {CREDIBLE:.2f}."
    if not sanction.issuers and not sanction.counts and not sanction.targets:
        return "The text names neither an issuer nor a target nor a number."
    return None


@dataclass(frozen=True)
class _Ruling:
    standing: Standing
    decision: Decision
    why: str
    changes: tuple[Change, ...] = ()
    sure: bool = True


def _find(
    mention: SanctionMention, facts: Facts, known: Memory, window_days: int
) -> tuple[Entry, Likeness] | None:
    """The designation that the mention reports: by the strongest likeness, then the nearest day."""
    best: tuple[tuple[int, int], Entry, Likeness] | None = None
    for entry in known.entries(facts.authorities, facts.states, facts.day, window_days):
        like = likeness(facts, mention, entry)
        if like is None:
            continue
        rank = (like.strength, -max(entry.first_day - facts.day, facts.day - entry.last_day, 0))
        if best is None or rank > best[0]:
            best = (rank, entry, like)
    return best and best[1:]


def _answer(mention: SanctionMention, entry: Entry, ruling: _Ruling, digest: str) -> Answer:
    return Answer(
        digest=digest,
        revision=mention.revision,
        designation_id=entry.id,
        decision=ruling.decision,
        why=ruling.why,
        changes=list(ruling.changes),
    )


def _standing(entry: Entry, ruling: _Ruling, facts: Facts) -> Entry:
    """The act is of the day on which it is told in full, not of a word in passing before."""
    days = {"first_day": facts.day, "last_day": facts.day} if ruling.standing == "announced" else {}
    fresh = days if entry.standing == "pending" else {}
    return msgspec.structs.replace(entry, standing=ruling.standing, **fresh)


def _first(mention: SanctionMention, facts: Facts, window_days: int) -> _Ruling:
    date = mention.sanction.date
    if mention.lane == "backfill":
        return _Ruling("known", "old", _BACKFILLED)
    if date and facts.news_day - day_of(date) > window_days:
        why = f"The text dates it {date}, more than {window_days} days before the news."
        return _Ruling("known", "old", why)
    if missing := _missing(mention, facts):
        return _Ruling("pending", "not_alertable", f"{missing} {_REMEMBERED}")
    why = f"First report within {window_days} days of sanctions {_by_and_upon(mention)}."
    return _Ruling("announced", "new", why)


def _missing(mention: SanctionMention, facts: Facts) -> str | None:
    """Why a mention can't be the one that announces."""
    if not mention.sanction.issuers:
        return "No issuer is named."
    if not mention.in_lead and not (facts.counts and mention.sanction.confidence >= SURE_BELOW_LEAD):
        return "It is told in passing, far below the article's lead."
    if not mention.sanction.counts and not mention.sanction.targets and not mention.sanction.places:
        return "Neither a target nor a number is named."
    if facts.total_only:
        return "The number is a running total."
    return None


def _later(mention: SanctionMention, facts: Facts, entry: Entry, like: Likeness, window_days: int) -> _Ruling:
    sure = like.strength >= _SURE
    sightings = entry.designation.sightings
    own = next((one for one in sightings if one.mention_id == mention.id), None)
    if own and own.decision in _SETTLED and entry.revisions.get(mention.article_id) == mention.revision:
        return _Ruling(entry.standing, own.decision, own.why, tuple(own.changes), sure)  # its answer was lost
    if own and own.decision == "new":
        why = f"{own.why.removesuffix(_REVISED)}{_REVISED}"
        return _Ruling(entry.standing, "new", why, sure=sure)
    if entry.standing == "pending":
        return _of_pending(mention, facts, window_days)
    first = sightings[0]
    since = f"first reported by {first.source} ({first.seen_at[:10]})"
    if like.changes and seen_at_of(mention)[:10] >= first.seen_at[:10]:
        told = " and ".join(_WORDS[change] for change in like.changes)
        return _Ruling(entry.standing, "update", f"{like.because}, {since}; {told}.", like.changes, sure)
    return _Ruling(entry.standing, "further_source", f"{like.because}, {since}.", sure=sure)


def _of_pending(mention: SanctionMention, facts: Facts, window_days: int) -> _Ruling:
    """What was remembered and not announced is new when a mention says enough."""
    if mention.lane == "backfill":
        return _Ruling("known", "old", _BACKFILLED)
    if missing := _missing(mention, facts):
        return _Ruling("pending", "not_alertable", f"{missing} {_REMEMBERED}")
    why = f"First report within {window_days} days to say enough of sanctions {_by_and_upon(mention)}."
    return _Ruling("announced", "new", why)


_BACKFILLED = "Brought by the backfill: remembered, not announced."
_REMEMBERED = "Remembered until an article says more."
_REVISED = " The article has been revised since."


def _by_and_upon(mention: SanctionMention) -> str:
    sanction = mention.sanction
    who = ", ".join(party.name or party.text for party in sanction.issuers)
    how_many = " and ".join(f"{count.n} {count.of}" for count in sanction.counts_now)
    named = ", ".join([p.name or p.text for p in sanction.targets if p.is_somebody][:_NAMED_MAX])
    told = [f"by {who}", f"on {how_many}" if how_many else "", f"naming {named}" if named else ""]
    return " ".join(filter(None, told))


def _with_answer(mention: SanctionMention, answer: Answer) -> SanctionMention:
    told = _answered(mention, answer.decision, answer.why, answer.designation_id)
    return msgspec.structs.replace(told, changes=answer.changes)


def _answered(
    mention: SanctionMention, decision: Decision, why: str, identity: str | None = None
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
