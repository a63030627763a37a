"""What a question says, as typed Elasticsearch queries. Pure.

The searcher's words go in as values and never as syntax: no query string, no script, no regular expression.
A word is looked for as written and as the languages of its script inflect it; quoted words only as written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from schemas.article import Entity
from sinks.elasticsearch.query.fields import FIELDS, SearchField
from sinks.elasticsearch.query.moments import moment
from sinks.elasticsearch.query.syntax import (
    All,
    Begin,
    Either,
    Field,
    Node,
    Not,
    Phrase,
    QueryError,
    Range,
    Words,
)

Query = dict[str, Any]
Meant = Callable[[str], Sequence[Entity]]
"""Whom or what a name may mean, in any script; nobody where it is no name."""

TITLE_BOOST = 3
NAME_WORDS_MAX = 4
LESSER_CITIES = "city:geonames-"
_LANGUAGES = {
    "LATIN": ("de", "en", "es", "fr", "id", "it", "pt", "tr"),
    "ARABIC": ("ar", "fa"),
    "CYRILLIC": ("ru",),
    "DEVANAGARI": ("hi",),
    "HANGUL": ("ko",),
    "CJK": ("ja", "ko", "zh"),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
}
_UNSPACED = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))


def nobody(_: str) -> Sequence[Entity]:
    """Names mean nobody in particular."""
    return ()


@dataclass(frozen=True)
class Reading:
    """How a question is read: in articles of which language (any without one), whom names mean, and when."""

    language: str | None = None
    meant: Meant = nobody
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


def clause(node: Node, reading: Reading) -> Query:  # noqa: PLR0911 - a return a kind of node
    """The query for what was parsed. Raises `QueryError` for values that a field can't have."""
    match node:
        case Words():
            return _all(_words(node, reading))
        case Phrase(text=text):
            return _either([_phrase(text, ("title", "text")), *_named(_known(text, reading.meant))])
        case Begin(stem=stem):
            return _begin(stem, ("title", "text"))
        case Not(node=inner):
            return {"bool": {"must_not": [clause(inner, reading)]}}
        case All(nodes=nodes):
            return _together(nodes, reading)
        case Either(nodes=nodes):
            return _either([clause(each, reading) for each in nodes])
        case Field(name=name, value=value):
            return _of_field(FIELDS[name], name, value, reading)
        case Range():
            raise AssertionError("a range stands in a field")


def ids_named(node: Node | None, reading: Reading) -> frozenset[str]:
    """The entities that a question asks for, whatever it says of them; not what it rules out."""
    match node:
        case Words():
            return frozenset(one for ids in _covering(node, reading.meant) for one in ids)
        case Phrase(text=text):
            return frozenset(entity.id for entity in _known(text, reading.meant))
        case All(nodes=nodes) | Either(nodes=nodes):
            return frozenset().union(*(ids_named(each, reading) for each in nodes))
        case Field(name=name, value=Words() | Phrase() as value) if FIELDS[name].kind in ("name", "party"):
            return frozenset(entity.id for entity in known_in_field(value.text, reading.meant))
        case _:
            return frozenset()


def has_text(node: Node | None) -> bool:
    """Whether the question asks for words, so that some answers fit better than others."""
    match node:
        case Words() | Phrase() | Begin():
            return True
        case All(nodes=nodes) | Either(nodes=nodes):
            return any(map(has_text, nodes))
        case Field(name=name):
            return FIELDS[name].kind == "text"
        case _:
            return False


def _together(nodes: Sequence[Node], reading: Reading) -> Query:
    """What bears on the score apart from what only lets through."""
    parts: dict[str, list[Query]] = {"must": [], "filter": [], "must_not": []}
    for node in nodes:
        if isinstance(node, Not):
            parts["must_not"].append(clause(node.node, reading))
        else:
            parts["must" if has_text(node) else "filter"].append(clause(node, reading))
    return {"bool": {occur: some for occur, some in parts.items() if some}}


def _words(node: Words, reading: Reading) -> list[Query]:
    """A query a word: the word, or an entity whose name it is part of, however that is written."""
    covering = _covering(node, reading.meant)
    return [
        _either([_word(word.text, ("title", "text"), reading.language), *_ids(ids)])
        for word, ids in zip(node.words, covering, strict=True)
    ]


def _covering(node: Words, meant: Meant) -> list[frozenset[str]]:
    """For each word, the entities that it and its neighbours may name: Kim Jong Un, in a longer question."""
    words = [word.text for word in node.words]
    covering: list[set[str]] = [set() for _ in words]
    for start in range(len(words)):
        for end in range(start + 1, min(start + NAME_WORDS_MAX, len(words)) + 1):
            ids = {entity.id for entity in _known(" ".join(words[start:end]), meant)}
            for place in range(start, end):
                covering[place] |= ids
    return [frozenset(ids) for ids in covering]


def known_in_field(name: str, meant: Meant) -> Sequence[Entity]:
    """Whom a name means where only names stand, in whatever case of letters it was typed."""
    return meant(name) or (meant(name.title()) if name.islower() else ())


def _known(words: str, meant: Meant) -> Sequence[Entity]:
    """Whom words mean in a question. A single word is no lesser city, and in small letters only a state:
    nice is no city.
    """
    found = known_in_field(words, meant)
    if " " in words:
        return found
    kinds = "state:" if words.islower() else ("state:", "org:", "per:", "city:")
    return [
        entity for entity in found if entity.id.startswith(kinds) and not entity.id.startswith(LESSER_CITIES)
    ]


def _word(word: str, names: Sequence[str], language: str | None) -> Query:
    scripts = set(_scripts(word))
    whole = word.isalnum() and not scripts & _UNSPACED
    kind: Query = {"type": "best_fields", "operator": "and"} if whole else {"type": "phrase"}
    return {"multi_match": {"query": word, "fields": _fields(names, scripts, language), **kind}}


def _phrase(text: str, names: Sequence[str]) -> Query:
    return {"multi_match": {"query": text, "type": "phrase", "fields": [_boosted(name) for name in names]}}


def _begin(stem: str, names: Sequence[str]) -> Query:
    return _either([
        {"match_bool_prefix": {name: {"query": stem, "operator": "and", "boost": _boost(name)}}}
        for name in names
    ])  # fmt: skip


def _fields(names: Sequence[str], scripts: set[str], language: str | None) -> list[str]:
    """The fields to look in: those without a language, and those of the languages that write so."""
    codes = {code for script in scripts for code in _LANGUAGES.get(script, ())}
    codes = codes & {language} if language else codes
    return [_boosted(name) for name in names] + [
        _boosted(f"{name}_{code}") for code in sorted(codes) for name in names
    ]


def _boosted(name: str) -> str:
    return f"{name}^{TITLE_BOOST}" if name.startswith("title") else name


def _boost(name: str) -> float:
    return TITLE_BOOST if name.startswith("title") else 1.0


def _scripts(word: str) -> Iterator[str]:
    for letter in word:
        if letter.isalpha():
            yield unicodedata.name(letter, "").partition(" ")[0]


def _of_field(  # noqa: PLR0911 - a return a kind of node
    spec: SearchField, name: str, value: Node, reading: Reading
) -> Query:
    match value:
        case Not(node=inner):
            return {"bool": {"must_not": [_of_field(spec, name, inner, reading)]}}
        case All(nodes=nodes):
            return _all([_of_field(spec, name, each, reading) for each in nodes])
        case Either(nodes=nodes):
            return _either([_of_field(spec, name, each, reading) for each in nodes])
        case Range():
            return _time(spec, value, reading.now)
        case Begin(stem=stem) if spec.kind == "text":
            return _begin(stem, spec.stored)
        case Begin(stem=stem):
            return _either([
                {"prefix": {stored: {"value": stem, "case_insensitive": True}}} for stored in spec.stored
            ])  # fmt: skip
        case Phrase(text=text) if spec.kind == "text":
            return _phrase(text, spec.stored)
        case Words(words=words) if spec.kind == "text":
            return _all([_word(word.text, spec.stored, reading.language) for word in words])
        case Words(text=text, at=at) | Phrase(text=text, at=at):
            return stored_value(spec, name, text, reading.meant, at)
    raise AssertionError(value)


def stored_value(spec: SearchField, name: str, text: str, meant: Meant, at: int = 0) -> Query:
    """Articles whose field holds a value, in any case of letters; a name, in any script.

    Raises `QueryError` for a value that is none of the field's few.
    """
    if spec.values and text.lower() not in spec.values:
        raise QueryError(f"{name}: is one of {', '.join(spec.values)}", at)
    values = dict.fromkeys([text])
    found: list[Query] = []
    if spec.kind in ("name", "party"):
        entities = [entity for entity in known_in_field(text, meant) if _is_of(entity, name)]
        values |= dict.fromkeys(entity.name for entity in entities)
        found = _named(entities) if spec.kind == "name" else []
    for stored in spec.stored:
        found += [{"term": {stored: {"value": value, "case_insensitive": True}}} for value in values]
    return _either(found)


def _is_of(entity: Entity, name: str) -> bool:
    """Whether an entity can stand in a field: a person among people, and no state."""
    return (name == "person") == entity.id.startswith("per:") or name in ("issuer", "target")


def _time(spec: SearchField, value: Range, now: datetime) -> Query:
    bounds: dict[str, str] = {}
    if value.lower and spec.lower:
        bounds["gt" if value.above else "gte"] = moment(value.lower, now, value.at)
    if value.upper and spec.upper:
        bounds["lt" if value.below else "lte"] = moment(value.upper, now, value.at)
    if not bounds:
        raise QueryError("this time has no bound", value.at)
    return {"range": {spec.stored[0]: bounds}}


def _named(entities: Sequence[Entity]) -> list[Query]:
    return _ids({entity.id for entity in entities})


def _ids(ids: frozenset[str] | set[str]) -> list[Query]:
    return [{"terms": {"entity_ids": sorted(ids), "boost": TITLE_BOOST}}] if ids else []


def _all(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"must": list(queries)}}


def _either(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries), "minimum_should_match": 1}}
