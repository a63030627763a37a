"""A sentence that does two things: some sanctions it lifts or prolongs, and it imposes others.

`The EU extended its sanctions against Belarus and added 12 people to the list`. Read as one act it would be
the first alone, and nobody would be told of the twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple, cast

from processors.events.lexicon import Hit
from processors.sanctions.acts import imposes_anew, is_near_topic
from processors.sanctions.counts import count_targets
from processors.sanctions.vocabulary import Cues
from schemas.article import Act

OF_OLD = frozenset({"lifted", "extended"})
_JOINED = re.compile(
    r"[,;،؛，；—、…]|\s(?:and|while|but|и|а|но|et|tandis que|tout|mais|y|e|mientras|pero|und|während|sowie|ve"
    r"|ancak|ama|و|ولی|اما|فيما|بينما|كما|لكن\w*|مع)(?=\s)|\s(?=و\w)|(?<=ken)\s|并|同时|而|[고며]\s|(?:면서|지만|되)\s"
    r"|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])"
)
_RELATIVE = re.compile(
    r"[,\s]*(?:mit |für |in |unter )?(?:die|der|das|den|denen|deren|dessen|dem|welche\w*|was|wo\w*|weil"
    r"|nachdem|obwohl|dass|da) "
)
_OBJECT_FIRST = frozenset({"tr", "ko", "fa", "zh", "de"})
_VERBS_MAX, _BOUNDARIES_MAX = 8, 4  # no sentence of news has more; a text that does is hostile
_VERB_WITHIN_CHARS = 26  # of where its clause begins: `and on the same day added`


class Turn(NamedTuple):
    """Where the second clause begins, as a folded offset, and what each of the two does."""

    at: int
    acts: tuple[Act, Act]


def turn_of(cues: Cues, aimed_at: Sequence[int] = ()) -> Turn | None:
    """Where a sentence turns from old sanctions to new ones, or from new to old, if it does.

    `aimed_at` is where words begin that are known to be for targets, as folded offsets.
    """
    old = [hit for hit in cues.of(*OF_OLD)[:_VERBS_MAX] if is_near_topic(cues, hit)]
    fresh = cues.of("imposed", "announced", "adding")[:_VERBS_MAX]
    for first, second in _pairs(old, fresh):
        for at in islice(_boundaries(cues, first, second), _BOUNDARIES_MAX):
            left, right = cues.parted(at)
            if first in old and _imposes(cues, right, second, aimed_at):
                return Turn(at, (cast("Act", first.tag), "imposed"))
            if second in old and _imposes(cues, left, first, aimed_at):
                return Turn(at, ("imposed", cast("Act", second.tag)))
    return None


def half_not_kept(cues: Cues) -> Cues | None:
    """Of a sentence that lifts some sanctions and leaves others in force the half that lifts, else `None`."""
    old = [hit for hit in cues.of("lifted")[:_VERBS_MAX] if is_near_topic(cues, hit)]
    for first, second in _pairs(old, cues.of("kept")[:_VERBS_MAX]):
        at = next(_boundaries(cues, first, second), None)
        if at is not None:
            return cues.parted(at)[0 if first in old else 1]
    return None


def _pairs(old: list[Hit], fresh: list[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Each verb for old sanctions with each for new ones, in the order of the text, the nearest first."""
    pairs = [(one, other) if one.start < other.start else (other, one) for one in old for other in fresh]
    apart = [(first, second) for first, second in pairs if first.end <= second.start]
    yield from sorted(apart, key=lambda pair: pair[1].start - pair[0].end)


def _boundaries(cues: Cues, first: Hit, second: Hit) -> Iterator[int]:
    """Where a clause may begin between two verbs: soon before the second, or soon after the first where
    what the verb is about stands before it.
    """
    text, others = cues.folded.text, [*cues.topic(), *cues.of("cuts")]
    found = [m for m in _JOINED.finditer(text, first.end, second.start + 1) if m.end() <= second.start + 1]
    if cues.vocabulary.language in _OBJECT_FIRST:
        german = cues.vocabulary.language == "de"
        yield from (m.start() for m in found if not (german and _RELATIVE.match(text, m.start())))
        return
    for match in reversed(found):
        between = [hit for hit in others if match.end() <= hit.start < second.start]
        if second.start - match.end() <= _VERB_WITHIN_CHARS and not between:
            yield match.start()


def _imposes(sentence: Cues, clause: Cues, verb: Hit, aimed_at: Sequence[int]) -> bool:
    """Upon some; and, but for verbs that say nothing else, naming sanctions or a list: who approved a plan or
    `added that 12 companies would come` puts nobody under any.
    """
    start, end = clause.bounds
    upon_some = any(start <= at < end for at in aimed_at) or bool(count_targets(clause))
    said = verb.tag == "imposed" or bool(clause.topic() or sentence.of("lists"))
    return upon_some and said and not clause.of("kept") and imposes_anew(clause, verb)
