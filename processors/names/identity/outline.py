"""Which letters follow each other in a name, to find the few names worth aligning.

A Latin name has each pair or has not; a graph has each with the chance that its letters stand for it. Pairs
are taken twice: of consonants alone, since some scripts write no vowels, and of all letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.rows import Floats, Word
from processors.names.identity.sounds import sounds

_CONSONANTS = ("b", "p", "vw", "f", "t", "d", "kcqx", "g", "sšç", "zž", "jč", "m", "nñ", "l", "r")
_VOWELS = ("aä", "e", "iy", "oö", "uü")
_START_OF_NEW_WORD = -0.5
_UNSURE = 0.75


class _Alphabet:
    """Classes of Latin letters, the start of a word being one more; pairs of them are numbered row by row."""

    def __init__(self, groups: tuple[str, ...]) -> None:
        table = sounds()
        self.start = len(groups)
        self.width = len(groups) + 1
        self.of = {
            table.latin[letter]: i
            for i, group in enumerate(groups)
            for letter in group
            if letter in table.latin
        }
        self.chances = self._chances()

    def _chances(self) -> Floats:
        """The chance of each class [letters of the table, classes]; what is missing to 1 is none."""
        table = sounds()
        first = np.exp(table.one) * table.common
        found = np.zeros((len(first), self.width), np.float32)
        for latin, number in self.of.items():
            found[:, number] += first[:, latin]
        for pair in np.flatnonzero(table.pair < table.two.shape[1] - 1).tolist():
            a, b = divmod(pair, len(table.latin))
            both = np.exp(table.two[:, table.pair[pair]]) * table.common[:, a] * table.common[:, b]
            known = [self.of[letter] for letter in (a, b) if letter in self.of]
            for number in known:
                found[:, number] += both / len(known)
        whole = np.maximum(first.sum(1) + np.exp(table.gap), found.sum(1))
        return np.asarray(found / whole[:, None], np.float32)

    def pairs(self, words: Sequence[Word]) -> set[int]:
        """The pairs in a name; a word's first letter follows the start and the word before."""
        found: set[int] = set()
        last = self.start
        for word, _ in words:
            fresh = True
            for letter in word:
                now = self.of.get(letter)
                if now is None or (now == last and not fresh):
                    continue
                found.add(last * self.width + now)
                if fresh:
                    found.add(self.start * self.width + now)
                last, fresh = now, False
        return found

    def pair_chances(self, graph: Graph) -> Floats:
        """The chance of each pair [pairs] in a Latin name that the graph stands for."""
        start = np.zeros(self.width, np.float32)
        start[self.start] = 1
        last, found = [start], np.zeros((self.width, self.width), np.float32)
        for v in range(1, len(graph.letter)):
            ways = [(last[u], float(np.exp(weight))) for u, weight in graph.before[v]]
            whole = sum(share for _, share in ways)
            state = ways[0][0] if len(ways) == 1 else sum(row * (share / whole) for row, share in ways)
            letter = graph.letter[v]
            if letter != JOINT:
                now = self.chances[letter]
                found += np.outer(state, now) * min(whole, 1.0)
                state = state * max(0.0, 1 - float(now.sum())) + now
            elif graph.before[v][-1][1] < _START_OF_NEW_WORD:
                state = state + start
            last.append(np.asarray(state))
        return np.minimum(found.ravel(), 1) ** np.float32(_UNSURE)


@cache
def _alphabets() -> tuple[_Alphabet, _Alphabet]:
    return _Alphabet(_CONSONANTS), _Alphabet(_CONSONANTS + _VOWELS)


PAIRS = (len(_CONSONANTS) + 1) ** 2 + (len(_CONSONANTS + _VOWELS) + 1) ** 2 + 1
"""How many pairs there are; the last one marks a name that has none."""


def pairs_of(words: Sequence[Word]) -> list[int]:
    """The numbers of the pairs in a Latin name, of which there is at least one."""
    consonants, all_letters = _alphabets()
    shift = consonants.width**2
    found = consonants.pairs(words) | {shift + pair for pair in all_letters.pairs(words)}
    return sorted(found) or [PAIRS - 1]


def chances_of(graph: Graph) -> Floats:
    """The chance of each pair [PAIRS] in the Latin names that the graph may stand for."""
    parts = [alphabet.pair_chances(graph) for alphabet in _alphabets()]
    return np.concatenate([*parts, np.zeros(1, np.float32)])
