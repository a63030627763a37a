"""One sentence read: the acts of sanctions that it tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from processors.encoder.article import ArticleSentence
from processors.encoder.telling import SentenceReading
from processors.folding import fold
from processors.sanctions.acts import RELEVANT, decide_act, relevance
from processors.sanctions.counts import count_targets
from processors.sanctions.dating import is_long_ago, told_date
from processors.sanctions.learned import Parts, parts_of, weigh
from processors.sanctions.parties import (
    issuers,
    measures,
    place_roles,
    reason,
    targets_and_places,
)
from processors.sanctions.since import of_another_thing
from processors.sanctions.targets import counted_targets, named_target
from processors.sanctions.turns import OF_OLD, half_not_kept, turn_of
from processors.sanctions.vocabulary import Cues, Vocabulary, read_cues
from schemas.article import Act, Party, Sanction, Span

_CLAUSE = re.compile(
    r"[,;،؛，；—]|\s(?:while|whereas|and|و|فيما|بينما|كما|а|и|в то время как|tandis que|et|mientras|y|während"
    r"|und|ve|در حالی که|و)\s|\s(?=و\w)"
)
_LEADS_TO_AN_OBJECT = re.compile("[将將].*列入")
_BOUNDARIES_MAX = 8
_OPENING_CHARS_MAX = 6
CERTAINLY_NONE = 0.97
_WORDS_FOR = {
    "none": ("traps",),
    "background": ("background", "kept"),
    "lifted": ("lifted",),
    "extended": ("extended",),
}
SURE_OF_A_TURN = 0.85
SURE_BESIDE = 0.85  # what a sentence without a word of sanctions takes beside one that has told of them
_PROGRAMME = re.compile(
    r"global magnitsky|magnitsk\w+|caatsa|magnitsky|ماغنيتسكي|магнитск\w+|executive order \d{5}"
    r"|e\.?o\.? ?\d{5}"
)


@dataclass(frozen=True)
class Reading:
    """A sentence, its score, and what it tells.

    `adds` to the act told before it: a sentence that lists names, or says what the measures do. `sums` up
    how many it was upon in all.
    """

    span: Span
    score: float
    sanctions: list[Sanction]
    adds: bool = False
    sums: bool = False


def read_sentence(
    sentence: ArticleSentence, words: Vocabulary, *, context: bool, published: date | None
) -> Reading | None:
    """The acts in one sentence, or `None` where it is not about sanctions."""
    if sentence.reading is not None:
        return _read_with_encoder(sentence, sentence.reading, words, context, published)
    cues = read_cues(sentence.text, words)
    if cues is None:
        return None
    score = relevance(cues, context=context)
    if score < RELEVANT:
        return None
    told = [_sanction(clause, sentence.span, published, score) for clause in _clauses(cues, published)]
    told = _turned(cues, told, lambda clause: _clause(clause, sentence.span, published, score))
    return Reading(
        sentence.span, score, told, adds=context and _adds(cues, told), sums=context and _sums(cues, told)
    )


def _read_with_encoder(
    sentence: ArticleSentence,
    reading: SentenceReading,
    words: Vocabulary,
    context: bool,
    published: date | None,
) -> Reading | None:
    if reading.acts[0] > CERTAINLY_NONE:
        return None
    cues = read_cues(sentence.text, words, needs_topic=False)
    if cues is None:
        return None
    score = relevance(cues, context=context)
    rules = decide_act(cues, _year(published))[0] if score >= RELEVANT and cues.topic() else "none"
    topical = bool(cues.topic())
    telling = rules in _WORDS_FOR and bool(cues.of(*_WORDS_FOR[rules]))
    telling = telling or (rules == "imposed" and bool(of_another_thing(cues)))  # which misleads the encoder
    unsaid = _unsaid(cues) if rules == "imposed" else []
    act, sure = weigh(reading.acts, rules, topical=topical, telling=telling, unsaid=unsaid)
    if act == "none" or (context and not topical and sure < SURE_BESIDE):
        return None
    parts = parts_of(reading, cues)

    def learned(clause: Cues) -> Sanction:
        return _learned(parts.within(clause), sentence.span, act, sure, published)

    told = [learned(clause) for clause in _clauses(cues, published, act)]
    aimed_at = [cues.folded.folded_span(*span)[0] for span in parts.spans["target"]]
    told = _turned(cues, told, learned, aimed_at)
    adds = context and _adds(cues, told)
    if adds and cues.of("listed", "among"):  # a list of names: states in it are no issuers
        told = [msgspec.structs.replace(one, issuers=[]) for one in told]
    return Reading(sentence.span, score, told, adds=adds, sums=context and _sums(cues, told))


def _unsaid(cues: Cues) -> list[str]:
    """The acts of which no word stands in a sentence. Chinese 将 is none: it leads to an object, too."""
    old = [act for act in OF_OLD if not cues.of(act)]
    leads = cues.vocabulary.language == "zh" and _LEADS_TO_AN_OBJECT.search(cues.folded.text)
    return [*old, "threatened_or_called_for"] if leads and not cues.of("threatened", "called") else old


def _turned(
    cues: Cues,
    told: list[Sanction],
    read: Callable[[Cues], Sanction],
    aimed_at: Sequence[int] = (),
) -> list[Sanction]:
    """Two acts in place of one that lifts or prolongs, where the sentence imposes other sanctions too; and
    what it leaves in force is no act.
    """
    if len(told) != 1 or told[0].act not in OF_OLD:
        return told
    turn = turn_of(cues, aimed_at)
    if turn is None:
        half = half_not_kept(cues)
        return (
            [msgspec.structs.replace(read(half), act=told[0].act, issuers=told[0].issuers)] if half else told
        )
    halves = zip(map(read, cues.parted(turn.at)), turn.acts, strict=True)
    return [
        msgspec.structs.replace(
            one,
            act=act,
            issuers=one.issuers or told[0].issuers,
            confidence=min(one.confidence, SURE_OF_A_TURN),
        )
        for one, act in halves
    ]


def _learned(parts: Parts, span: Span, act: str, sure: float, published: date | None) -> Sanction:
    cues = parts.cues
    counted = [] if act == "evasion_or_enforcement" else parts.counts()
    words = parts.words("date")
    if words and _reaches_back(cues, fold(words)):
        words = None
    told = told_date(words, cues.vocabulary.language) if words else None
    if act == "imposed" and words and published and is_long_ago(words, told, published):
        act = "background"
    return Sanction(
        act=act,  # type: ignore[arg-type] # one of them, since it is not none
        date=told,
        evidence=[span],
        confidence=round(min(0.98, sure), 2),
        issuers=parts.issuers(),
        targets=parts.targets(),
        counts=[one.count for one in counted],
        places=parts.places(),
        measures=measures(cues),
        programme=parts.words("ground"),
        reason=parts.words("reason") or reason(cues),
    )


def _year(published: date | None) -> int | None:
    return published.year if published else None


def _reaches_back(cues: Cues, words: str) -> bool:
    """Whether they are the date of another thing (`the largest list since 2022`)."""
    return any(cues.folded.text.startswith(words, hit.end + 1) for hit in of_another_thing(cues))


def lists_names(sentence: str, words: Vocabulary) -> bool:
    """`The list includes …`: of use after a sentence that told what list."""
    return any(hit.tag == "listed" for hit in words.lexicon.find(fold(sentence)))


def _adds(cues: Cues, told: list[Sanction]) -> bool:
    if any(hit.start <= _OPENING_CHARS_MAX for hit in cues.of("among")):
        return True  # whom it counts have been counted already
    if any(sanction.counts for sanction in told):
        return False
    return bool(cues.of("listed")) or not cues.of("terms", "weak", "listings")


def _sums(cues: Cues, told: list[Sanction]) -> bool:
    """`In all, 17 people and entities were hit`: no act beside that of the two firms told of before."""
    return bool(cues.of("altogether")) and all(one.act == "imposed" and not one.issuers for one in told)


def _sanction(cues: Cues, span: Span, published: date | None, score: float) -> Sanction:
    act, sure = decide_act(cues, _year(published))
    issuing = issuers(cues, told_as_done=_is_told_as_done(cues, act))
    aimed, located = targets_and_places(cues, issuing)
    counted = [] if act == "evasion_or_enforcement" else count_targets(cues)
    told_of = counted_targets(cues, counted) or [p for p in [named_target(cues, aimed)] if p]
    within = [p for p in aimed if any(p.text in told.text and p.text != told.text for told in told_of)]
    programme = _PROGRAMME.search(cues.folded.text)
    return Sanction(
        act=act,
        evidence=[span],
        confidence=round(min(0.98, sure * min(1.0, 0.75 + score / 10)), 2),
        issuers=issuing,
        targets=[*told_of, *(party for party in aimed if party not in within)],
        counts=[c.count for c in counted],
        places=[*located, *(p for p in within if any(told.text.startswith(p.text) for told in told_of))],
        measures=measures(cues),
        programme=cues.words(*programme.span()) if programme else None,
        reason=reason(cues),
    )


def _clause(clause: Cues, span: Span, published: date | None, score: float) -> Sanction:
    """One of two acts of one issuer, whom the rules find only in the whole sentence."""
    told = _sanction(_about_sanctions(clause), span, published, score)
    return msgspec.structs.replace(told, issuers=[])


def _is_told_as_done(cues: Cues, act: Act) -> bool:
    if act == "evasion_or_enforcement":
        return False
    if act == "threatened_or_called_for":
        return not cues.of("called")  # who calls for sanctions imposes none
    return act != "background" or bool(cues.of("imposed", "lifted") and not cues.of("refused"))


def _clauses(cues: Cues, published: date | None, act: str | None = None) -> list[Cues]:
    """The whole sentence, or two parts where another issuer imposes in the second."""
    for boundary in list(_boundaries(cues))[: -_BOUNDARIES_MAX - 1 : -1]:
        left, right = cues.parted(boundary)
        if _are_two_acts(left, right) and (act or decide_act(left, _year(published))[0]) == "imposed":
            return [left, right]
    return [cues]


def _boundaries(cues: Cues) -> Iterator[int]:
    if len({role.entity for role in place_roles(cues)}) < 2:
        return
    verbs = cues.of("imposed", "announced")
    if len(verbs) < 2:
        return
    for match in _CLAUSE.finditer(cues.folded.text):
        if verbs[0].end <= match.start() and match.end() <= verbs[-1].end:
            yield match.start()


def _are_two_acts(left: Cues, right: Cues) -> bool:
    if not left.topic() or not left.of("imposed", "announced") or not right.of("imposed", "announced"):
        return False
    if right.of("threatened", "refused", "participles") and not right.of("imposed"):
        return False
    first = {party.entity for party in issuers(left)}
    second = {party.entity for party in _subject(right)}
    return bool(first) and bool(second) and not first & second and bool(count_targets(right))


def _subject(cues: Cues) -> list[Party]:
    return issuers(_about_sanctions(cues))


def _about_sanctions(clause: Cues) -> Cues:
    """A clause that leaves `sanctions` out: its verb stands for the topic."""
    if clause.topic():
        return clause
    verbs = clause.of("imposed", "announced", "adding") or clause.of(*OF_OLD)
    hits = {**clause.hits, "terms": verbs[:1]}
    return replace(clause, hits=hits)
