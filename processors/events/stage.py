"""The events stage: fills `article.events` with PLOVER types, sentence by sentence.

The encoder says how likely each type is and what words tell it; a lexicon of ten languages is a second
witness, and the only one where there is no encoder. Who acts, and on whom, is read off the grammar around
the names (`parties.py`); how, off a word near the trigger (`modes.py`). A sentence that is recalled history,
or dates itself to an earlier year, is background.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import yaml

from processors.encoder.article import FIELDS, ArticleSentence, article_sentences
from processors.encoder.telling import SentenceReading
from processors.events.groups import Group, cast
from processors.events.history import is_recalled
from processors.events.lexicon import Hit, Lexicon
from processors.events.modes import mode_of
from processors.events.parties import parties
from processors.events.places import LANGUAGES
from processors.folding import Folded, fold_with_offsets
from schemas.article import Article, Event, EventType, Field, Mention, Span

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

_LEXICON_ALONE, _LEXICON_WORTH = 0.6, 1.5
_HISTORY, _ODDS_MAX = 0.5, 0.999
_TOLD_LATER_WORTH = 0.8


class EventsStage:
    """Names what each sentence tells, with the words that tell it."""

    name = "events"

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def __call__(self, article: Article) -> Article:
        """The article with `events`; none where its language has no lexicon."""
        language = article.language.code if article.language else "und"
        known = language in LANGUAGES
        sentences = article_sentences(article, self._encoder) if known else iter(())
        year = int(stamp[:4]) if (stamp := _published(article)) and stamp[:4].isdecimal() else None
        mentions: dict[Field, list[Mention]] = {
            field: [mention for mention in article.mentions if mention.field == field] for field in FIELDS
        }
        events = [
            event
            for sentence in sentences
            for event in _events_of(
                sentence, _within(mentions[sentence.span.field], sentence.span), language, year
            )
        ]
        return msgspec.structs.replace(article, events=events)


def _published(article: Article) -> str | None:
    return article.clean.published_at if article.clean else None


def _within(mentions: Sequence[Mention], sentence: Span) -> list[Mention]:
    """The mentions of a sentence, at offsets of its own; those of a field stand in order."""
    first = bisect_left(mentions, sentence.start, key=lambda mention: mention.start)
    last = bisect_left(mentions, sentence.end, key=lambda mention: mention.start)
    return [
        msgspec.structs.replace(one, start=one.start - sentence.start, end=one.end - sentence.start)
        for one in mentions[first:last]
        if one.end <= sentence.end
    ]


def _events_of(
    sentence: ArticleSentence, mentions: Sequence[Mention], language: str, year: int | None
) -> Iterator[Event]:
    span, text, reading = sentence
    folded = fold_with_offsets(text)
    hits = _lexicon(language).find(folded.text)
    triggers = _weighed(reading, hits, folded) if reading else _by_lexicon(hits)
    if not triggers:
        return
    told = cast(text, folded, mentions, language)
    background = (reading is not None and reading.history > _HISTORY) or is_recalled(
        folded.text, year, language
    )
    busy: list[Group] = []
    for trigger in triggers:
        where = (trigger.hit.start, trigger.hit.end)
        start, end = folded.span(*where)
        roles = parties(told, trigger.type, where, busy)
        busy += roles.done_to
        yield Event(
            type=trigger.type,
            mode=mode_of(folded.text, trigger.type, where, language),
            trigger=Span(field=span.field, start=span.start + start, end=span.start + end),
            sentence=span,
            confidence=round(trigger.confidence, 2),
            actors=roles.actors,
            targets=roles.targets,
            background=background,
        )


class _Trigger(NamedTuple):
    """A type of event, the folded words that tell it, how sure we are that the sentence tells it (0–1)."""

    type: EventType
    hit: Hit
    confidence: float


def _by_lexicon(hits: list[Hit]) -> list[_Trigger]:
    kinds: set[EventType] = {hit.tag for hit in hits}  # type: ignore[misc]
    longest = {kind: max((h for h in hits if h.tag == kind), key=lambda h: h.end - h.start) for kind in kinds}
    return _in_order(_Trigger(kind, hit, _LEXICON_ALONE) for kind, hit in longest.items())


def _weighed(reading: SentenceReading, hits: list[Hit], folded: Folded) -> list[_Trigger]:
    """Types that encoder and lexicon make likely together: a word of the lexicon raises the odds.

    The lexicon's word nearest to where the encoder looked is what tells the event, else where it looked.
    """
    found = []
    for one in reading.happenings:
        same = [hit for hit in hits if hit.tag == one.type]
        odds = one.odds / (1 - min(one.odds, _ODDS_MAX)) * (_LEXICON_WORTH if same else 1)
        if odds > 1:
            seen = Hit(one.type, *folded.folded_span(one.start, one.end))
            where = min(same, key=partial(_distance, seen), default=seen)
            if where.start < where.end:  # what folding drops tells nothing
                found.append(_Trigger(one.type, where, odds / (1 + odds)))
    return _in_order(found)


def _distance(seen: Hit, hit: Hit) -> tuple[int, int]:
    """How far a hit is from what was seen, in letters; of hits as near, the longer first."""
    return max(0, hit.start - seen.end, seen.start - hit.end), hit.start - hit.end


def _in_order(triggers: Iterable[_Trigger]) -> list[_Trigger]:
    """As told: what a sentence tells first is its news, what comes later, more and more in passing."""
    ordered = sorted(triggers, key=lambda one: (one.hit.start, -one.confidence, -one.hit.end, one.type))
    starts = sorted({trigger.hit.start for trigger in ordered})
    return [
        one._replace(confidence=one.confidence * _TOLD_LATER_WORTH ** starts.index(one.hit.start))
        for one in ordered
    ]


@cache
def _lexicon(language: str) -> Lexicon:
    text = (resources.files(__package__) / "triggers.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return Lexicon(
        {kind: [word.strip() for word in row.get(language, "").split(",")] for kind, row in table.items()}
    )
