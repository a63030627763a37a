"""An article's mentions with the entries of lists that they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from processors.folding import fold, fold_with_offsets
from processors.names.gazetteer import gazetteer, only
from processors.names.identity import stream_id
from processors.watchlists.cases import nominatives
from processors.watchlists.context import Context, Named
from processors.watchlists.distinctness import cities, home_countries, words
from processors.watchlists.watchlists import HITS_MAX, Watchlists
from schemas.article import Article, Entity, Field, Mention, MentionType, WatchlistHit

BESIDE_LETTERS = 100
_WINDOWS_MAX = 20
_OTHERS_MAX = 100
_FIELDS: tuple[Field, ...] = ("title", "text")


@dataclass
class _Group:
    """The mentions of one entity; where it has none, of one name."""

    type: MentionType
    entity: Entity | None
    mentions: list[int] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def annotate(article: Article, watchlists: Watchlists) -> Article:
    """The article with `entity.watchlist` of each mention as it is by the lists now.

    A mention without an entity is given one if it has hits, its id from the name alone.
    """
    hits: dict[int, list[WatchlistHit]] = {}
    around = _Surroundings(article)
    for group in _groups(article):
        found = _hits(group, watchlists, around)
        hits.update(dict.fromkeys(group.mentions, found))
    if not any(hits.values()) and not any(one.entity and one.entity.watchlist for one in article.mentions):
        return article
    mentions = [
        _with_hits(article, mention, hits.get(number, [])) for number, mention in enumerate(article.mentions)
    ]
    return msgspec.structs.replace(article, mentions=mentions)


def _hits(group: _Group, watchlists: Watchlists, around: _Surroundings) -> list[WatchlistHit]:
    """The hits of the longest names of a group; a part of a longer name is not asked for by itself."""
    best: dict[tuple[str, str], WatchlistHit] = {}
    for text in _fullest(group, around.full_names):
        if not watchlists.has_candidates(text, group.type):
            continue
        for hit in watchlists.hits(text, group.type, around.context(group)):
            key = (hit.list_name, hit.entry_id)
            if key not in best or hit.score > best[key].score:
                best[key] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.list_name, hit.entry_id))[:HITS_MAX]


def _groups(article: Article) -> list[_Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for number, mention in enumerate(article.mentions):
        text = _text(article, mention)
        key = ("entity", mention.entity.id) if mention.entity else (mention.type, fold(text))
        group = groups.setdefault(key, _Group(mention.type, mention.entity))
        group.mentions.append(number)
        group.texts.setdefault(fold(text), text)
    return list(groups.values())


def _fullest(group: _Group, full_names: Iterable[frozenset[str]]) -> Iterator[str]:
    """The names of a group, also uninflected, that are no part of a longer one of the article."""
    for text in group.texts.values():
        own = frozenset(words(text))
        if not any(own < other for other in full_names):
            yield text
            yield from nominatives(text) if group.type == "PER" else ()


def _with_hits(article: Article, mention: Mention, hits: list[WatchlistHit]) -> Mention:
    entity = mention.entity
    if entity is None:
        if not hits:
            return mention
        name = " ".join(_text(article, mention).split())
        entity = Entity(id=stream_id(name, mention.type), name=name)
    return msgspec.structs.replace(mention, entity=msgspec.structs.replace(entity, watchlist=hits))


def _text(article: Article, mention: Mention) -> str:
    return article.field_text(mention.field)[mention.start : mention.end]


class _Surroundings:
    """What the article says, worked out once somebody asks: most articles name nobody who is listed."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._language = article.language.code if article.language else "und"

    def context(self, group: _Group) -> Context:
        """The context of a group's names."""
        spans = [self._article.mentions[number] for number in group.mentions]
        own = set(group.texts)
        return Context(
            others=tuple(
                one
                for one in self._named
                if fold(one.text) not in own or (group.entity and one.entity_id == group.entity.id)
            ),
            countries=frozenset(code for _, _, _, code in self._countries),
            beside=frozenset(
                code
                for field_, start, end, code in self._countries
                if any(
                    span.field == field_
                    and start < span.end + BESIDE_LETTERS
                    and end > span.start - BESIDE_LETTERS
                    for span in spans
                )
            ),
            home=home_countries(self._language),
            text=" … ".join(self._window(span) for span in spans[:_WINDOWS_MAX]),
            entity_id=group.entity.id if group.entity else None,
            wikidata=group.entity.wikidata if group.entity else None,
        )

    @cached_property
    def full_names(self) -> list[frozenset[str]]:
        """The words of each name of a person or body that has several."""
        found = {
            frozenset(words(_text(self._article, mention)))
            for mention in self._article.mentions
            if mention.type != "LOC"
        }
        return [one for one in found if len(one) > 1]

    @cached_property
    def _named(self) -> tuple[Named, ...]:
        named = {
            Named(_text(self._article, mention), mention.entity.id if mention.entity else None): None
            for mention in self._article.mentions
            if mention.type != "LOC"
        }
        return tuple(named)[:_OTHERS_MAX]

    @cached_property
    def _countries(self) -> list[tuple[Field, int, int, str]]:
        """Where the article mentions a country, by a name, an adjective, a city or one of its bodies."""
        found: list[tuple[Field, int, int, str]] = []
        for mention in self._article.mentions:
            code = _country(mention.entity.id) if mention.entity else None
            if code:
                found.append((mention.field, mention.start, mention.end, code))
        for field_ in _FIELDS:
            original = self._article.field_text(field_)
            folded = fold_with_offsets(original)
            for hit in only(gazetteer(self._language).hits(folded, original), "LOC", "adjective"):
                code = _country(hit.form.entity.id) if hit.form.entity else None
                if code:
                    found.append((field_, *folded.span(hit.start, hit.end), code))
        return found

    def _window(self, span: Mention) -> str:
        text = self._article.field_text(span.field)
        return text[max(0, span.start - BESIDE_LETTERS) : span.end + BESIDE_LETTERS]


def _country(entity_id: str) -> str | None:
    """`RU` for `state:RU`, `org:RU-duma` and `city:moscow`."""
    sort, _, rest = entity_id.partition(":")
    if sort == "state":
        return rest
    if sort == "org" and len(rest) > 3 and rest[2] == "-" and rest[:2].isupper():
        return rest[:2]
    return cities().get(entity_id)
