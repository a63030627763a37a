"""Whether a mention reports a designation that is already known, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from processors.designations.memory import Entry
from processors.folding import fold
from schemas.article import Sanction
from schemas.designation import SanctionMention

_CLOSE_DAYS = 3
_SURE_TOTAL = 10
_TOLERANCE, _TOLERATED_FROM = 0.05, 50
_COUNTRIES = ("state:", "org:")
_NAME_LETTERS_MIN = 4


@dataclass(frozen=True)
class Likeness:
    """How strongly mention and designation are one, why, and what the mention adds."""

    strength: int
    because: str
    changes: str | None = None


def likeness(
    mention: SanctionMention, entry: Entry, news_day: int, window_days: int, *, own: bool
) -> Likeness | None:
    """`None` where they are two. `own` says that this mention belonged to the designation before."""
    gap_days = max(entry.first_day - news_day, news_day - entry.last_day, 0)
    compared = _compare(mention, entry)
    if gap_days > window_days or (compared.counts_differ and _other_body(mention.sanction, entry)):
        return None
    if not own and mention.article_id in entry.article_ids and not compared.same_number:
        return None
    strength, because = _strength(compared, gap_days)
    if not strength and own:
        strength, because = 1, "The article's own earlier revision"
    return Likeness(strength, because, compared.changes) if strength else None


@dataclass(frozen=True)
class _Comparison:
    agreed: int
    agreed_total: int
    counts_differ: bool
    elsewhere: bool
    same_states: bool
    same_story: bool
    shared_names: bool
    other_names: bool
    changes: str | None

    @property
    def same_number(self) -> bool:
        return self.agreed > 0 and not self.elsewhere


def _compare(mention: SanctionMention, entry: Entry) -> _Comparison:
    counts = [(count.n, count.of) for count in mention.sanction.counts]
    known = list(entry.designation.counts)
    agreed = [pair for pair in counts if any(same_count(pair, other) for other in known)]
    states, names = set(states_of(mention.sanction)), names_of(mention.sanction)
    return _Comparison(
        agreed=len(agreed),
        agreed_total=sum(n for n, _ in agreed),
        counts_differ=bool(counts) and bool(known) and not agreed,
        elsewhere=bool(states) and bool(entry.states) and not states & set(entry.states),
        same_states=bool(states & set(entry.states)),
        same_story=_is_same_story(mention, entry),
        shared_names=bool(set(names) & set(entry.names)),
        other_names=bool(names) and bool(entry.names) and not set(names) & set(entry.names),
        changes=_changes(counts, known, names, entry),
    )


def _strength(compared: _Comparison, gap_days: int) -> tuple[int, str]:
    """How strongly they are one, 0 where they are not, and why."""
    if compared.same_number and (compared.agreed > 1 or compared.agreed_total >= _SURE_TOTAL):
        return 5, "Same issuer and numbers"
    if compared.shared_names and (compared.same_story or not compared.counts_differ):
        return 5, "Same issuer and named target"
    if compared.same_story:
        return (3 if compared.counts_differ else 4), "Same issuer and story"
    if gap_days > _CLOSE_DAYS or compared.counts_differ or compared.elsewhere:
        return 0, ""
    if compared.agreed:
        return 3, "Same issuer and number within days"
    apart = compared.other_names and not compared.same_states
    return (0, "") if apart else (2, "Same issuer within days, and nothing tells them apart")


def same_count(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Equal, or both large and within a twentieth (`nearly 400`, `398`); of things that may be the same."""
    (a, of_a), (b, of_b) = one, other
    if not (of_a == of_b or "unknown" in {of_a, of_b} or of_a in of_b or of_b in of_a):
        return False
    return a == b or (min(a, b) >= _TOLERATED_FROM and abs(a - b) <= _TOLERANCE * max(a, b))


def states_of(sanction: Sanction) -> list[str]:
    """Ids of the states aimed at, or where targets are."""
    parties = [*sanction.targets, *sanction.places]
    return list(dict.fromkeys(p.entity for p in parties if p.entity and p.entity.startswith(_COUNTRIES)))


def names_of(sanction: Sanction) -> list[str]:
    """Named targets, by id or folded words; states and kinds are none."""
    named = [p for p in sanction.targets if p.entity and not p.entity.startswith(_COUNTRIES)]
    bare = [p for p in sanction.targets if not p.entity]
    words = [fold(p.text).strip() for p in bare]
    return list(
        dict.fromkeys([p.entity or "" for p in named] + [w for w in words if len(w) >= _NAME_LETTERS_MIN])
    )


def bodies_of(sanction: Sanction) -> list[str]:
    """English names of issuers told more exactly than by their state."""
    return [p.name for p in sanction.issuers if p.name and (" of " in p.name or "Department" in p.name)]


def title_of(mention: SanctionMention) -> str:
    """The title, folded, for telling copies."""
    return fold(mention.title or "").strip()


def _is_same_story(mention: SanctionMention, entry: Entry) -> bool:
    if mention.cluster_id and mention.cluster_id in entry.designation.cluster_ids:
        return True
    return bool(title_of(mention)) and title_of(mention) in entry.titles


def _other_body(sanction: Sanction, entry: Entry) -> bool:
    bodies = set(bodies_of(sanction))
    return bool(bodies) and bool(entry.bodies) and not bodies & set(entry.bodies)


def _changes(
    counts: list[tuple[int, str]], known: list[tuple[int, str]], names: list[str], entry: Entry
) -> str | None:
    fresh = [f"{n} {of}" for n, of in counts if not any(same_count((n, of), other) for other in known)]
    if fresh and known:
        return f"the number changed to {' and '.join(fresh)}"
    ids = [name for name in names if name not in entry.names and ":" in name]
    return f"newly named: {', '.join(ids)}" if ids else None
