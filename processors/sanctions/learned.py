"""What the encoder read in a sentence about sanctions, put together with what the vocabulary knows.

The encoder says which act it is and where issuers, targets, places, reason, date and legal ground stand;
the vocabulary and the table of places say who they are, how many, and by what measures. Where the two
disagree about the act, the encoder's odds and the rules' finding are weighed together: the rules count as
one more witness.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from processors.encoder.heads import ACTS
from processors.encoder.telling import SentenceReading
from processors.folding import fold
from processors.sanctions.counts import Counted, counts_within
from processors.sanctions.issuing import issuer
from processors.sanctions.parties import JOINS, Role, names_programme, party_of, place_roles, unique
from processors.sanctions.vocabulary import Cues
from schemas.article import Party

RULES_WORTH = 0.6
TELLING_WORTH = 3.5
SELDOM = 1.0
UNSAID = 0.02  # of the odds of an act of which no word stands
_ODDS_MIN = 1e-3
_JOINED_BY = frozenset(" \"'“”„«»‘’\u00a0")
_AND = "و"
_AND_AT_WORD = re.compile(rf"(?<=\s){_AND}(?=\w)")
_ONE_IS_AN_ARTICLE = frozenset({"de", "es", "fa", "fr", "tr"})
# Arabic words that begin with the letter that joins, so that it is theirs.
_OWN_WAW = ("وزير", "وزار", "وكال", "ولاي", "وفد", "واشنطن", "وحد", "وسائل", "وزراء", "وسيط", "وكيل", "والي")
_TURKISH_IN = re.compile(r"['’]n?[dt][ea]\b")
_SUFFIX_CHARS_MAX = 4
_ALLY_CHARS_MAX = 24
_ROW_CHARS_MAX, _ADJECTIVE_CHARS_MAX = 6, 14
_ALLY = tuple(map(fold, (
    "حليفة", "حليف", "حليفا", "ally of", "ally of the", "allied with", "allié des", "alliée des", "allié de",
    "alliée de", "aliado de", "aliada de", "союзник", "союзница", "متحد", "müttefiki", "동맹인", "盟友",
    "the example of", "ejemplo de", "l'exemple de", "l'exemple des", "по примеру", "вслед за",
    "dem Vorbild der",
)))  # fmt: skip
Span = tuple[int, int]


def weigh(
    acts: Sequence[float], rules: str, *, topical: bool, telling: bool = False, unsaid: Collection[str] = ()
) -> tuple[str, float]:
    """The act that encoder and rules make likeliest together (`none` among them), and its probability.

    The encoder learned from sentences most of which tell of sanctions; of those in an article that have
    no word of them (not `topical`) hardly any does. `telling` says that the rules found words for what
    they say (a club, a court; `are subject to`), and did not say it for want of any. `unsaid` are acts of
    which the sentence has no word, where its rules have one for what they say (`expands its list`).
    """
    worth = TELLING_WORTH if telling else RULES_WORTH
    witness = {act: worth * (act == rules) for act in ACTS}
    witness["none"] += 0 if topical else SELDOM
    weights = [
        max(_ODDS_MIN, odds * (UNSAID if act in unsaid else 1)) * math.exp(witness[act])
        for act, odds in zip(ACTS, acts, strict=True)
    ]
    best = max(range(len(ACTS)), key=weights.__getitem__)
    return ACTS[best], weights[best] / sum(weights)


@dataclass(frozen=True)
class Parts:
    """The parts of one act: each kind with its spans in the sentence as written."""

    cues: Cues
    spans: dict[str, list[Span]]

    def words(self, part: str) -> str | None:
        """The first such part's words."""
        return next((self.cues.original[start:end] for start, end in self.spans.get(part, ())), None)

    def within(self, clause: Cues) -> Parts:
        """The parts that stand in a clause; the whole sentence has all."""
        start, end = clause.bounds
        left, right = self.cues.folded.span(start, min(end, len(self.cues.folded.text)))
        kept = {part: [s for s in spans if left <= s[0] < right] for part, spans in self.spans.items()}
        return Parts(clause, kept)

    def issuers(self) -> list[Party]:
        """Who acts, each state or body once."""
        language = self.cues.vocabulary.language
        told = [span for span in self._each_issuer() if not self._is_upon_or_in(span)]
        spans = told[:1] + [s for s in told[1:] if self._acts_too(s)]
        return unique([issuer(self.cues.original[slice(*s)], self._roles(s), language) for s in spans])

    def _is_upon_or_in(self, span: Span) -> bool:
        """`the Russia regulations`, `Emirlikleri'nde`: whom they are upon, where somebody is."""
        if self.cues.vocabulary.language == "tr":
            return bool(_TURKISH_IN.search(self.cues.original, span[0], span[1] + _SUFFIX_CHARS_MAX))
        return any(names_programme(self.cues, role.place, role.end) for role in self._roles(span))

    def _each_issuer(self) -> Iterator[Span]:
        """The issuers' spans, parted where Arabic joins one to the next by a letter of the next word."""
        for first, end in self.spans["issuer"]:
            start = first
            for match in _AND_AT_WORD.finditer(self.cues.original, first, end):
                if _joins(self.cues.original[match.start() : end]) and self._is_known((match.end(), end)):
                    if match.start() > start:
                        yield start, match.start() - 1
                    start = match.end()
            yield start, end

    def _is_known(self, span: Span) -> bool:
        """Whether words name a state or a body of one."""
        words, language = self.cues.original[slice(*span)], self.cues.vocabulary.language
        return issuer(words, self._roles(span), language).entity is not None

    def _acts_too(self, span: Span) -> bool:
        """Of further issuers not the last of a row of places (`China, Britain and the Emirates`), nor an
        adjective of other things than sanctions (`American goods`).
        """
        start, end = self.cues.folded.folded_span(*span)
        text = self.cues.folded.text
        before = [self.cues.folded.folded_span(*place)[1] for place in self.spans["place"]]
        if any(0 <= start - last <= _ROW_CHARS_MAX and JOINS.fullmatch(text[last:start]) for last in before):
            return False
        adjective = any(role.place.kind == "adjective" for role in self._roles(span))
        near = (min(abs(topic.start - end), abs(start - topic.end)) for topic in self.cues.topic())
        return not adjective or any(gap <= _ADJECTIVE_CHARS_MAX for gap in near)

    def targets(self) -> list[Party]:
        """Upon whom, each as told; a state also by its id."""
        return unique([self._target(span) for span in self.spans["target"]])

    def places(self) -> list[Party]:
        """Where the targets are: places told beside them, and those in the words for them."""
        told = chain.from_iterable(self._roles(span) for span in self.spans["place"])
        inside = (
            role
            for span in self.spans["target"]
            for role in self._roles(span)
            if not self._is_all_of(role, span)
        )
        return unique([party_of(self.cues, role) for role in chain(told, inside) if role.entity])

    def counts(self) -> list[Counted]:
        """How many of what: the numbers in the words for targets."""
        folded = [self.cues.folded.folded_span(*span) for span in self.spans["target"]]
        found = counts_within(self.cues, folded)
        if self.cues.vocabulary.language not in _ONE_IS_AN_ARTICLE:
            return found
        counted = [one for one in found if one.count.n > 1 or one.count.of != "unknown"]
        return [] if all(one.count.n == 1 for one in counted) else counted

    def _target(self, span: Span) -> Party:
        whole = next((role for role in self._roles(span) if self._is_all_of(role, span)), None)
        party = party_of(self.cues, whole) if whole and whole.entity else Party(text="")
        return Party(text=self.cues.original[slice(*span)], name=party.name, entity=party.entity)

    def _roles(self, span: Span) -> list[Role]:
        start, end = self.cues.folded.folded_span(*span)
        return [role for role in self._all_roles if role.start < end and start < role.end]

    @cached_property
    def _all_roles(self) -> list[Role]:
        return place_roles(self.cues)

    def _is_all_of(self, role: Role, span: Span) -> bool:
        start, end = self.cues.folded.folded_span(*span)
        return 2 * (min(role.end, end) - max(role.start, start)) > end - start


def parts_of(reading: SentenceReading, cues: Cues) -> Parts:
    """The encoder's parts; neighbours with nothing but spaces and quotation marks between are one."""
    text = cues.original
    found: dict[str, list[Span]] = {part: [] for part in ("issuer", "target", "place")}
    for part in reading.parts:
        spans = found.setdefault(part.part, [])
        start = part.start
        if part.part == "issuer" and _is_ally(text[:start]):
            continue
        if spans and _JOINED_BY.issuperset(text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], part.end)
        else:
            start += bool(spans) and _joins(text[start : part.end])
            spans.append((start, part.end))
    if cues.vocabulary.language == "zh" and "target" in found:
        found["target"] = [_with_whole_kinds(cues, span) for span in found["target"]]
    return Parts(cues, {part: list(_closed(text, spans)) for part, spans in found.items()})


def _with_whole_kinds(cues: Cues, span: Span) -> Span:
    """`人和实` of `个人和实体`: no space shows the encoder where a word ends, the vocabulary knows it."""
    start, end = cues.folded.folded_span(*span)
    cut = [hit for hit in cues.under("kinds") if hit.start < end and start < hit.end]
    return cues.folded.span(min([start, *(hit.start for hit in cut)]), max([end, *(hit.end for hit in cut)]))


def _is_ally(before: str) -> bool:
    """`South Korea, ally of the United States, imposed …`, or `after the example of the United States`: the
    second is none of the issuers.
    """
    return fold(before[-_ALLY_CHARS_MAX:]).rstrip().endswith(_ALLY)


def _joins(words: str) -> bool:
    """Whether an Arabic word's first letter joins it to what stands before."""
    return words.startswith(_AND) and len(words) > 3 and not words.startswith(_OWN_WAW)


def _closed(text: str, spans: list[Span]) -> Iterator[Span]:
    """Spans with the quotation mark or bracket that closes one inside."""
    for start, end in spans:
        inside = text[start:end]
        pairs = (("«", "»"), ("“", "”"), ("„", "“"), ("(", ")"), ("《", "》"), ("「", "」"))
        more = any(
            inside.count(opening) > inside.count(close) and text[end : end + 1] == close
            for opening, close in pairs
        )
        yield start, end + more
