"""The events stage: fills `article.events` with PLOVER types, sentence by sentence.

The encoder says how likely each type is and what words tell it; a lexicon of ten languages is a second
witness, and the only one where there is no encoder. Actors and targets are the states and bodies before
and after the trigger (in Arabic, whose verb comes first, after it). A sentence that is recalled history,
or dates itself to an earlier year, is background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import msgspec
import yaml

from processors.encoder.article import ArticleSentence, article_sentences
from processors.encoder.reading import Encoder
from processors.encoder.telling import SentenceReading
from processors.events.lexicon import Hit, Lexicon
from processors.events.places import LANGUAGES, Place, body_name, entity_name, find_places
from processors.folding import Folded, fold_with_offsets
from schemas.article import Article, Event, EventType, Party, Span

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_LEXICON_ALONE, _LEXICON_WORTH = 0.6, 2.0
_HISTORY, _ODDS_MAX = 0.5, 0.999
_PARTIES_MAX = 4


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
        events = [event for sentence in sentences for event in _events_of(sentence, language, year)]
        return msgspec.structs.replace(article, events=events)


def _published(article: Article) -> str | None:
    return article.clean.published_at if article.clean else None


def _events_of(sentence: ArticleSentence, language: str, year: int | None) -> Iterator[Event]:
    span, text, reading = sentence
    folded = fold_with_offsets(text)
    hits = _best_by_type(_lexicon(language).find(folded.text))
    triggers = _weighed(reading, hits, folded) if reading else _by_lexicon(hits)
    if not triggers:
        return
    places = [place for place in find_places(text, folded, language) if place.entity]
    background = (reading is not None and reading.history > _HISTORY) or _is_background(folded.text, year)
    for trigger in triggers:
        start, end = folded.span(trigger.hit.start, trigger.hit.end)
        actors, targets = _parties(text, folded, places, trigger.hit, language)
        yield Event(
            type=trigger.type,
            trigger=Span(field=span.field, start=span.start + start, end=span.start + end),
            sentence=span,
            confidence=round(trigger.confidence, 2),
            actors=actors,
            targets=targets,
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


def _parties(
    sentence: str, folded: Folded, places: list[Place], trigger: Hit, language: str
) -> tuple[list[Party], list[Party]]:
    before = [place for place in places if place.end <= trigger.start]
    after = [place for place in places if place.start >= trigger.end]
    if language == "ar" and not before:
        length = _coordinated(folded.text, after)
        before, after = after[:length], after[length:]
    return _named(sentence, folded, before), _named(sentence, folded, after)


def _coordinated(folded: str, places: list[Place]) -> int:
    """How many of the first places are one subject: `الولايات المتحدة وكوريا الجنوبية`."""
    length = min(1, len(places))
    while length < len(places) and folded[places[length - 1].end : places[length].start] in {
        " و",
        " و ",
        "، و",
    }:
        length += 1
    return length


def _named(sentence: str, folded: Folded, places: list[Place]) -> list[Party]:
    parties: dict[str, Party] = {}
    for place in places:
        if place.entity and place.entity not in parties:
            name = body_name(place.role, place.entity) if place.role else entity_name(place.entity)
            words = sentence[slice(*folded.span(place.start, place.end))]
            parties[place.entity] = Party(text=words, name=name, entity=place.entity)
    return list(parties.values())[:_PARTIES_MAX]


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
