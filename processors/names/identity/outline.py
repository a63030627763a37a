"""Which letters follow each other in a name, to find the few names worth aligning.

A Latin name has each pair or has not; a graph has each with the chance that its letters stand for it. Pairs
are taken twice: of consonants alone, since some scripts write no vowels, and of all letters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.rows import Floats, Ints, Word
from processors.names.identity.sounds import sounds

_CONSONANTS = (
    *("b", "p", "v w", "f", "t", "d", "k c q x", "g", "s š ç sch", "z ž", "j č", "m", "n ñ", "l", "r"),
)
_VOWELS = ("a ä", "e", "i y ee", "o ö", "u ü oo ou")
_START_OF_NEW_WORD = -0.5
_UNSURE, _FLAT = 0.75, 0.3


@dataclass(frozen=True)
class _Chances:
    """What a letter of the table may answer to, by class: first, last, and pairs within."""

    first: Floats
    last: Floats
    within: Floats
    none: float


class _Alphabet:
    """Classes of Latin letters, the start of a word being one more; pairs of them are numbered row by row.

    The c of ch is another letter than c.
    """

    def __init__(self, groups: Sequence[str]) -> None:
        latin = sounds().latin
        self.start = len(groups)
        self.width = len(groups) + 1
        self.of = np.full(len(latin), -1)
        for number, group in enumerate(groups):
            self.of[[latin[letter] for letter in group.split() if letter in latin]] = number
        self.ch, self.as_ch = (latin["c"], latin["h"]), latin["č"]
        self.classes: list[int] = self.of.tolist()
        self._known: dict[int, _Chances] = {}

    def chances(self, letter: int) -> _Chances:
        """The chances of one letter of the table."""
        if letter not in self._known:
            self._known[letter] = self._chances(letter)
        return self._known[letter]

    def _chances(self, letter: int) -> _Chances:
        table = sounds()
        common = table.common[letter]
        a, b = _latin_pairs()
        one = np.exp(table.one[letter]) * common
        both = np.exp(table.two[letter, :-1]) * common[a] * common[b]
        head, tail = self.of[a], self.of[b]
        head[(a == self.ch[0]) & (b == self.ch[1])] = self.of[self.as_ch]
        first, last = np.where(head < 0, tail, head), np.where(tail < 0, head, tail)
        share = np.concatenate([one, both, np.exp(table.gap[letter : letter + 1])])
        none = np.full(1, -1)
        firsts, lasts = np.concatenate([self.of, first, none]), np.concatenate([self.of, last, none])
        share /= share.sum()
        inner = (head >= 0) & (tail >= 0) & (head != tail)
        within = np.bincount(
            head[inner] * self.width + tail[inner], share[len(one) : -1][inner], self.width**2
        )  # fmt: skip
        return _Chances(
            np.bincount(firsts[firsts >= 0], share[firsts >= 0], self.width).astype(np.float32),
            np.bincount(lasts[lasts >= 0], share[lasts >= 0], self.width).astype(np.float32),
            within.reshape(self.width, self.width).astype(np.float32),
            float(share[firsts < 0].sum()),
        )

    def pairs(self, words: Sequence[Word]) -> set[int]:
        """The pairs in a name; a word's first letter follows the start and the word before."""
        found: set[int] = set()
        last, of = self.start, self.classes
        for word, _ in words:
            fresh = True
            for letter, after in zip(word, [*word[1:], -1], strict=True):
                now = of[letter] if (letter, after) != self.ch else of[self.as_ch]
                if now < 0 or (now == last and not fresh):
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
        states, found = [start], np.zeros((self.width, self.width), np.float32)
        for v in range(1, len(graph.letter)):
            state = self._state(states, graph.before[v])
            letter = graph.letter[v]
            if letter != JOINT:
                chances = self.chances(letter)
                there = min(1.0, float(state.max()))
                found = np.maximum(found, np.maximum(np.outer(state, chances.first), chances.within * there))
                state = state * chances.none + chances.last * there
            elif graph.before[v][-1][1] < _START_OF_NEW_WORD:
                state = state + start
            states.append(state)
        return np.minimum(found.ravel(), 1) ** np.float32(_UNSURE)

    @staticmethod
    def _state(states: list[Floats], before: list[tuple[int, float]]) -> Floats:
        """The likeliest of the ways to a node, for each class; what is less likely still has its chance."""
        state = states[before[0][0]] * np.float32(math.exp(_FLAT * before[0][1]))
        for u, weight in before[1:]:
            state = np.maximum(state, states[u] * np.float32(math.exp(_FLAT * weight)))
        return np.asarray(state)


@cache
def _latin_pairs() -> tuple[Ints, Ints]:
    """The first and the second letters of the pairs of Latin letters, in the order of the table."""
    table = sounds()
    kept = np.flatnonzero(table.pair < table.two.shape[1] - 1)
    ordered = kept[np.argsort(table.pair[kept])]
    return ordered // len(table.latin), ordered % len(table.latin)


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
