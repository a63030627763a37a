"""The sanctions stage: fills `article.sanctions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from processors.encoder.article import ArticleSentence, article_sentences
from processors.language import LanguageStage
from processors.sanctions.merge import merge_readings
from processors.sanctions.named import identified, names_of, with_names
from processors.sanctions.reading import Reading, lists_names, read_sentence
from processors.sanctions.vocabulary import Vocabulary, vocabulary
from schemas.article import Article, Clean, Sanction, Span

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

_SURE, _GUESS = 0.8, 0.5
# A ministry without a state, in a language that one state's outlets write.
_HOMES = {"fa": "state:IR", "ko": "state:KR", "ru": "state:RU", "tr": "state:TR", "zh": "state:CN"}
_READINGS_MAX = 300  # no article tells more; a text that seems to is hostile


class SanctionsStage:
    """Reads each sentence of title and text for acts of sanctions, and tells each act once.

    With an encoder its readings and the rules decide together; without, the rules alone.
    """

    name = "sanctions"

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def __call__(self, article: Article) -> Article:
        """The article with `sanctions`; none where its language has no vocabulary."""
        words = vocabulary(language_of(article)) if article.clean else None
        sentences = article_sentences(article, self._encoder) if words else iter(())
        readings = list(islice(_readings(article, sentences, words), _READINGS_MAX)) if words else []
        names = names_of(article, words) if words and readings else frozenset()
        told = merge_readings(readings, _HOMES.get(words.language), names) if words else []
        if words and self._encoder:
            told = [identified(article, record, words) for record in told]
        elif words:
            told = [with_names(article, record, words) for record in told]
        return msgspec.structs.replace(
            article, sanctions=[_best_first(article, record) for record in _credible(told)]
        )


def language_of(article: Article) -> str:
    """The article's language; identified here where no stage has."""
    if article.language is None:
        clean = article.clean or Clean(text=article.raw.content)
        identified = LanguageStage()(msgspec.structs.replace(article, clean=clean))
        if isinstance(identified, Article) and identified.language:
            return identified.language.code
        return "und"
    return article.language.code


def _readings(article: Article, sentences: Iterable[ArticleSentence], words: Vocabulary) -> Iterator[Reading]:
    published = _published(article)
    context = False
    for sentence in sentences:
        reading = read_sentence(sentence, words, context=context, published=published)
        if reading is None and context and lists_names(sentence.text, words):
            reading = Reading(sentence.span, 0.0, [], adds=True)
        if reading:
            context = True
            yield reading


def _published(article: Article) -> date | None:
    stamp = article.clean.published_at if article.clean else None
    try:
        return date.fromisoformat((stamp or "")[:10])
    except ValueError:
        return None


def _credible(records: list[Sanction]) -> list[Sanction]:
    """Beside an act that is surely told, guesses are left out; a lone guess stays, for what it is worth."""
    sure = any(record.confidence >= _SURE for record in records)
    return [r for r in records if r.confidence >= _GUESS] if sure else records


def _best_first(article: Article, record: Sanction) -> Sanction:
    """The evidence with the sentence first that tells most: its numbers and targets, the body's rather."""

    def told(span: Span) -> tuple[float, int]:
        words = article.quote(span)
        counts = sum(count.text in words or bool(_number(count.n).search(words)) for count in record.counts)
        names = sum(party.text in words for party in [*record.targets, *record.issuers])
        return -(2 * counts + min(names, 2) + 2.5 * (span.field == "text")), span.start

    best = min(record.evidence, key=told)
    return msgspec.structs.replace(record, evidence=[best, *(e for e in record.evidence if e != best)])


def _number(n: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d){n}(?!\d)")
