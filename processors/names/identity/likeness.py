"""How much two written names look like one name, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from processors.folding import fold
from processors.names.identity.alignment import Step, Walked, odds, walk, way
from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.letters import spelling
from processors.names.identity.reading import graphs_of, latin_forms
from processors.names.identity.rows import Rows, Word
from processors.names.identity.sounds import sounds
from processors.names.identity.words import OUTER, words_of

_RANK = {"latin": 0, "other": 1, "cyrillic": 2, "hangul": 3, "arabic": 4, "han": 5}
_LIKELY, _EVEN = 0.8, 0.6
_SLOPE = math.log(0.85 / 0.15) / (_LIKELY - _EVEN)
_STRANGE, _STRANGE_CAP = 0.35, 0.6
_SPELT_OUT, _OTHER_WORD = frozenset({"latin", "cyrillic"}), 0.5
_SHORT = 3.0
_OUTER_CAP = 0.8


@dataclass(frozen=True)
class Likeness:
    """`score` is 0 to 1, very likely the same written name from 0.85 on; `reasons` are for a reader."""

    score: float
    reasons: tuple[str, ...]


NOTHING = Likeness(0.0, ())


def compare(a: str, b: str, *, kind: str = "PER") -> Likeness:  # noqa: ARG001
    """How much two names look like one name, in any scripts and orders of words; a and b may change places.

    It tells whether two names are written forms of one, never whether two people are one: many share a name.
    """
    if fold(a).strip() == fold(b).strip():
        return Likeness(1.0, ("written the same",)) if words_of(a) else NOTHING
    latin, graphed = sorted((a, b), key=lambda name: (rank(name), name))
    found = [_one_way(graphed, latin)]
    if rank(latin) > 0:
        found.append(_one_way(latin, graphed))
    return max(found, key=lambda likeness: likeness.score)


def _one_way(graphed: str, latin: str) -> Likeness:
    forms, graphs = latin_forms(latin), graphs_of(graphed)
    if not forms or not graphs:
        return NOTHING
    rows = Rows(forms)
    names = rows.take(range(len(forms)))
    told = np.array([odds(graph, names) for graph in graphs])
    g, form = divmod(int(told.argmax()), len(forms))
    return likenesses(graphs[g], rows, [form], [forms[form]])[0]


def rank(name: str) -> int:
    """How little of a name its Latin form keeps; of two names the one that loses more is read as a graph."""
    return max((_RANK[script] for _, script in words_of(name)), default=0)


def likenesses(
    graph: Graph, rows: Rows, which: Sequence[int], words: Sequence[Sequence[Word]]
) -> list[Likeness]:
    """The likeness of some names to the one the graph was made of."""
    names = rows.take(which)
    walked = Walked(graph, names, walk(graph, names))
    return [_likeness(graph, way(walked, n), words[n]) for n in range(len(words))]


def _likeness(graph: Graph, steps: list[Step], words: Sequence[Word]) -> Likeness:
    worth = _worth(graph, steps)
    spelt = [letter for word, _ in words for letter in word]
    reached = {step.node: (step, so_far) for step, so_far in zip(steps, worth, strict=True)}
    reasons, cap = [], 1.0
    for start, end, text in graph.words:
        if end not in reached:
            reasons.append(f"{text} left out")
            cap = min(cap, _OUTER_CAP if _skipped(graph, end) <= OUTER else 1.0)
            continue
        (first, worth_before), (last, worth_after) = reached[start], reached[end]
        share = (last.odds - first.odds) / max(worth_after - worth_before, _SHORT)
        mark = "≈" if share > _EVEN else "~" if share > _STRANGE else "≉"
        reasons.append(f"{text} {mark} {_spelling(spelt[first.letter : last.letter])}")
        cap = min(cap, _cap(share, text, _spelling(spelt[first.letter : last.letter])))
    for text, weight in _left_out(steps, words):
        reasons.append(f"{text} left out")
        cap = min(cap, _OUTER_CAP if weight <= OUTER else 1.0)
    share = (steps[-1].odds + graph.prior) / max(worth[-1], _SHORT)
    score = 1 / (1 + math.exp(-_SLOPE * (share - _EVEN)))
    return Likeness(round(min(score * cap, 0.99), 4), tuple(reasons))


def _cap(share: float, text: str, latin: str) -> float:
    """The most that names with this pair of words can come to."""
    script = words_of(text)[0][1]
    if script in _SPELT_OUT:
        if share < _OTHER_WORD:
            return _OUTER_CAP if share > _STRANGE else _STRANGE_CAP
        if len(latin) > 3 and _ends_in_a(text.casefold()) != _ends_in_a(latin):
            return _OUTER_CAP
    return 1.0 if share > _STRANGE else _STRANGE_CAP


def _ends_in_a(word: str) -> bool:
    return word.removesuffix("h")[-1:] in frozenset("aаяá")


def _skipped(graph: Graph, end: int) -> float:
    """The weight of leaving out the word that ends at the node."""
    return min(
        (w for before in graph.before if any(u == end for u, _ in before) for _, w in before), default=0.0
    )


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


def _left_out(steps: list[Step], words: Sequence[Word]) -> list[tuple[str, float]]:
    """The Latin words that no letter of the graph met, with their weights."""
    met = {b.letter - 1 for a, b in pairwise(steps) if a.node != b.node and b.letter > a.letter}
    found, begin = [], 0
    for word, weight in words:
        end = begin + len(word)
        if not any(begin <= letter < end for letter in met):
            found.append((_spelling(word), weight))
        begin = end
    return found


def _spelling(word: Sequence[int]) -> str:
    return spelling(_letters()[letter] for letter in word)


@cache
def _letters() -> list[str]:
    return list(sounds().latin)
