"""The words of sanctions in one language, compiled once, and the cues they leave in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.events.lexicon import Hit, Lexicon
from processors.events.places import LANGUAGES, Place, find_places
from processors.folding import Folded, fold, fold_with_offsets

_NESTED = frozenset({"kinds", "duals", "measures"})
_DATELINE = re.compile(
    r"[^\W\d_][\w .,'-]{2,40}\([^()]{2,40}\) ?[-–—:.]+ ?"
    r"|\([^()=]{1,12}=[^()]{2,20}\)(?:[^=]{2,30}=)?"
    r"|[^\d,，。]{0,16}\d{1,2}月\d{1,2}日(?:电|電|讯)(?: ?\([^()]{2,24}\))?"
    r"|[^\W\d_]{3,20}, \d{1,2} \w{3,10}\.? ?[-–—/.]+ "
    r"|[^\W\d_]{3,20} (?:[-–—]|/ [^\W\d_]{2,20} [-–—]) "
)
_OTHER_VERBS = (
    "imposed",
    "announced",
    "lifted",
    "extended",
    "threatened",
    "refused",
    "background",
    "evasion",
)
_HEADLINE_VERB_MAX = 40
_OBJECT_FOLLOWS = re.compile(
    r"sanctions (?!(?:on|against|and|or|are|is|were|was|have|has|had|to|in|at|for|from|under|over|by|as|of|with"
    r"|that|which|amid|but|after|before|remain|fail|bite|bit|work|hurt|cost|cut|do|did|does|relief|evasion|list"
    r"|lists|regime|package|policy|risk|risks|law|bill|breach|breaches|chief|envoy|committee|programme|program"
    r"|compliance|monitor|monitors|case|row|deal|talks|debate|vote|pressure|pain|squeeze|busting)\b)[a-z]"
)
_MEASURE_REACH = 70
# A deed near its object makes a measure, and a sentence one about sanctions: `froze … assets`.
_DEEDS = (
    ("freezing", "assets", "asset_freeze"),
    ("barring", "entry", "travel_ban"),
    ("revoking", "visas", "visa_restriction"),
)
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
    """What the vocabulary and the places found in one sentence or clause. Offsets are folded."""

    original: str
    folded: Folded
    vocabulary: Vocabulary
    hits: Mapping[str, list[Hit]]
    places: list[Place] = field(default_factory=list)

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
        return Cues(self.original, self.folded, self.vocabulary, hits, places)


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
    _add_measures(hits, words)
    if words.language == "en":
        _add_headline_verb(hits, folded.text)
    cues = Cues(sentence, folded, words, hits)
    if needs_topic and not cues.topic():
        return None
    begin = dateline_end(folded.text)
    places = [place for place in find_places(sentence, folded, words.language) if place.start >= begin]
    return Cues(sentence, folded, words, hits, places)


def dateline_end(folded: str) -> int:
    """Where the news begins after `WASHINGTON (Agency) –`, `本报北京9月17日电`, `(서울=…) … 기자 =`."""
    match = _DATELINE.match(folded)
    return match.end() if match else 0


def _add_measures(hits: dict[str, list[Hit]], words: Vocabulary) -> None:
    """`froze` and `assets` apart from each other: the one is what was done, the other the topic."""
    reach = _MEASURE_REACH * words.reach
    for deed_tag, thing_tag, measure in _DEEDS:
        things = hits.get(thing_tag, [])
        for deed in hits.get(deed_tag, []):
            near = [t for t in things if max(t.start - deed.end, deed.start - t.end) <= reach]
            if near:
                _add(hits, "measured", near[0])
                _add(hits, "imposed", deed)
                _add(hits, f"measures.{measure}", deed)


def _add_headline_verb(hits: dict[str, list[Hit]], folded: str) -> None:
    """`Britain sanctions traders`: near the start of a sentence, with an object and no other verb after."""
    for term in hits.get("terms", [])[:1]:
        verbs = [h for tag in _OTHER_VERBS for h in hits.get(tag, []) if h.start != term.start]
        if term.end <= _HEADLINE_VERB_MAX and not verbs and _OBJECT_FOLLOWS.match(folded, term.start):
            _add(hits, "imposed", term)


def _add(hits: dict[str, list[Hit]], tag: str, hit: Hit) -> None:
    known = hits.setdefault(tag, [])
    if not any(other.start < hit.end and hit.start < other.end for other in known):
        known.append(Hit(tag, hit.start, hit.end))
        known.sort(key=lambda other: other.start)


def split(words: str | None) -> list[str]:
    """Comma-separated entries."""
    return [word.strip() for word in (words or "").split(",") if word.strip()]
