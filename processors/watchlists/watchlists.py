"""All imported lists, in memory, ready to be asked for a name; what changes on disk is taken over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache

import msgspec
import structlog

from processors.folding import fold
from processors.names.identity import Likeness
from processors.watchlists.context import Context
from processors.watchlists.decide import Candidate, Verdict, decide
from processors.watchlists.entry import MENTIONED_AS
from processors.watchlists.faults import ListError
from processors.watchlists.index import ListedNames
from processors.watchlists.store import ListInfo, Store, decode_entry
from schemas.article import MentionType, WatchlistHit

log = structlog.get_logger(__name__)

SCORE_FLOOR = 0.85
NUMBERED_MARGIN = 0.08
"""How much less alike a name may be that a year of birth or a number speaks for."""
CHECK_SECONDS = 3.0
HITS_MAX = 10
TEXT_LETTERS_MAX = 200
_CANDIDATES_MAX = 25
_CACHED_NAMES = 20_000
_SEPARATOR = "\n"  # in no id: what reads a list takes it out
_WEAK = "weak"
_NOTHING = Context()
_Found = tuple[str, str, Likeness]


@dataclass(frozen=True)
class Delta:
    """How many entries came, changed and went."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Watchlists:
    """The lists of a store. Safe to use from several threads."""

    def __init__(
        self, store: Store, floor: float = SCORE_FLOOR, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._floor, self._clock = store, floor, clock
        self._lock = threading.RLock()
        self._entries: dict[str, dict[str, bytes]] = {}
        self._versions: dict[str, str] = {}
        self._names: dict[MentionType, ListedNames] = {
            "PER": ListedNames("PER"),
            "ORG": ListedNames("ORG"),
            "LOC": ListedNames("ORG"),
        }
        self._dismissed: frozenset[tuple[str, str, str]] = frozenset()
        self._stamp: object = None
        self._checked_at = float("-inf")
        self._nearest = lru_cache(maxsize=_CACHED_NAMES)(self._ask)

    def __len__(self) -> int:
        """How many entries all lists have."""
        return sum(len(entries) for entries in self._entries.values())

    def refresh(self, *, at_once: bool = False) -> Delta:
        """Take over what has changed on disk; it is looked for every `CHECK_SECONDS` at most.

        A list that can't be read stays as it was, and is logged. Never raises.
        """
        with self._lock:
            now = self._clock()
            if not at_once and now - self._checked_at < CHECK_SECONDS:
                return Delta()
            self._checked_at = now
            stamp = self._store.stamp()
            if stamp == self._stamp:
                return Delta()
            self._stamp = stamp
            try:
                return self._take_over()
            except ListError as error:
                log.warning("watchlists_unreadable", detail=str(error))
                return Delta()

    def verdicts(self, text: str, kind: MentionType, context: Context = _NOTHING) -> list[Verdict]:
        """What becomes of each entry whose name is like `text`: hits first, then by likeness."""
        with self._lock:
            candidates = [self._candidate(*found) for found in self._alike(text, kind)]
            dismissed = self._dismissed
        best: dict[tuple[str, str], Verdict] = {}
        for candidate in candidates:
            key = (candidate.entry.list_name, candidate.entry.entry_id)
            if (fold(text), *key) in dismissed:
                continue
            verdict = decide(candidate, text, kind, context, self._floor)
            if key not in best or _rank(verdict) < _rank(best[key]):
                best[key] = verdict
        return sorted(best.values(), key=_rank)

    def hits(self, text: str, kind: MentionType, context: Context = _NOTHING) -> list[WatchlistHit]:
        """The entries that `text`, mentioned as `kind`, is by all that the context says; best first."""
        return [verdict.hit() for verdict in self.verdicts(text, kind, context) if verdict.is_hit][:HITS_MAX]

    def has_candidates(self, text: str, kind: MentionType) -> bool:
        """Whether any entry's name is like `text`: if not, no context need be made."""
        with self._lock:
            return bool(self._alike(text, kind))

    def _alike(self, text: str, kind: MentionType) -> tuple[_Found, ...]:
        self.refresh()
        if not self._entries or len(text) > TEXT_LETTERS_MAX:
            return ()
        return self._nearest(text, kind)

    def _ask(self, text: str, kind: MentionType) -> tuple[_Found, ...]:
        floor = self._floor - NUMBERED_MARGIN
        return tuple(self._names[kind].nearest(text, limit=_CANDIDATES_MAX, floor=floor))

    def _candidate(self, key: str, name: str, likeness: Likeness) -> Candidate:
        list_name, entry_id, *weak = key.split(_SEPARATOR)
        entry = decode_entry(self._entries[list_name][entry_id])
        return Candidate(entry, name, likeness.score, likeness.reasons, bool(weak))

    def _take_over(self) -> Delta:
        manifest = self._store.manifest()
        self._dismissed = frozenset(
            (fold(one.name), one.list_name, one.entry_id) for one in self._store.dismissals()
        )
        names = [*manifest.lists, *(name for name in self._entries if name not in manifest.lists)]
        deltas = [self._take_over_list(name, manifest.lists.get(name)) for name in names]
        self._nearest.cache_clear()
        return Delta(*(sum(counts) for counts in zip(*map(astuple, deltas), strict=True)))

    def _take_over_list(self, name: str, info: ListInfo | None) -> Delta:
        version = info.sha256 if info else ""
        if self._versions.get(name) == version:
            return Delta()
        try:
            lines = self._store.lines(info) if info else []
            new = {decode_entry(line).entry_id: line for line in lines}
        except (ListError, msgspec.DecodeError) as error:
            log.warning("watchlist_unreadable", list=name, detail=str(error))
            return Delta()
        self._versions[name] = version
        return self._replace(name, new)

    def _replace(self, name: str, new: dict[str, bytes]) -> Delta:
        """Only entries that differ are taken out of the indices and put in anew."""
        old = self._entries.get(name, {})
        gone = [key for key in old if key not in new]
        fresh = [key for key in new if key not in old]
        changed = [key for key, line in new.items() if key in old and old[key] != line]
        for kind, pairs in _pairs(name, (old[key] for key in [*gone, *changed])).items():
            self._names[kind].remove(pairs)
        for kind, pairs in _pairs(name, (new[key] for key in [*fresh, *changed])).items():
            self._names[kind].add(pairs)
        if new:
            self._entries[name] = new
        else:
            self._entries.pop(name, None)
        return Delta(len(fresh), len(changed), len(gone))


def _pairs(list_name: str, lines: Iterable[bytes]) -> dict[MentionType, list[tuple[str, str]]]:
    """The names of some entries, each with the key of its entry, by how they may be mentioned."""
    found: dict[MentionType, list[tuple[str, str]]] = {"PER": [], "ORG": [], "LOC": []}
    for entry in map(decode_entry, lines):
        pairs = [(_key(list_name, entry.entry_id, weak=weak), name) for name, weak in entry.names()]
        for kind in MENTIONED_AS[entry.kind]:
            found[kind] += pairs
    return found


def _key(list_name: str, entry_id: str, *, weak: bool) -> str:
    return _SEPARATOR.join([list_name, entry_id, *([_WEAK] if weak else [])])


def _rank(verdict: Verdict) -> tuple[bool, float, float, str, str]:
    entry = verdict.candidate.entry
    return (
        not verdict.is_hit,
        -verdict.score,
        -verdict.candidate.likeness,
        entry.list_name,
        entry.entry_id,
    )
