"""The events stage: fills `article.events` with PLOVER types, sentence by sentence.

Triggers come from a lexicon of ten languages; the longest trigger of a type stands for it. Actors and
targets are the states and bodies before and after the trigger (in Arabic, whose verb comes first, after
it). A sentence that dates itself to an earlier year is background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml

from processors.events.lexicon import Hit, Lexicon
from processors.events.places import LANGUAGES, Place, body_name, entity_name, find_places
from processors.sentences import sentences
from processors.folding import Folded, fold_with_offsets
from schemas.article import Article, Event, EventType, Field, Party, Span

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_CONFIDENCE, _WITH_PARTIES, _BACKGROUND = 0.5, 0.15, 0.1
_PARTIES_MAX = 4
_SENTENCE_CHARS_MIN = 4


class EventsStage:
    """Names what each sentence tells, with the words that tell it."""

    name = "events"

    def __call__(self, article: Article) -> Article:
        """The article with `events`; none where its language has no lexicon."""
        language = article.language.code if article.language else "und"
        events = list(_events(article, language)) if language in LANGUAGES else []
        return msgspec.structs.replace(article, events=events)


def _events(article: Article, language: str) -> Iterator[Event]:
    year = int(stamp[:4]) if (stamp := _published(article)) and stamp[:4].isdecimal() else None
    fields: tuple[Field, ...] = ("title", "text")
    for field in fields:
        text = article.field_text(field)
        for start, end in sentences(text):
            if end - start >= _SENTENCE_CHARS_MIN:
                yield from _events_of(
                    text[start:end], Span(field=field, start=start, end=end), language, year
                )


def _published(article: Article) -> str | None:
    return article.clean.published_at if article.clean else None


def _events_of(sentence: str, span: Span, language: str, year: int | None) -> Iterator[Event]:
    folded = fold_with_offsets(sentence)
    triggers = _best_by_type(_lexicon(language).find(folded.text))
    if not triggers:
        return
    places = [place for place in find_places(sentence, folded, language) if place.entity]
    background = _is_background(folded.text, year)
    for kind, hit in triggers.items():
        start, end = folded.span(hit.start, hit.end)
        actors, targets = _parties(sentence, folded, places, hit, language)
        confidence = _CONFIDENCE + _WITH_PARTIES * (bool(actors) + bool(targets)) - _BACKGROUND * background
        yield Event(
            type=kind,
            trigger=Span(field=span.field, start=span.start + start, end=span.start + end),
            sentence=span,
            confidence=round(confidence, 2),
            actors=actors,
            targets=targets,
            background=background,
        )


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
