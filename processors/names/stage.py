"""The names stage: people, organisations and places, with exact spans and, where known, who they are."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from processors.folding import Folded, fold_with_offsets
from processors.names.compose import Found, institutions
from processors.names.gazetteer import Hit, gazetteer, only
from processors.names.hub import TokenClassifier
from processors.names.persons import given_names, people
from processors.names.short_forms import short_forms
from schemas.article import Article, Field, Mention

_KNOWN = 0.9
_KNOWN_BY_ONE_WORD = 0.8


class NamesStage:
    """Fills `mentions`, in the title and then in the text, in order and without overlap.

    `model` is `builtin` (known names and the words around names, in ten languages; in others the states
    of CLDR), or a hub id or folder of a token classifier (see `processors.names.hub`).
    """

    name = "names"

    def __init__(self, model: str = "builtin") -> None:
        self._model: TokenClassifier | None = None
        if model != "builtin":
            self._model = TokenClassifier(model)

    def __call__(self, article: Article) -> Article:
        """The article with `mentions`."""
        code = article.language.code if article.language else "und"
        find = self._model.mentions if self._model else builtin_mentions
        mentions = find(article.field_text("title"), article.field_text("text"), code)
        return msgspec.structs.replace(article, mentions=mentions)

    def apply_batch(self, articles: Sequence[Article]) -> list[Article]:
        """Each article with its mentions."""
        return [self(article) for article in articles]


def builtin_mentions(title: str, text: str, language: str) -> list[Mention]:
    """The mentions that known names and the words around names give, offsets into `title` and `text`."""
    names = gazetteer(language)
    fields: list[tuple[Field, str, Folded, list[Found]]] = []
    for field, content in (("title", title), ("text", text)):
        folded = fold_with_offsets(content)
        hits = names.hits(folded, content)
        found = _known(folded.text, hits)
        found += institutions(folded.text, hits, language)
        found += people(folded, content, hits, language)
        fields.append((field, content, folded, _apart(found, len(folded.text))))  # type: ignore[arg-type]
    named = [
        (folded.text[one.start : one.end], one)
        for _, _, folded, found in fields
        for one in found
        if one.type == "PER"
    ]
    mentions: list[Mention] = []
    for field, content, folded, found in fields:
        again = short_forms(folded, content, named, names, given_names(language))
        for one in _apart(found, len(folded.text), fill=again):
            start, end = folded.span(one.start, one.end)
            mentions.append(
                Mention(
                    field=field,
                    start=start,
                    end=end,
                    type=one.type,
                    confidence=one.confidence,
                    entity=one.entity,
                )
            )
    return mentions


def _known(text: str, hits: list[Hit]) -> list[Found]:
    return [
        Found(
            hit.start,
            hit.end,
            hit.form.kind,  # type: ignore[arg-type]
            _KNOWN if hit.form.kind != "PER" or " " in text[hit.start : hit.end] else _KNOWN_BY_ONE_WORD,
            hit.form.entity,
            hit.form.family_first,
        )
        for hit in only(hits, "PER", "ORG", "LOC")
    ]


def _apart(found: list[Found], length: int, fill: Sequence[Found] = ()) -> list[Found]:
    """The longest of what overlaps, a known person before a guess; then what of `fill` has room."""
    taken = bytearray(length)
    kept: list[Found] = []
    ranked = sorted(found, key=_rank)
    for one in [*ranked, *fill]:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _rank(one: Found) -> tuple[bool, int, float, int]:
    guessed = one.type == "PER" and one.entity is None
    return guessed, one.start - one.end, -one.confidence, one.start
