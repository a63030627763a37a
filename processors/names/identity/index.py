"""Many names, searched for the ones most like a given one."""

from __future__ import annotations

from collections.abc import Iterable

from processors.names.identity.ids import keys
from processors.names.identity.likeness import Likeness, compare


class NameIndex:
    """Names by entry id; an id may have many names."""

    def __init__(self, names: Iterable[tuple[str, str]], kind: str = "PER") -> None:
        self._kind = kind
        self._names: dict[str, list[str]] = {}
        self._by_key: dict[str, set[tuple[str, str]]] = {}
        self.add(names)

    def add(self, names: Iterable[tuple[str, str]]) -> None:
        """More names, as pairs of entry id and name."""
        for entry, name in names:
            self._names.setdefault(entry, []).append(name)
            for key in keys(name):
                self._by_key.setdefault(key, set()).add((entry, name))

    def remove(self, entries: Iterable[str]) -> None:
        """Forget all names of these entries; one that is not here is no error."""
        for entry in entries:
            for name in self._names.pop(entry, ()):
                for key in keys(name):
                    self._by_key[key].discard((entry, name))

    def nearest(self, name: str, limit: int = 5, floor: float = 0.0) -> list[tuple[str, str, Likeness]]:
        """Entry id, its name and the likeness, best first; an entry comes once, with its likest name."""
        candidates = {pair for key in keys(name) for pair in self._by_key.get(key, ())}
        scored = sorted(
            ((entry, known, compare(name, known, kind=self._kind)) for entry, known in candidates),
            key=lambda found: (-found[2].score, found[0], found[1]),
        )
        best: dict[str, tuple[str, str, Likeness]] = {}
        for found in scored:
            if found[2].score >= floor:
                best.setdefault(found[0], found)
        return list(best.values())[:limit]
