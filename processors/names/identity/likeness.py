"""How much two written names look like one name, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from processors.folding import fold
from processors.names.identity.alignment import Walked, odds, walk, way
from processors.names.identity.graph import Graph
from processors.names.identity.hangul import southern
from processors.names.identity.judgement import HIGHEST, STRANGE, Likeness, judged
from processors.names.identity.reading import (
    graphs_of,
    is_native_han,
    is_native_hangul,
    latin_forms,
)
from processors.names.identity.readings import one_form
from processors.names.identity.rows import Rows, Word
from processors.names.identity.words import NAME_MAX, words_of

_RANK = {"latin": 0, "other": 1, "cyrillic": 2, "hangul": 3, "arabic": 4, "han": 5}
NOTHING = Likeness(0.0, ())


def compare(a: str, b: str, *, kind: str = "PER") -> Likeness:  # noqa: ARG001
    """How much two names look like one name, in any scripts and orders of words; the same for b and a.

    It tells whether two names are written forms of one, never whether two people are one: many share a name.
    """
    if fold(a[:NAME_MAX]).strip() == fold(b[:NAME_MAX]).strip():
        return Likeness(1.0, ("written the same",)) if words_of(a) else NOTHING
    if is_native_han(a) and is_native_han(b):
        return _characters(a, b, one_form)
    if is_native_hangul(a) and is_native_hangul(b):
        return _characters(a, b, southern)
    latin, graphed = sorted((a, b), key=lambda name: (rank(name), name))
    found = [_one_way(graphed, latin)]
    if rank(latin) > 0:
        found.append(_one_way(latin, graphed))
    return max(found, key=lambda likeness: likeness.score)


def _characters(a: str, b: str, form: Callable[[str], str]) -> Likeness:
    """Two names in Han or Hangul: the forms of a character are one, those that only sound alike are not."""
    left, right = (form("".join(word for word, _ in words_of(name))) for name in sorted((a, b)))
    if left == right:
        return Likeness(HIGHEST, ("the same characters in other forms",))
    alike = sum(x == y for x, y in zip(left, right, strict=False)) / max(len(left), len(right))
    return Likeness(round(alike * STRANGE, 4), (f"{left} ≉ {right}",)) if alike else NOTHING


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
    """How little of a name its Latin form keeps; of two names the one that loses more becomes the graph."""
    return max((_RANK[script] for _, script in words_of(name)), default=0)


def likenesses(
    graph: Graph, rows: Rows, which: Sequence[int], words: Sequence[Sequence[Word]]
) -> list[Likeness]:
    """The likeness of some names to the one the graph was made of; `words` are those of each name."""
    names = rows.take(which)
    walked = Walked(graph, names, walk(graph, names))
    return [judged(graph, way(walked, n), words[n]) for n in range(len(words))]
