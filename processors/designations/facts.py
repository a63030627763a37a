"""What a mention says that tells one designation from another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from processors.designations.counts import Counted
from processors.designations.statements import is_confirmed
from processors.folding import fold
from schemas.article import UNIONS, Party, Sanction
from schemas.designation import SanctionMention

_BODY_OF_A_STATE = re.compile(r"org:([A-Z]{2})-")
_SAME_AUTHORITY = {"org:UNSC": "org:UN", "state:UK": "state:GB", "state:EU": "org:EU", "state:UN": "org:UN"}
_DATE_CHARS = 10


@dataclass(frozen=True)
class Facts:
    """Ids and numbers; `day` is that of the act where the text dates it, else of the news, as ordinals."""

    authorities: list[str]
    states: list[str]
    names: list[str]
    bodies: list[str]
    counts: Counted
    total_only: bool
    day: int
    news_day: int
    fetched_day: int
    title: str
    subjects: list[str]
    about: list[str]
    confirmed: bool


def facts_of(mention: SanctionMention, window_days: int) -> Facts:
    """What the mention says, in the form in which mentions are compared."""
    sanction = mention.sanction
    news_day = _news_day(mention)
    dated = day_of(sanction.date) if sanction.date and len(sanction.date) >= _DATE_CHARS else news_day
    authorities = authorities_of(sanction)
    aimed = [e for e in map(_entity, [*sanction.targets, *sanction.places]) if e and _is_state(e)]
    return Facts(
        authorities=authorities,
        states=_distinct(e for e in aimed if e not in authorities),
        names=_distinct(e for e in map(_entity, sanction.targets) if e and not _is_state(e)),
        bodies=_distinct(p.name for p in sanction.issuers if p.name and " of " in p.name),
        counts=[(count.n, count.of) for count in sanction.counts if not count.cumulative],
        total_only=bool(sanction.counts) and all(count.cumulative for count in sanction.counts),
        day=dated if 0 <= news_day - dated <= window_days else news_day,
        news_day=news_day,
        fetched_day=day_of(mention.fetched_at),
        title=fold(mention.title or "").strip(),
        subjects=mention.subjects,
        about=mention.about,
        confirmed=is_confirmed(mention),
    )


def authorities_of(sanction: Sanction) -> list[str]:
    """States and unions that issue: `state:US` for its Treasury too, whichever id that was given."""
    return _distinct(e for e in map(_entity, sanction.issuers) if e)


def authority_of(entity: str) -> str:
    """The id of the state or union whose body an id is of; any other as it is."""
    if entity in UNIONS:
        return entity
    if entity.startswith(("org:EU-", "org:UN-")):
        return entity[:6]
    if body := _BODY_OF_A_STATE.match(entity):
        return _SAME_AUTHORITY.get(f"state:{body[1]}", f"state:{body[1]}")
    return _SAME_AUTHORITY.get(entity, entity)


def day_of(stamp: str) -> int:
    """An ISO date or time as the ordinal of its day, UTC; 1 where it can't be read."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return _partial_day(stamp)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).toordinal()


def _entity(party: Party) -> str | None:
    return authority_of(party.entity) if party.entity else None


def _is_state(entity: str) -> bool:
    return entity.startswith("state:") or entity in UNIONS


def _news_day(mention: SanctionMention) -> int:
    """The day of the news: as published, else as fetched; never after the fetch."""
    fetched = day_of(mention.fetched_at)
    return min(fetched, day_of(mention.published_at)) if mention.published_at else fetched


def _partial_day(stamp: str) -> int:
    try:
        year, _, month = stamp.partition("-")
        return datetime(int(year), int(month or 1), 1, tzinfo=UTC).toordinal()
    except ValueError:
        return 1


def _distinct(values: object) -> list[str]:
    return list(dict.fromkeys(values))  # type: ignore[call-overload]
