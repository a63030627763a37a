"""From the best way through a graph to a score from 0 to 1 and the reasons for it.

The score says how near the log odds come to what a true pair brings on average. It is held down where a word
answers to another one badly, where the chief word of a name is missing, and where each has a word of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from processors.names.identity.alignment import Step
from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.letters import spelling
from processors.names.identity.rows import Word
from processors.names.identity.sounds import sounds
from processors.names.identity.words import MIDDLE, OUTER, words_of

LIKELY, EVEN = 0.8, 0.6
"""Shares of the average log odds of a true pair that give a score of 0.85 and of 0.5."""
HIGHEST = 0.99
DOUBTFUL, STRANGE = 0.8, 0.6
"""The most a score can come to with a doubtful pair of words, and with a strange one."""
_SLOPE = math.log(0.85 / 0.15) / (LIKELY - EVEN)
_SHARES = {"latin": (0.35, 0.62), "cyrillic": (0.35, 0.5), "han": (0.0, 0.25), "hangul": (0.0, 0.25)}
_OTHER_SHARES = (0.35, 0.35)
_WORTH_MIN = 3.0
_SHORT_WORD = 4


@dataclass(frozen=True)
class Likeness:
    """`score` is 0 to 1, very likely the same written name from 0.85 on; `reasons` are for a reader."""

    score: float
    reasons: tuple[str, ...]


def judged(graph: Graph, steps: list[Step], words: Sequence[Word]) -> Likeness:
    """The likeness that a way through a graph amounts to; `words` are those of the Latin name."""
    worth = _worth(graph, steps)
    met, missing = _words_met(graph, steps, worth, [letter for word, _ in words for letter in word])
    without = _left_out(steps, words)
    caps = [cap for cap, _ in met] + [_cap_without(text, weight) for text, weight in [*missing, *without]]
    if any(weight <= MIDDLE for _, weight in missing) and any(weight <= MIDDLE for _, weight in without):
        caps.append(STRANGE)
    if graph.doubtful:
        caps.append(DOUBTFUL)
    share = (steps[-1].odds + graph.prior) / max(worth[-1], _WORTH_MIN)
    score = 1 / (1 + math.exp(-_SLOPE * (share - EVEN)))
    reasons = [reason for _, reason in met] + [f"{text} left out" for text, _ in [*missing, *without]]
    return Likeness(round(min(score * min(caps, default=1.0), HIGHEST), 4), tuple(reasons))


def _worth(graph: Graph, steps: list[Step]) -> list[float]:
    """What the letters of the graph up to each step bring on average when the names are one."""
    expected = sounds().expected
    so_far, found, last = 0.0, [], -1
    for step in steps:
        letter = graph.letter[step.node]
        if step.node != last and letter != JOINT:
            so_far += max(float(expected[letter]), 0.0)
        found.append(so_far)
        last = step.node
    return found


def _words_met(
    graph: Graph, steps: list[Step], worth: list[float], latin: list[int]
) -> tuple[list[tuple[float, str]], list[tuple[str, float]]]:
    """The most each pair of words allows with what it says, and the words left out with their weights."""
    reached = {step.node: (step, so_far) for step, so_far in zip(steps, worth, strict=True)}
    met, missing = [], []
    for start, end, text in graph.words:
        weight = _skip_weight(graph, end)
        if start not in reached or end not in reached:
            missing.append((text, weight))
            continue
        (first, before), (last, after) = reached[start], reached[end]
        share = (last.odds - first.odds) / max(after - before, _WORTH_MIN)
        other = _spelt(latin[first.letter : last.letter])
        cap = _cap(share, text, other) if weight <= MIDDLE else 1.0
        met.append((cap, f"{text} {'≈' if cap == 1 else '~' if cap == DOUBTFUL else '≉'} {other}"))
    return met, missing


def _cap(share: float, text: str, latin: str) -> float:
    """The most that names with this pair of words can come to."""
    script = words_of(text)[0][1]
    strange, doubtful = _SHARES.get(script, _OTHER_SHARES)
    if share < strange:
        return STRANGE
    if share < doubtful:
        return DOUBTFUL
    spelt_out = script in {"latin", "cyrillic"} and len(latin) > 3
    return DOUBTFUL if spelt_out and _ends_in_a(text.casefold()) != _ends_in_a(latin) else 1.0


def _ends_in_a(word: str) -> bool:
    """Ivanova, not Ivanov; Sara as Sarah."""
    return word.removesuffix("h")[-1:] in frozenset("aаяá")


def _cap_without(text: str, weight: float) -> float:
    """The most that a name can come to without a word; a short middle one, as in Ho Chi Minh, is needed."""
    return DOUBTFUL if weight <= OUTER or (weight <= MIDDLE and len(text) <= _SHORT_WORD) else 1.0


def _skip_weight(graph: Graph, end: int) -> float:
    weights = [w for before in graph.before if any(u == end for u, _ in before) for _, w in before]
    return min(weights, default=OUTER)


def _left_out(steps: list[Step], words: Sequence[Word]) -> list[tuple[str, float]]:
    """The Latin words that no letter of the graph met, with their weights."""
    met = {b.letter - 1 for a, b in pairwise(steps) if a.node != b.node and b.letter > a.letter}
    found, begin = [], 0
    for word, weight in words:
        end = begin + len(word)
        if not any(begin <= letter < end for letter in met):
            found.append((_spelt(word), weight))
        begin = end
    return found


def _spelt(word: Sequence[int]) -> str:
    return spelling(_latin()[letter] for letter in word)


@cache
def _latin() -> list[str]:
    return list(sounds().latin)
