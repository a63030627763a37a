"""The names stage: people, organisations and places, with exact spans and, where known, who they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from processors.folding import fold_with_offsets
from processors.language.stage import language_of
from processors.meaning import EMBEDDING_MODEL
from processors.names.cities import placed
from processors.names.completion import Name, completed, known_names
from processors.names.datelines import without_datelines
from processors.names.entities import identified
from processors.names.gazetteer import gazetteer
from processors.names.known_only import known_only
from processors.names.metonyms import is_metonym
from processors.names.proclitics import bare_names
from processors.names.recogniser import Recogniser, TextReading
from schemas.article import Article, Embedding, Field, Mention

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

FIELDS: tuple[Field, ...] = ("title", "text")
KEPT_MB = 64


class NamesStage:
    """Fills `mentions`, in the title and then in the text, in order and without overlap, and `embedding`.

    `model` is `builtin` (the tuned encoder), `gazetteer` (known names and the words around names, without
    a model), or a hub id or folder of a token classifier (see `processors.names.hub`). `threads` is how
    many cores a model may take at once, `kept_mb` the memory for what the built-in one read lately. Raises
    `ModelError` where the model can't be used.
    """

    name = "names"

    def __init__(self, model: str = "builtin", threads: int = 1, kept_mb: int = KEPT_MB) -> None:
        self._recogniser = recogniser(model, threads, kept_mb)

    def __call__(self, article: Article) -> Article:
        """The article with `mentions` and, of the built-in model, `embedding`."""
        return self.apply_batch([article])[0]

    def apply_batch(self, articles: Sequence[Article]) -> list[Article]:
        """Each article with its mentions; a model sees the lines of all of them together."""
        texts = [article.field_text(field) for article in articles for field in FIELDS]
        if self._recogniser is None:
            return [_annotated(article, None) for article in articles]
        readings = self._recogniser(texts)
        return [_annotated(article, readings[2 * i : 2 * i + 2]) for i, article in enumerate(articles)]


def recogniser(model: str, threads: int = 1, kept_mb: int = KEPT_MB) -> Recogniser | None:
    """What `names.model` asks for; `None` for known names alone. Raises `ModelError`."""
    if model == "gazetteer":
        return None
    from processors.names.hub import TokenClassifier

    if model != "builtin":
        return TokenClassifier(model, threads)
    from processors.names.builtin import Builtin

    return Builtin(installed_encoder(threads, kept_mb))


def installed_encoder(threads: int = 1, kept_mb: int = KEPT_MB) -> Encoder:
    """The process's own encoder, with memory for what it read lately.

    Raises `ModelError` where it is not installed.
    """
    from processors.encoder.packed import EncoderMissingError
    from processors.encoder.reading import encoder
    from processors.names.hub import ModelError

    try:
        return encoder(threads, kept_mb * 1024 * 1024)
    except EncoderMissingError as error:
        raise ModelError(str(error)) from error


def known_mentions(title: str, text: str, language: str) -> list[Mention]:
    """The mentions that known names and the words around names give, offsets into `title` and `text`."""
    return _mentions((title, text), language, None)


def _annotated(article: Article, readings: Sequence[TextReading] | None) -> Article:
    contents = tuple(article.field_text(field) for field in FIELDS)
    language = article.language or language_of("\n".join(contents).splitlines())
    code = language.code if language else "und"
    return msgspec.structs.replace(
        article,
        mentions=_mentions(contents, code, readings),
        embedding=_embedding(readings) if readings else None,
    )


def _mentions(
    contents: Sequence[str], language: str, readings: Sequence[TextReading] | None
) -> list[Mention]:
    known = gazetteer(language)
    folded = [fold_with_offsets(content) for content in contents]
    fields = [(one, content, known.hits(one, content)) for one, content in zip(folded, contents, strict=True)]
    names = (
        known_only(fields, language)
        if readings is None
        else [
            completed(reading.guesses, known_names(one, hits, language))
            for reading, (one, _, hits) in zip(readings, fields, strict=True)
        ]
    )
    if language == "ar" and readings is not None:
        names = bare_names(list(zip(contents, names, strict=True)))
    if language == "zh":
        names = [without_datelines(*field) for field in zip(contents, names, strict=True)]
    return _with_entities(contents, placed(list(zip(contents, names, strict=True)), language), language)


def _with_entities(contents: Sequence[str], names: Sequence[Sequence[Name]], language: str) -> list[Mention]:
    entities = identified(list(zip(contents, names, strict=True)))
    return [
        Mention(
            field=field,
            start=name.start,
            end=name.end,
            type=name.type,
            confidence=name.confidence,
            entity=entity,
            metonym=name.type == "LOC"
            and is_metonym(content, name.start, name.end, entity.id if entity else None, language),
        )
        for field, content, found, who in zip(FIELDS, contents, names, entities, strict=True)
        for name, entity in zip(found, who, strict=True)
    ]


def _embedding(readings: Sequence[TextReading]) -> Embedding | None:
    """The mean of title and text, by their pieces, at unit length."""
    parts = [reading.embedding for reading in readings if reading.embedding is not None]
    if not parts:
        return None
    total = np.sum(parts, axis=0)
    length = float(np.linalg.norm(total)) or 1.0
    return Embedding(model=EMBEDDING_MODEL, values=(total / length).astype("<f2").tobytes())
