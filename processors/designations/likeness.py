"""Whether a mention reports a designation that is already known, and what it changes.

What is certain decides first: another issuer is another act. Then what both say is compared (numbers,
named targets, states, story) and, where they say different things or little, the days between them.
"""

from __future__ import annotations

from dataclasses import dataclass

from processors.designations.counts import Agreement, compare_counts, has_grown, is_changed
from processors.designations.facts import Facts
from processors.designations.memory import Entry
from schemas.designation import Change, SanctionMention

UPDATE_DAYS = 2
"""A number that changed is an update this long after the act; later it is another act."""
VAGUE_DAYS, VAGUE_DAYS_SAME_STATE, STORY_DAYS = 3, 7, 7
"""How long an article that says neither number nor name is taken for news of the last act known."""
NAMES_APART = 3
"""How many names, of both together, show that two tellings with another number are two acts, if they share
none: each may name a few of many, and one name of sounds may be two in two languages."""
SMALL_COUNT_DAYS = 10
"""How long the same small number, upon the same country, means the same act."""


@dataclass(frozen=True)
class Likeness:
    """How strongly mention and designation are one, why, and what the mention adds."""

    strength: int
    because: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class _Compared:
    issuers: Agreement
    counts: Agreement
    states: Agreement
    names: Agreement
    elsewhere: bool
    story: bool
    sure: bool
    grown: bool
    gap_days: int
    since_first_days: int
    mistaken: bool


def likeness(facts: Facts, mention: SanctionMention, entry: Entry) -> Likeness | None:
    """`None` where they are two.

    Another mention of the same revision of one article is another act, if anything tells them apart: the
    sanctions stage has told each act once. Of an earlier revision, it may be this one, put right.
    """
    compared = _compare(facts, mention.cluster_id, entry)
    if compared.issuers == "other":
        return None
    told_in = entry.revisions.get(mention.article_id)
    if told_in == mention.revision and mention.id not in entry.mention_ids and _tells_apart(compared):
        return None
    strength, because = (0, "") if _says_too_little(entry) else _strength(compared, entry, facts)
    if told_in is not None and told_in < mention.revision and compared.states != "other":
        revised = 2 if mention.id in entry.mention_ids else 1
        if strength < revised:
            strength, because = revised, "The article's own earlier revision"
    if not strength:
        return None
    return Likeness(strength, because, tuple(_changes(compared, facts, entry)))


def _compare(facts: Facts, cluster_id: str | None, entry: Entry) -> _Compared:
    gap_days = max(entry.first_day - facts.day, facts.day - entry.last_day, 0)
    since_first_days = abs(facts.day - entry.first_day)
    verdicts = [
        compare_counts(facts.counts, told, gap_days, since_first_days) for told in entry.tellings
    ] or [("open", False)]
    counts = next((kind for kind in ("same", "open") if any(v[0] == kind for v in verdicts)), "other")
    mistaken = counts == "same" and gap_days <= VAGUE_DAYS and _is_mistaken(facts, entry)
    return _Compared(
        issuers="open" if mistaken else _sets(facts.authorities, entry.authorities),
        counts=counts,  # type: ignore[arg-type]
        states="same" if mistaken else _sets(facts.states, entry.states),
        names=_names(facts.names, entry.names),
        elsewhere=not mistaken and _is_elsewhere(facts, entry),
        story=_is_same_story(facts, cluster_id, entry, gap_days),
        sure=("same", True) in verdicts,
        grown=any(has_grown(facts.counts, told) for told in entry.tellings),
        gap_days=gap_days,
        since_first_days=since_first_days,
        mistaken=mistaken,
    )


def _strength(compared: _Compared, entry: Entry, facts: Facts) -> tuple[int, str]:
    """How strongly they are one, 0 where they are not, and why."""
    if _bodies_differ(compared, facts, entry) or (compared.issuers == "open" and not _is_tied(compared)):
        return 0, ""
    if not compared.story and (_are_of_others(facts, entry) or _is_untied(compared, facts, entry)):
        return 0, ""
    if strength := _by_counts(compared):
        return strength, "Same issuer and numbers"
    if _is_by_name(compared):
        return 5, "Same issuer and named target"
    if _is_contradicted(compared):
        return 0, ""
    return _by_growth(compared, facts) if compared.counts == "other" else _by_days(compared, entry, facts)


def _is_untied(compared: _Compared, facts: Facts, entry: Entry) -> bool:
    """Both say what they are on, it is not the same, and no target, country or large number ties them."""
    tied = compared.names == "same" or compared.states == "same" or compared.sure
    return compared.elsewhere and bool(facts.subjects and entry.subjects) and not tied


def _by_counts(compared: _Compared) -> int:
    contradicted = compared.states == "other" or (compared.names == "other" and not compared.sure)
    if compared.counts != "same" or contradicted:
        return 0
    if compared.states == "same":
        near = compared.sure or compared.story or compared.gap_days <= SMALL_COUNT_DAYS
    else:
        near = compared.story or compared.gap_days <= (STORY_DAYS if compared.sure else VAGUE_DAYS)
    return (5 + (compared.states == "same")) if near else 0


def _is_by_name(compared: _Compared) -> bool:
    soon = compared.since_first_days <= UPDATE_DAYS
    told_alike = soon or compared.counts != "other"
    return compared.names == "same" and compared.states != "other" and told_alike


def _is_contradicted(compared: _Compared) -> bool:
    soon = compared.since_first_days <= UPDATE_DAYS
    return compared.states == "other" or (compared.names == "other" and not (compared.story and soon))


def _by_growth(compared: _Compared, facts: Facts) -> tuple[int, str]:
    """A state that the one before does not name may make it another act; none named, nothing does."""
    if compared.since_first_days > UPDATE_DAYS:
        return 0, ""
    if compared.story:
        return 3, "Same issuer and story"
    if compared.grown and (compared.states == "same" or not facts.states):
        return 1 + (compared.states == "same"), "Same issuer within days, and a number that has changed"
    return 0, ""


def _by_days(compared: _Compared, entry: Entry, facts: Facts) -> tuple[int, str]:
    if compared.story:
        return 4, "Same issuer and story"
    if entry.standing == "pending" or compared.elsewhere:
        return 0, ""
    vague = not facts.counts and not facts.names
    lenient = compared.states == "same" and vague and bool(entry.tellings or entry.names)
    if compared.gap_days > (VAGUE_DAYS_SAME_STATE if lenient else VAGUE_DAYS):
        return 0, ""
    strength = 2 if compared.states == "same" else 1
    return strength, "Same issuer within days, and nothing tells them apart"


def _is_tied(compared: _Compared) -> bool:
    """Who issued is told by one side only: something else must say that the act is one."""
    by_number = compared.counts == "same" and (compared.sure or compared.states == "same")
    return compared.story or by_number or compared.names == "same"


def _says_too_little(entry: Entry) -> bool:
    """What was remembered without number and name can't be told from the next act."""
    return entry.standing == "pending" and not entry.tellings and not entry.names


def _tells_apart(compared: _Compared) -> bool:
    told = (compared.counts, compared.states, compared.names)
    return "other" in told and not (compared.counts == "same" and compared.states != "other")


def _bodies_differ(compared: _Compared, facts: Facts, entry: Entry) -> bool:
    """The Treasury's 275 and Commerce's 40 are two, though both are the United States'."""
    return compared.counts == "other" and _sets(facts.bodies, entry.bodies) == "other"


def _is_same_story(facts: Facts, cluster_id: str | None, entry: Entry, gap_days: int) -> bool:
    """A headline comes again with the next act on the country; a text that is alike may, after a while."""
    if gap_days <= VAGUE_DAYS and facts.title and facts.title in entry.titles:
        return True
    return bool(cluster_id) and cluster_id in entry.clusters and gap_days <= STORY_DAYS


def _sets(one: list[str], other: list[str]) -> Agreement:
    if not one or not other:
        return "open"
    return "same" if set(one) & set(other) else "other"


def _is_mistaken(facts: Facts, entry: Entry) -> bool:
    """`Six Iranian officials sanctioned` names Iran alone, and may be taken to name the issuer.

    An answer in kind is another act: there each is the other's target.
    """
    mine, theirs = set(facts.authorities), set(entry.authorities)
    if not mine or not theirs or mine & theirs:
        return False
    aimed, told = set(facts.states), set(entry.states)
    return (mine <= told and aimed <= told) != (theirs <= aimed and told <= aimed)


def _names(one: list[str], other: list[str]) -> Agreement:
    """Names made of their sounds (`~`) may differ between languages and still mean one man."""
    agreement = _sets(one, other)
    by_sound = any("~" in name for name in [*one, *other])
    return "open" if agreement == "other" and by_sound else agreement


def _is_elsewhere(facts: Facts, entry: Entry) -> bool:
    """Nothing that one is on is so much as named around the other, which may name much else."""
    issuers = {*facts.authorities, *entry.authorities}
    mine, theirs = set(facts.subjects) - issuers, set(entry.subjects) - issuers
    near, there = set(facts.about) - issuers, set(entry.about) - issuers
    if not near or not there:
        return False
    if not mine and not theirs:
        return not near & there
    return not (mine & there or theirs & near)


def _are_of_others(facts: Facts, entry: Entry) -> bool:
    """They give other numbers, and name other people."""
    apart = _sets(facts.names, entry.names) == "other"
    enough = len(facts.names) + len(entry.names) >= NAMES_APART
    return apart and enough and is_changed(facts.counts, entry.tellings)


def _changes(compared: _Compared, facts: Facts, entry: Entry) -> list[Change]:
    changes: list[Change] = []
    if is_changed(facts.counts, entry.tellings):
        changes.append("count_changed")
    if [name for name in facts.names if name not in entry.names and not (entry.names and "~" in name)]:
        changes.append("target_named")
    if (
        entry.authorities
        and not compared.mistaken
        and [one for one in facts.authorities if one not in entry.authorities]
    ):
        changes.append("issuer_named")
    if facts.confirmed and not entry.confirmed:
        changes.append("confirmed_by_issuer")
    return changes
