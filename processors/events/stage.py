"""The events stage: fills `article.events` with PLOVER types, sentence by sentence.

The encoder says how likely each type is and what words tell it; a lexicon of ten languages is a second
witness, and the only one where there is no encoder. Who acts, and on whom, is read off the grammar around
the names (`parties.py`); how, off a word near the trigger (`modes.py`). A sentence that is recalled history,
or dates itself to an earlier year, is background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import msgspec
import yaml

from processors.encoder.article import ArticleSentence, article_sentences
from processors.encoder.reading import Encoder
from processors.encoder.telling import SentenceReading
from processors.events.groups import Group, cast
from processors.events.lexicon import Hit, Lexicon
from processors.events.modes import mode_of
from processors.events.parties import parties
from processors.events.places import LANGUAGES
from processors.folding import Folded, fold_with_offsets
from schemas.article import Article, Event, EventType, Mention, Span

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_LEXICON_ALONE, _LEXICON_WORTH = 0.6, 2.0
_HISTORY, _ODDS_MAX = 0.5, 0.999


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
        events = [
            event
            for sentence in sentences
            for event in _events_of(sentence, _within(article.mentions, sentence.span), language, year)
        ]
        return msgspec.structs.replace(article, events=events)


def _published(article: Article) -> str | None:
    return article.clean.published_at if article.clean else None


def _within(mentions: Sequence[Mention], sentence: Span) -> list[Mention]:
    """The mentions of a sentence, at offsets of its own."""
    return [
        msgspec.structs.replace(
            mention, start=mention.start - sentence.start, end=mention.end - sentence.start
        )
        for mention in mentions
        if mention.field == sentence.field and sentence.start <= mention.start and mention.end <= sentence.end
    ]


def _events_of(
    sentence: ArticleSentence, mentions: Sequence[Mention], language: str, year: int | None
) -> Iterator[Event]:
    span, text, reading = sentence
    folded = fold_with_offsets(text)
    hits = _best_by_type(_lexicon(language).find(folded.text))
    triggers = _weighed(reading, hits, folded) if reading else _by_lexicon(hits)
    if not triggers:
        return
    told = cast(text, folded, mentions, language)
    background = (reading is not None and reading.history > _HISTORY) or _is_background(folded.text, year)
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
    """A type of event, the folded words that tell it, and how sure we are (0–1)."""

    type: EventType
    hit: Hit
    confidence: float


def _by_lexicon(hits: dict[EventType, Hit]) -> list[_Trigger]:
    return [_Trigger(kind, hit, _LEXICON_ALONE) for kind, hit in hits.items()]


def _weighed(reading: SentenceReading, hits: dict[EventType, Hit], folded: Folded) -> list[_Trigger]:
    """Types that encoder and lexicon make likely together: a word of the lexicon raises the odds."""
    found = []
    for one in reading.happenings:
        hit = hits.get(one.type)
        odds = one.odds / (1 - min(one.odds, _ODDS_MAX)) * (_LEXICON_WORTH if hit else 1)
        if odds > 1:
            where = hit or Hit(one.type, *folded.folded_span(one.start, one.end))
            found.append(_Trigger(one.type, where, odds / (1 + odds)))
    return sorted(found, key=lambda trigger: trigger.hit.start)


def _best_by_type(hits: list[Hit]) -> dict[EventType, Hit]:
    best: dict[EventType, Hit] = {}
    for hit in hits:
        kind: EventType = hit.tag  # type: ignore[assignment]
        if kind not in best or hit.end - hit.start > best[kind].end - best[kind].start:
            best[kind] = hit
    return best


def _is_background(folded: str, year: int | None) -> bool:
    years = [int(match.group()) for match in _YEAR.finditer(folded)]
    return bool(years) and (year is None or max(years) < year)


@cache
def _lexicon(language: str) -> Lexicon:
    text = (resources.files(__package__) / "triggers.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return Lexicon(
        {kind: [word.strip() for word in row.get(language, "").split(",")] for kind, row in table.items()}
    )
