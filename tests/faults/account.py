"""The account of a run: what was acknowledged against what is there. Pure.

Lost, doubled and repeated must be nought, whatever happened. What is found is told by name, so that each
can be followed to its cause.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.faults.stream import Sent

NAMED_MAX = 8


@dataclass(frozen=True)
class Stored:
    """An article's document."""

    id: str
    revision: int
    cluster_id: str


@dataclass(frozen=True)
class Told:
    """A mention's document, or an alert: its id and the article that it is about."""

    id: str
    article_id: str
    decision: str = ""
    designation_id: str = ""


@dataclass(frozen=True)
class Letter:
    """A dead letter: what it says it is about, be it by key or by article, and why."""

    key: str
    article_id: str
    reason: str


@dataclass
class Facts:
    """All that the checker goes by. `designations` are those of the ledger, with the articles that told them."""

    sent: Sequence[Sent]
    acknowledged: frozenset[str]
    articles: Sequence[Stored] = ()
    mentions: Sequence[Told] = ()
    designations: Sequence[tuple[str, frozenset[str]]] = ()
    alerts: Sequence[Told] = ()
    on_topic: Sequence[Told] = ()
    letters: Sequence[Letter] = ()
    behind: dict[str, int] = field(default_factory=dict)
    unsettled_alerts: int = 0


@dataclass
class Account:
    """Names of what went wrong, by what went wrong with it."""

    faults: dict[str, list[str]]
    counted: dict[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether nothing did."""
        return not any(self.faults.values())

    def lines(self) -> list[str]:
        """For reading: every count, and the first names of each fault."""
        lines = [", ".join(f"{count} {what}" for what, count in self.counted.items())]
        for what, names in self.faults.items():
            shown = ", ".join(names[:NAMED_MAX]) + (" …" if len(names) > NAMED_MAX else "")
            lines.append(f"{what}: {len(names)}" + (f" ({shown})" if names else ""))
        return lines


def account(facts: Facts) -> Account:
    """What is missing, too many, or not as it should be."""
    known = [one for one in facts.sent if one.name in facts.acknowledged]
    return Account(
        faults={
            "not acknowledged": [one.name for one in facts.sent if one.name not in facts.acknowledged],
            "lost": _lost(known, facts),
            "doubled": _doubled(facts),
            "set aside though good": _wrongly_set_aside(known, facts),
            "alerts missed": _missed(known, facts),
            "alerts repeated": _repeated(facts.alerts, facts),
            "alerts repeated on the topic": _repeated(facts.on_topic, facts),
            "copies in a story of their own": _torn(known, facts),
            "partitions not at their end": [f"{name}: {count}" for name, count in facts.behind.items()],
            "alerts not sent": ["created, not sent"] * facts.unsettled_alerts,
        },
        counted={
            "acknowledged": len(known),
            "indexed": len(facts.articles),
            "set aside": len({letter.key for letter in facts.letters}),
            "mentions": len(facts.mentions),
            "designations": len(facts.designations),
            "alerts": len(facts.alerts),
        },
    )


def _lost(known: Sequence[Sent], facts: Facts) -> list[str]:
    """Acknowledged, and neither indexed at its revision or a newer one, nor set aside for a reason due."""
    stored = {one.id: one.revision for one in facts.articles}
    reasons: defaultdict[str, set[str]] = defaultdict(set)
    for letter in facts.letters:
        reasons[letter.key].add(letter.reason)
        reasons[letter.article_id].add(letter.reason)

    def is_there(one: Sent) -> bool:
        if one.reasons:
            return bool(reasons[one.key] & one.reasons)
        return stored.get(one.key, -1) >= one.revision or bool(reasons[one.key])

    return [one.name for one in known if not is_there(one)]


def _doubled(facts: Facts) -> list[str]:
    articles = _twice(one.id for one in facts.articles)
    mentions = _twice(one.id for one in facts.mentions)
    new = [
        f"act {act} new" for act in _twice_by_act((m for m in facts.mentions if m.decision == "new"), facts)
    ]
    acts = _acts(facts)
    ledger = [
        next(iter({acts[article] for article in told if article in acts}), None)
        for _, told in facts.designations
    ]
    return articles + mentions + new + [f"designation of act {act}" for act in _twice(map(str, ledger))]


def _wrongly_set_aside(known: Sequence[Sent], facts: Facts) -> list[str]:
    good = {one.key for one in known if not one.reasons}
    return [
        f"{key}: {letter.reason}"
        for letter in facts.letters
        for key in {letter.key, letter.article_id} & good
    ]


def _missed(known: Sequence[Sent], facts: Facts) -> list[str]:
    due = {one.act for one in known if one.act is not None}
    acts = _acts(facts)
    alerted = {acts.get(alert.article_id) for alert in facts.alerts}
    return [f"act {act}" for act in sorted(due - alerted)]


def _repeated(alerts: Sequence[Told], facts: Facts) -> list[str]:
    by_id = _twice(alert.id for alert in alerts)
    by_designation = _twice(alert.designation_id for alert in alerts)
    by_act = [f"act {act}" for act in _twice_by_act(alerts, facts)]
    return sorted({*by_id, *by_designation, *by_act})


def _torn(known: Sequence[Sent], facts: Facts) -> list[str]:
    """Not of a revised original: its newer text may be taken for another language, and so meet other stories."""
    stories = {one.id: one.cluster_id for one in facts.articles}
    for one in facts.sent:
        if one.key != one.name:
            stories.pop(one.key, None)
    return [
        one.name
        for one in known
        if one.copy_of
        and one.key in stories
        and one.copy_of in stories
        and stories[one.key] != stories[one.copy_of]
    ]


def _acts(facts: Facts) -> dict[str, int]:
    return {one.key: one.act for one in facts.sent if one.act is not None}


def _twice_by_act(told: Iterable[Told], facts: Facts) -> list[str]:
    acts = _acts(facts)
    return _twice(str(acts[one.article_id]) for one in told if one.article_id in acts)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1 and name != "None"]
