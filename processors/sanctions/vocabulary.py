"""The words of sanctions in one language, compiled once, and the cues they leave in a sentence."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.events.lexicon import Hit, Lexicon
from processors.events.places import LANGUAGES, Place, find_places
from processors.folding import Folded, fold, fold_with_offsets
from processors.sanctions.implied import add_implied

_NESTED = frozenset({"kinds", "duals", "measures"})
_DATELINE = re.compile(
    r"[^\W\d_][\w .,'-]{2,40}\([^()]{2,40}\) ?[-–—:.]+ ?"
    r"|\([^()=]{1,12}=[^()]{2,20}\)(?:[^=]{2,30}=)?"
    r"|[^\d,，。]{0,16}\d{1,2}月\d{1,2}日(?:电|電|讯)(?: ?\([^()]{2,24}\))?"
    r"|[^\W\d_]{3,20}, \d{1,2} \w{3,10}\.? ?[-–—/.]+ "
    r"|[^\W\d_]{3,20} (?:[-–—]|/ [^\W\d_]{2,20} [-–—]) "
)
# Tags that no part of a state's name has, though a stem of theirs begins it: Türk is no `tur`.
_OF_NO_STATE = frozenset({"units", "numbered", "references", "traps", "cuts", "negation", "kinds.entities"})
VERB_LAST = frozenset({"tr", "ko", "fa"})
DENSE = frozenset({"ko", "zh"})


@dataclass(frozen=True)
class Vocabulary:
    """Entries of `lexicon/<language>.yaml`, as one automaton."""

    language: str
    lexicon: Lexicon
    numbers: Mapping[str, int]

    @property
    def verb_last(self) -> bool:
        """The main verb ends the sentence, so the last cue governs."""
        return self.language in VERB_LAST

    @property
    def reach(self) -> float:
        """How far words reach, in characters of an alphabet: less where a character is a syllable."""
        return 0.5 if self.language in DENSE else 1.0


@dataclass(frozen=True)
class Cues:
    """What the vocabulary and the places found in one sentence or clause. Offsets are folded; a clause has
    those of its sentence, and stands between `bounds`.
    """

    original: str
    folded: Folded
    vocabulary: Vocabulary
    hits: Mapping[str, list[Hit]]
    places: list[Place] = field(default_factory=list)
    bounds: tuple[int, int] = (0, sys.maxsize)

    def finds(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern in the sentence that stand in the clause."""
        start, end = self.bounds
        return (m for m in pattern.finditer(self.folded.text) if start <= m.start() and m.end() <= end)

    def of(self, *tags: str) -> list[Hit]:
        """Hits with one of the tags, in order."""
        found = [hit for tag in tags for hit in self.hits.get(tag, ())]
        return sorted(found, key=lambda hit: hit.start) if len(tags) > 1 else found

    def under(self, prefix: str) -> list[Hit]:
        """Hits of a nested section (`kinds`, `duals`, `measures`), in order."""
        found = [hit for tag, hits in self.hits.items() if tag.startswith(prefix + ".") for hit in hits]
        return sorted(found, key=lambda hit: hit.start)

    def topic(self) -> list[Hit]:
        """The words that make a sentence one about sanctions."""
        return self.of("terms", "weak", "listings", "measured")

    def words(self, start: int, end: int) -> str:
        """The original words of a folded span."""
        left, right = self.folded.span(start, end)
        return self.original[left:right]

    def within(self, start: int, end: int) -> Cues:
        """The cues between two folded offsets."""
        hits = {
            tag: kept
            for tag, found in self.hits.items()
            if (kept := [h for h in found if start <= h.start and h.end <= end])
        }
        places = [p for p in self.places if start <= p.start and p.end <= end]
        return replace(self, hits=hits, places=places, bounds=(start, end))

    def parted(self, at: int) -> tuple[Cues, Cues]:
        """The cues before and after a folded offset."""
        return self.within(0, at), self.within(at, len(self.folded.text))


@cache
def vocabulary(language: str) -> Vocabulary | None:
    """The vocabulary of a language; `None` where we have none."""
    if language not in LANGUAGES:
        return None
    text = (resources.files(__package__) / "lexicon" / f"{language}.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    numbers = {}
    entries: dict[str, list[str]] = {}
    for tag, words in table.items():
        if tag in _NESTED:
            for name, inner in (words or {}).items():
                entries[f"{tag}.{name}"] = split(inner)
        elif tag == "numbers":
            pairs = [entry.rsplit(" ", 1) for entry in split(words)]
            numbers = {fold(word.rstrip("*")): int(n) for word, n in pairs}
            for word, n in pairs:
                entries.setdefault(f"number.{n}", []).append(word)
        else:
            entries[tag] = split(words)
    return Vocabulary(language, Lexicon(entries), numbers)


def read_cues(sentence: str, words: Vocabulary, *, needs_topic: bool = True) -> Cues | None:
    """The cues of a sentence; `None` at once where no word is about sanctions, unless none is needed."""
    folded = fold_with_offsets(sentence)
    hits: dict[str, list[Hit]] = {}
    for hit in words.lexicon.find(folded.text):
        hits.setdefault(hit.tag, []).append(hit)
    add_implied(hits, folded.text, words.language, words.reach)
    cues = Cues(sentence, folded, words, hits)
    if needs_topic and not cues.topic():
        return None
    begin = dateline_end(folded.text)
    places = [place for place in find_places(sentence, folded, words.language) if place.start >= begin]
    return Cues(sentence, folded, words, _without_states(hits, places), places)


def _without_states(hits: Mapping[str, list[Hit]], places: Sequence[Place]) -> dict[str, list[Hit]]:
    states = [(place.start, place.end) for place in places if place.kind in {"name", "adjective"}]

    def is_in_state(hit: Hit) -> bool:
        return any(start <= hit.start and hit.end <= end for start, end in states)

    return {
        tag: [hit for hit in found if not is_in_state(hit)]
        if tag in _OF_NO_STATE or tag.startswith("number.")
        else found
        for tag, found in hits.items()
    }


def dateline_end(folded: str) -> int:
    """Where the news begins after `WASHINGTON (Agency) –`, `本报北京9月17日电`, `(서울=…) … 기자 =`."""
    match = _DATELINE.match(folded)
    return match.end() if match else 0


def split(words: str | None) -> list[str]:
    """Comma-separated entries."""
    return [word.strip() for word in (words or "").split(",") if word.strip()]
