"""Whether a sentence is about legal, international sanctions, and what it says was done.

Sanctions also mean a club's ban, a pupil's detention, a fine, an approval, and in Persian a boycott.
What speaks for the legal sense (states, lists, frozen assets) is weighed against what speaks for others.
The act is the one whose cue governs: the first in most languages, the last where the verb ends the
sentence. Modals, denials and participles decide between what was done and what is talked about.
"""

from __future__ import annotations

import re

from processors.events.lexicon import Hit
from processors.sanctions.since import of_another_thing
from processors.sanctions.vocabulary import Cues
from schemas.article import Act

RELEVANT = 1.3
_FULL, _MEASURED, _WEAK = 1.0, 0.8, 0.35
_COURTS, _BORDERS = 1.2, 0.3
_LEGAL, _LEGAL_MAX, _PLACE, _PLACES = 0.6, 1.2, 0.55, 0.3
_TRAP, _TRAP_MORE, _TRAPS_MAX = 0.9, 0.6, 2.4
_CONTEXT = 0.35
_HEADLINE_CHARS = 110
_NEAR, _GOVERNS, _FAR = 75, 45, 160
_SINCE_CHARS_MAX = 24  # from `since` to the end of a year it reaches back to
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d|13[5-9]\d|140\d)(?!\d)")
_JALALI_MAX, _JALALI_OFFSET = 1500, 621


def relevance(cues: Cues, *, context: bool) -> float:
    """Evidence that the sentence is about legal sanctions; `RELEVANT` and more is enough.

    `context` says that the article has spoken of such sanctions already.
    """
    score = _topic_score(cues)
    score += min(_LEGAL_MAX, _LEGAL * len(_distinct(cues, cues.of("legal"))))
    states = {place.entity for place in cues.places if place.entity}
    score += _PLACE * bool(cues.places) + _PLACES * (len(states) > 1)
    traps = len(_distinct(cues, cues.of("traps")))
    score -= min(_TRAPS_MAX, _TRAP * bool(traps) + _TRAP_MORE * max(0, traps - 1))
    return score + _CONTEXT * context


def _topic_score(cues: Cues) -> float:
    """A measure without the word `sanctions` may be a court's, a carrier's or a consulate's."""
    measured = cues.of("measured")
    deeds = [*measured, *(cues.of("freezing", "barring", "revoking") if measured else [])]
    if cues.of("terms") or _without(cues.of("listings"), deeds):
        return _FULL
    if measured:
        borders = (
            not cues.under("kinds") and not _NUMBER.search(cues.folded.text) and not cues.of("freezing")
        )  # nobody is counted or named by kind
        return _MEASURED - _COURTS * bool(cues.of("measure_traps")) - _BORDERS * borders
    if cues.of("listings"):
        return _FULL
    return _WEAK


def decide_act(cues: Cues, published_year: int | None) -> tuple[Act, float]:  # noqa: PLR0911 - one return an act
    """The act and how sure we are of it (0–1)."""
    imposed, announced = _imposing(cues)
    threatened, refused = cues.of("threatened", "called"), cues.of("refused")
    verbs = imposed or announced
    if _governed(cues, refused, verbs or cues.topic()):
        return "background", 0.75
    if cues.of("enforcement") and (cues.of("evasion") or not verbs):
        return "evasion_or_enforcement", 0.8
    if lifted := _near(cues, cues.of("lifted"), _NEAR):
        talked = _governed(cues, threatened, lifted)
        return ("background", 0.55) if talked or _is_old(cues, published_year) else ("lifted", 0.85)
    if extended := _near(cues, cues.of("extended"), _NEAR):
        return (
            ("threatened_or_called_for", 0.6) if _governed(cues, threatened, extended) else ("extended", 0.85)
        )
    if cues.of("evasion") and not imposed:
        return "evasion_or_enforcement", 0.7
    if threatened and _modal(cues, threatened, imposed, announced):
        return "threatened_or_called_for", 0.8
    if cues.of("kept") and not _without(verbs, cues.of("freezing", "barring", "revoking")):
        return "background", 0.75  # `the asset freeze stays in place`
    if verbs:
        if _is_history(cues, published_year):
            return "background", 0.7
        return "imposed", 0.85 if imposed else 0.7
    return "background", 0.6


def is_near_topic(cues: Cues, hit: Hit) -> bool:
    """Whether a verb is as near a word for sanctions as one that says what is done to them."""
    return bool(_near(cues, [hit], _NEAR))


def imposes_anew(clause: Cues, verb: Hit) -> bool:
    """Whether a clause that may leave `sanctions` out says that someone has been put under some now."""
    if _is_negated(clause, verb) or not _without([verb], clause.of("participles")):
        return False
    talked = [hit for hit in clause.of("threatened") if hit.end - hit.start > 1]  # 将 leads to an object, too
    if talked or clause.of("called", "refused", "background"):
        return False
    return not _is_history(clause, None)


def _imposing(cues: Cues) -> tuple[list[Hit], list[Hit]]:
    """Verbs of imposing, and of announcing what may be imposed, without participles and negated ones."""
    reach = _FAR if cues.vocabulary.verb_last else _NEAR
    found = []
    for tag, distance in (("imposed", reach), ("announced", _NEAR)):
        hits = _without(_near(cues, cues.of(tag), distance), cues.of("participles"))
        found.append([hit for hit in hits if not _is_negated(cues, hit)])
    imposed, announced = found
    starts = {topic.start for topic in cues.topic()}
    if len(cues.folded.text) > _HEADLINE_CHARS * cues.vocabulary.reach and not imposed:
        verbs = [hit for hit in announced if hit.start not in starts and not _holds_topic(cues, hit)]
        announced = announced if verbs else []
    return imposed, announced


def _holds_topic(cues: Cues, hit: Hit) -> bool:
    """`new sanctions`: a noun, which announces something in a headline only."""
    return any(hit.start <= topic.start and topic.end <= hit.end for topic in cues.topic())


def _modal(cues: Cues, threatened: list[Hit], imposed: list[Hit], announced: list[Hit]) -> bool:
    if imposed:
        return _governed(cues, threatened, imposed)
    if announced:
        return _governed(cues, threatened, announced) or bool(_near(cues, threatened, _GOVERNS // 2))
    return bool(_near(cues, threatened, _FAR))


def _governed(cues: Cues, governors: list[Hit], governed: list[Hit]) -> bool:
    """A governor stands before the first of the governed, near by (after the last, if the verb is last)."""
    if not governors or not governed:
        return False
    reach = _GOVERNS * cues.vocabulary.reach * (2 if cues.vocabulary.verb_last else 1)
    if cues.vocabulary.verb_last:
        last = governed[-1]
        return any(last.start <= g.start and g.start - last.end <= reach for g in governors)
    first = governed[0]
    return any(g.start <= first.start and first.start - g.end <= reach for g in governors)


def _is_old(cues: Cues, published_year: int | None) -> bool:
    """History, unless the year may be that of the sanctions now lifted or extended."""
    return not cues.of("imposed", "participles") and _is_history(cues, published_year)


def _is_history(cues: Cues, published_year: int | None) -> bool:
    if cues.of("recent"):
        return False
    others = [hit.end for hit in of_another_thing(cues)]
    years = [
        int(match.group())
        for match in cues.finds(_YEAR)
        if not any(0 <= match.end() - end <= _SINCE_CHARS_MAX for end in others)
    ]
    years = [year + _JALALI_OFFSET if year < _JALALI_MAX else year for year in years]
    if years and (published_year is None or min(years) < published_year):
        return True
    return bool(cues.of("past"))


def _near(cues: Cues, hits: list[Hit], distance: float) -> list[Hit]:
    topics = cues.topic()
    reach = distance * cues.vocabulary.reach
    return [h for h in hits if any(max(h.start - t.end, t.start - h.end) <= reach for t in topics)]


def _is_negated(cues: Cues, hit: Hit) -> bool:
    before, after = (0, 6) if cues.vocabulary.verb_last else (14 * cues.vocabulary.reach, 0)
    return any(
        0 <= hit.start - n.end <= before or (after and 0 <= n.start - hit.end <= after)
        for n in cues.of("negation")
    )


def _without(hits: list[Hit], masks: list[Hit]) -> list[Hit]:
    return [h for h in hits if not any(m.start < h.end and h.start < m.end for m in masks)]


def _distinct(cues: Cues, hits: list[Hit]) -> set[str]:
    return {cues.folded.text[hit.start : hit.end] for hit in hits}
