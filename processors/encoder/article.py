"""The sentences of an article, with what the encoder reads in each, where there is one to load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from processors.encoder.telling import SentenceReading
from processors.sentences import sentences
from schemas.article import Article, Field, Span

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

FIELDS: tuple[Field, ...] = ("title", "text")
SENTENCE_CHARS_MIN = 4
READ_LETTERS_MAX = 160_000
LINE_END = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class ArticleSentence(NamedTuple):
    """A sentence, where it stands, and what the encoder read in it, at offsets of the sentence itself.

    No reading without an encoder, nor beyond the first 160,000 letters of a text.
    """

    span: Span
    text: str
    reading: SentenceReading | None


def article_sentences(article: Article, encoder: Encoder | None) -> Iterator[ArticleSentence]:
    """The sentences of title and text. Lines that the encoder has read lately cost nothing again."""
    for field in FIELDS:
        text = article.field_text(field)
        readings = _readings(text, encoder) if encoder else {}
        for start, end in sentences(text):
            if end - start >= SENTENCE_CHARS_MIN:
                span = Span(field=field, start=start, end=end)
                yield ArticleSentence(span, text[start:end], readings.get((start, end)))


def _readings(text: str, encoder: Encoder) -> dict[tuple[int, int], SentenceReading]:
    """What was read in each sentence, by its span in the text."""
    starts, lines = [0], LINE_END.split(text)
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    read = len(list(takewhile(lambda start: start < READ_LETTERS_MAX, starts[:-1])))
    return {
        (start + told.start, start + told.end): told
        for start, line in zip(starts, encoder.read(lines[:read]), strict=False)
        for told in line.sentences
    }
