"""Running totals, and what only looks like one.

`Since 2022 the EU has sanctioned 2,400 people` and `bringing to 2,400 those sanctioned` are totals.
`Six people accused of fuelling a war since 2023` and `the largest list since 2022` are news of today.
"""

from __future__ import annotations

from processors.events.lexicon import Hit
from processors.sanctions.vocabulary import Cues


def is_total(cues: Cues, start: int, end: int) -> bool:
    """Whether the number at these folded offsets counts up what was sanctioned before, too."""
    said = cues.of("totals")
    if any(end <= hit.start if cues.vocabulary.verb_last else hit.end <= start for hit in said):
        return True
    if cues.of("altogether") and cues.of("standing"):
        return True  # `669 vessels in total are now on the list`
    others = of_another_thing(cues)
    return not cues.of("recent") and any(hit not in others for hit in cues.of("cumulative"))


def of_another_thing(cues: Cues) -> list[Hit]:
    """The cues in what is told of those sanctioned, and those of which a superlative looks back."""
    if cues.of("superlatives"):
        return cues.of("cumulative")
    told = [hit.end for hit in [*cues.of("imposed"), *cues.topic()]]
    ends = [cut.end for cut in cues.of("cuts") if told and cut.start >= min(told)]
    return [hit for hit in cues.of("cumulative") if any(end <= hit.start for end in ends)]
