"""Many names, searched for the ones most like a given one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from processors.names.identity.alignment import odds
from processors.names.identity.graph import Graph
from processors.names.identity.judgement import Likeness
from processors.names.identity.likeness import compare, likenesses, rank
from processors.names.identity.outline import PAIRS, chances_of, pairs_of
from processors.names.identity.reading import graphs_of, latin_forms
from processors.names.identity.rows import Ints, Rows

ALIGNED = 200
RESCORED = 12
_RAREST = 1e-4
_NORM = 8.0


class NameIndex:
    """Names by entry id; an id may have many names, in any script.

    The names whose letters follow each other as the sought one's may are aligned with it, and the best of
    them compared. A search among 10,000 names takes some milliseconds; a name takes about 400 bytes.
    """

    def __init__(self, names: Iterable[tuple[str, str]], kind: str = "PER") -> None:
        self._kind = kind
        self._names: list[tuple[str, str]] = []
        self._forms: list[tuple[int, int]] = []
        self._rows = Rows()
        self._told: list[bytes] = []
        self._stale = True
        self.add(names)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._names)

    def add(self, names: Iterable[tuple[str, str]]) -> None:
        """More names, as pairs of entry id and name; a name without letters is never found."""
        for entry, name in names:
            for place, form in enumerate(latin_forms(name)):
                self._forms.append((len(self._names), place))
                self._rows.add(form)
                self._told.append(np.array(pairs_of(form), np.uint16).tobytes())
            self._names.append((entry, name))
        self._stale = True

    def remove(self, entries: Iterable[str]) -> None:
        """Forget all names of these entries; one that is not here is no error."""
        gone = set(entries)
        if gone.isdisjoint(entry for entry, _ in self._names):
            return
        place: dict[int, int] = {}
        for i, (entry, _) in enumerate(self._names):
            if entry not in gone:
                place[i] = len(place)
        kept = [form for form, (i, _) in enumerate(self._forms) if i in place]
        self._rows.keep(kept)
        self._told = [self._told[form] for form in kept]
        self._forms = [(place[self._forms[form][0]], self._forms[form][1]) for form in kept]
        self._names = [self._names[i] for i in place]
        self._stale = True

    def nearest(self, name: str, limit: int = 5, floor: float = 0.0) -> list[tuple[str, str, Likeness]]:
        """Entry id, its name and the likeness, best first; an entry comes once, with its likest name."""
        if self._stale:
            self._prepare()
        best: dict[str, tuple[str, str, Likeness]] = {}
        for i, likeness in self._likest(name, max(limit, RESCORED)):
            entry, known = self._names[i]
            if likeness.score >= floor:
                best.setdefault(entry, (entry, known, likeness))
        return list(best.values())[:limit]

    def _prepare(self) -> None:
        """What is told of all names together, after some came or went."""
        self._pairs = np.frombuffer(b"".join(self._told), np.uint16)
        self._begin = np.cumsum([0, *(len(told) // 2 for told in self._told)])[:-1]
        share = np.bincount(self._pairs, minlength=PAIRS) / max(len(self._told), 1)
        self._rarity = np.log(1 / np.maximum(share, _RAREST)).astype(np.float32)
        if self._told:
            self._norm = np.sqrt(np.add.reduceat(self._rarity[self._pairs], self._begin) + _NORM)
        self._stale = False

    def _candidates(self, graph: Graph) -> Ints:
        """The forms that share most pairs of letters with the graph."""
        told = (chances_of(graph) * self._rarity)[self._pairs]
        scores = np.add.reduceat(told, self._begin) / self._norm
        if len(scores) <= ALIGNED:
            return np.arange(len(scores))
        return np.argpartition(scores, -ALIGNED)[-ALIGNED:]

    def _likest(self, name: str, count: int) -> list[tuple[int, Likeness]]:
        """The numbers of the likest names, best first."""
        if not self._forms:
            return []
        best: dict[int, tuple[float, int, int]] = {}
        graphs = graphs_of(name)
        which = np.zeros(0, np.intp)
        for g, graph in enumerate(graphs):
            which = which if graph.turned else self._candidates(graph)
            for form, score in zip(which.tolist(), odds(graph, self._rows.take(which)).tolist(), strict=True):
                number = self._forms[form][0]
                if number not in best or score > best[number][0]:
                    best[number] = (score, g, form)
        likest = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:count]
        found = [(number, g, form) for number, (_, g, form) in likest]
        if all(self._is_plain(name, number) for number, _, _ in found):
            return self._aligned(graphs, found)
        told = [(number, compare(name, self._names[number][1], kind=self._kind)) for number, _, _ in found]
        return sorted(told, key=lambda item: -item[1].score)

    def _aligned(
        self, graphs: Sequence[Graph], found: list[tuple[int, int, int]]
    ) -> list[tuple[int, Likeness]]:
        """The likeness of names in Latin letters, in the order given; those of one graph at once."""
        told: dict[int, Likeness] = {}
        for g in {g for _, g, _ in found}:
            forms = [form for _, h, form in found if h == g]
            words = [
                latin_forms(self._names[i][1])[place] for i, place in (self._forms[form] for form in forms)
            ]
            reached = likenesses(graphs[g], self._rows, forms, words)
            told.update(zip((self._forms[form][0] for form in forms), reached, strict=True))
        return [(number, told[number]) for number, _, _ in found]

    def _is_plain(self, name: str, number: int) -> bool:
        return rank(name) > 0 and rank(self._names[number][1]) == 0
