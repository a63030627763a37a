"""The ways a written name can be read, as a graph of letters that is walked once for many Latin names."""

from __future__ import annotations

from dataclasses import dataclass, field

JOINT = -1


@dataclass
class Graph:
    """Nodes in an order in which edges only lead forward; node 0 is the start, the last one the end.

    `letter[v]` is a number in the table of sounds, or JOINT for a node that writes nothing; `before[v]` are
    its predecessors with the weight (0 or less) of the way from each. `prior` is the weight of the whole
    reading: a Han name read in Korean is less likely than in Mandarin. `words` are the written words with the
    nodes before the first and at the last letter of each. `turned`: the graph before this one has the same
    words in another order. `doubtful`: a name that is alike in this reading alone may well be another one.
    """

    prior: float = 0.0
    letter: list[int] = field(default_factory=lambda: [JOINT])
    before: list[list[tuple[int, float]]] = field(default_factory=lambda: [[]])

    words: list[tuple[int, int, str]] = field(default_factory=list)
    turned: bool = False
    doubtful: bool = False

    def add(self, letter: int, *before: tuple[int, float]) -> int:
        """A node after others; its number."""
        self.letter.append(letter)
        self.before.append(list(before))
        return len(self.letter) - 1

    def chain(self, start: int, letters: list[int], weight: float = 0.0) -> int:
        """Letters one after the other; the last node, or the start where there are none."""
        for letter in letters:
            start = self.add(letter, (start, weight))
            weight = 0.0
        return start

    def join(self, *before: tuple[int, float]) -> int:
        """A node in which ways meet."""
        return before[0][0] if len(before) == 1 and before[0][1] == 0 else self.add(JOINT, *before)
