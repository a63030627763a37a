"""Whom or what a searcher's words mean, so that one name finds every script and spelling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from processors.folding import fold_with_offsets
from processors.language.scripts import script_code, script_counts
from processors.names.cities import city
from processors.names.entities import full_name, is_full
from processors.names.gazetteer import gazetteer, only
from schemas.article import Entity

NAME_LETTERS_MAX = 80
_LANGUAGES = {
    "Latn": ("en", "fr", "es", "de", "tr"),
    "Arab": ("ar", "fa"),
    "Cyrl": ("ru",),
    "Hang": ("ko",),
    "Hani": ("zh",),
}
_OPERATORS = frozenset('|-+*"()~')


def ids_meant(query: str) -> tuple[str, ...]:
    """The ids of the entities that a query consisting of one name may mean; none where it is no name."""
    return tuple(entity.id for entity in entities_meant(query))


@lru_cache(maxsize=10_000)
def entities_meant(query: str) -> tuple[Entity, ...]:
    """The entities that a query consisting of one name may mean, by id; none where it is no name.

    A state, body, city or person we know in any of our languages; else a large city of the world, and of two
    words or more, the person whom an article would give this name's id.
    """
    words = query.strip().strip('"')
    if not words or len(words) > NAME_LETTERS_MAX or _OPERATORS & set(words.replace("-", "", 3)):
        return ()
    folded = fold_with_offsets(words)
    known = {
        hit.form.entity.id: hit.form.entity
        for language in _LANGUAGES.get(script_code(script_counts(words)) or "", ())
        for hit in only(gazetteer(language).hits(folded, words), "PER", "ORG", "LOC")
        if hit.form.entity and (hit.start, hit.end) == (0, len(folded.text))
    }
    if not known:
        known = {entity.id: entity for entity in _city_or_person(words)}
    return tuple(known[entity_id] for entity_id in sorted(known))


def _city_or_person(words: str) -> Iterator[Entity]:
    languages = _LANGUAGES.get(script_code(script_counts(words)) or "", ())
    found = next((one for language in languages if (one := city(words, language))), None)
    if found is not None:
        yield found
    if is_full(words):
        yield full_name(words)
