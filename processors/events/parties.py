"""Who did it, and to whom: the parties of an event, by the grammar of the sentence's language.

A group of names of which nothing is said may be the subject, before the verb (in Arabic also right after
it), or the object, after it. What only tells where something happened is nobody. Precision comes first: what
is not plain is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from processors.events.groups import Cast, Group
from schemas.article import EventType, Party

PARTIES_MAX = 4
_SUBJECT_WORDS_MAX = 5
_OBJECT_WORDS_MAX = 14
_PASSIVE_LETTERS = 16
_JOIN_LETTERS = 24
_PASSIVE_AFTER = frozenset({"tr", "ko", "fa"})
_ENDINGS_TELL = frozenset({"tr", "ko"})
_VERB_LAST = frozenset({"tr", "ko", "fa", "de"})
_ONLY_AGAINST: frozenset[EventType] = frozenset({"PROTEST", "MOBILIZE"})
_SYMMETRIC: frozenset[EventType] = frozenset({"CONSULT", "AGREE", "COOPERATE"})
_OF_WORDS: frozenset[EventType] = frozenset({"THREATEN", "REQUEST"})
_NO_SPEECH: frozenset[EventType] = frozenset({"PROTEST", "ASSAULT", "COERCE", "RETREAT", "AID", "MOBILIZE"})
_COMMA_PARTS = frozenset({"de", "zh"})
_TO_COMES_FIRST = frozenset({"ko", "tr", "fa", "zh", "de", "ar"})
_DOER_FOLLOWS = frozenset({"ar", "fa"})
_AGENT_WORDS_MAX = 2
_COMMA = re.compile(",")
_WORD = re.compile(r"\w+")
_COLON = re.compile(r"\s*:")
_SPEAKER_S_COLON = re.compile(r"[\s\"]*(?:\w{1,20}\s*){0,2}:")


class Roles(NamedTuple):
    """Actors and targets of one event, and the groups that it was done to, who did not do the next one."""

    actors: list[Party]
    targets: list[Party]
    done_to: list[Group]


class _Scene(NamedTuple):
    """The clause of a trigger: its groups, those before and after the trigger, and whether it is passive."""

    inside: list[Group]
    before: list[Group]
    after: list[Group]
    passive: bool


def parties(told: Cast, kind: EventType, trigger: tuple[int, int], busy: Collection[Group] = ()) -> Roles:
    """The roles in the event that `trigger`, at folded offsets, tells; `busy` groups can't be its actors."""
    scene = _scene(told, trigger, kind)
    speakers = [] if kind in _NO_SPEECH else _speakers(told, trigger)
    actors = speakers or _actors(told, scene, trigger, busy)
    actors = [group for group in actors if not _is_topic(told.text, group, kind)]
    targets = _targets(told, scene, trigger, actors, kind)
    acting = _distinct(party for group in actors for party in group.parties())
    if kind == "PROTEST":  # people do, against their state
        acting = [party for party in acting if not (party.entity or "").startswith("state:")]
    known = {party.entity or party.text for party in acting}
    done_to = _distinct(party for group in targets for party in group.parties())
    return Roles(acting, [one for one in done_to if (one.entity or one.text) not in known], targets)


def _scene(told: Cast, trigger: tuple[int, int], kind: EventType) -> _Scene:
    first, last = _clause(told.text, trigger, told.grammar.clause)
    if told.grammar.language in _COMMA_PARTS:
        comma_first, comma_last = _clause(told.text, trigger, _COMMA)
        first, last = max(first, comma_first), last if kind in _OF_WORDS else min(last, comma_last)
    inside = [group for group in told.groups if first <= group.start < last]
    behind = 0 if told.grammar.language in _PASSIVE_AFTER else _PASSIVE_LETTERS
    ahead = _PASSIVE_LETTERS if told.grammar.language in _VERB_LAST else 0
    near = max(first, trigger[0] - behind), min(last, trigger[1] + ahead)
    return _Scene(
        inside,
        [group for group in inside if group.start < trigger[0]],
        [group for group in inside if group.start >= trigger[0]],
        bool(told.grammar.passive.search(told.text, *near)),
    )


def _clause(text: str, trigger: tuple[int, int], edges: re.Pattern[str]) -> tuple[int, int]:
    first = 0
    for edge in edges.finditer(text):
        if edge.start() >= trigger[1]:
            return first, edge.start()
        if edge.end() <= trigger[0]:
            first = edge.end()
    return first, len(text)


def _is_topic(text: str, group: Group, kind: EventType) -> bool:
    """Whether a place is a headline's topic and not a speaker: `Mali : vingt-deux soldats tués`."""
    return kind in _NO_SPEECH and group.nouns[-1].place and bool(_COLON.match(text, group.end))


def _speakers(told: Cast, trigger: tuple[int, int]) -> list[Group]:
    """Who a headline quotes: `Washington: …`."""
    first = [group for group in told.groups[:1] if group.end <= trigger[0] and group.parties()]
    return [group for group in first if _SPEAKER_S_COLON.match(told.text, group.end)]


def _actors(told: Cast, scene: _Scene, trigger: tuple[int, int], busy: Collection[Group]) -> list[Group]:
    language = told.grammar.language
    agents = [group for group in scene.inside if group.case == "by" and group.parties()]
    before = [group for group in scene.before if _may_act(group, busy)]
    if scene.passive or (agents and (not before or _is_near(told.text, trigger, agents[0]))):
        return agents[:1]
    if language in _DOER_FOLLOWS and not before:
        before = _right_after(told.text, scene.after, trigger)
    if language == "de" and not before:
        before = [group for group in scene.after if _may_act(group, busy)]
    if language in _ENDINGS_TELL:
        before = (
            [g for g in before if g.case == "who"] or [g for g in before if g.case is None] or before[-1:]
        )
    if not before:
        before = [g for g in told.groups if g.end <= trigger[0] and g.case != "whose" and _may_act(g, busy)]
        return before[:1]
    return before[:1] if language in _VERB_LAST else before[-1:]


def _is_near(text: str, trigger: tuple[int, int], group: Group) -> bool:
    return trigger[1] <= group.start and _count(text[trigger[1] : group.start]) <= _AGENT_WORDS_MAX


def _may_act(group: Group, busy: Collection[Group]) -> bool:
    return group.case in {None, "who", "whose"} and bool(group.parties()) and group not in busy


def _right_after(text: str, after: Sequence[Group], trigger: tuple[int, int]) -> list[Group]:
    """The subject that follows an Arabic verb, or the doer that follows its noun."""
    first = [group for group in after[:1] if group.case is None and group.parties()]
    return [g for g in first if _count(text[trigger[1] : g.start]) <= _SUBJECT_WORDS_MAX]


def _targets(
    told: Cast, scene: _Scene, trigger: tuple[int, int], actors: list[Group], kind: EventType
) -> list[Group]:
    before, after = (
        [g for g in groups if g not in actors and g.parties()] for groups in (scene.before, scene.after)
    )
    if kind in _ONLY_AGAINST:
        return [group for group in before + after if group.case == "against"][:1]
    quoted = bool(actors) and kind not in _NO_SPEECH and actors == _speakers(told, trigger)
    if quoted and (named := [group for group in before if group.case is None]):
        return named[:1]
    first = kind in _SYMMETRIC or told.grammar.language in _TO_COMES_FIRST
    named = [group for group in before if group.case == "against" or (first and group.case == "to")][-1:]
    if scene.passive:
        return [group for group in before if group.case in {None, "who", "whose"}][:1] or named
    near = [g for g in after if _is_object(told, g, trigger)]
    named += [group for group in near if group.case in {"against", "to", None}]
    if not named and actors and told.grammar.language in _VERB_LAST:
        named = [group for group in before if group.case in {None, "whose"}][-1:]
    return named[:1]


def _is_object(told: Cast, group: Group, trigger: tuple[int, int]) -> bool:
    """Not too far off, and not the subject of what is told next: `A met B, and C left`."""
    next_subject = group.case is None and told.grammar.joining.search(
        told.text[max(0, group.start - _JOIN_LETTERS) : group.start]
    )
    return not next_subject and _count(told.text[trigger[1] : group.start]) <= _OBJECT_WORDS_MAX


def _count(gap: str) -> int:
    return len(_WORD.findall(gap))


def _distinct(found: Iterable[Party]) -> list[Party]:
    parties: dict[str, Party] = {}
    for party in found:
        parties.setdefault(party.entity or party.text, party)
    return list(parties.values())[:PARTIES_MAX]
