"""The sanctions stage: fills `article.sanctions`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from processors.events.sentences import sentences
from processors.language import LanguageStage
from processors.sanctions.merge import merge_readings
from processors.sanctions.reading import Reading, read_sentence
from processors.sanctions.vocabulary import Vocabulary, vocabulary
from schemas.article import Article, Clean, Field, Mention, Party, Sanction, Span

_YEAR = re.compile(r"\d{4}")
_SENTENCE_CHARS_MIN = 4
_READINGS_MAX = 300  # no article tells more; a text that seems to is hostile


class SanctionsStage:
    """Reads each sentence of title and text for acts of sanctions, and tells each act once."""

    name = "sanctions"

    def __call__(self, article: Article) -> Article:
        """The article with `sanctions`; none where its language has no vocabulary."""
        words = vocabulary(language_of(article)) if article.clean else None
        readings = list(islice(_readings(article, words), _READINGS_MAX)) if words else []
        records = [_with_names(article, record) for record in merge_readings(readings)]
        return msgspec.structs.replace(article, sanctions=records)


def language_of(article: Article) -> str:
    """The article's language; identified here where no stage has."""
    if article.language is None:
        clean = article.clean or Clean(text=article.raw.content)
        identified = LanguageStage()(msgspec.structs.replace(article, clean=clean))
        if isinstance(identified, Article) and identified.language:
            return identified.language.code
        return "und"
    return article.language.code


def spans_of_sentences(article: Article) -> Iterator[tuple[Span, str]]:
    """The sentences of title and text, with their words."""
    fields: tuple[Field, ...] = ("title", "text")
    for name in fields:
        text = article.field_text(name)
        for start, end in sentences(text):
            if end - start >= _SENTENCE_CHARS_MIN:
                yield Span(field=name, start=start, end=end), text[start:end]


def _readings(article: Article, words: Vocabulary) -> Iterator[Reading]:
    year = _published_year(article)
    context = False
    for span, sentence in spans_of_sentences(article):
        reading = read_sentence(sentence, span, words, context=context, published_year=year)
        if reading:
            context = True
            yield reading


def _published_year(article: Article) -> int | None:
    stamp = article.clean.published_at if article.clean else None
    match = _YEAR.match(stamp or "")
    return int(match.group()) if match else None


def _with_names(article: Article, record: Sanction) -> Sanction:
    """Named people and organisations of the evidence, as targets; issuers are none."""
    if record.act == "background" or not article.mentions:
        return record
    issuing = [party.text for party in record.issuers]
    named = [
        Party(text=words, name=m.entity.name if m.entity else None, entity=m.entity.id if m.entity else None)
        for m in article.mentions
        if m.type in {"PER", "ORG"} and _is_inside(m, record)
        for words in [article.field_text(m.field)[m.start : m.end]]
        if not any(words in own or own in words for own in issuing)
    ]
    known = {party.text for party in record.targets}
    return msgspec.structs.replace(
        record, targets=[*record.targets, *(party for party in named if party.text not in known)]
    )


def _is_inside(mention: Mention, record: Sanction) -> bool:
    return any(
        span.field == mention.field and span.start <= mention.start and mention.end <= span.end
        for span in record.evidence
    )
