"""Articles, asked of the cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from elasticsearch import AuthorizationException, Elasticsearch, NotFoundError

from processors.meaning import Place, where
from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.meaning import DIMENSIONS, has_meaning
from sinks.elasticsearch.query import Meant, Question, Reading, ask, cursor
from sinks.elasticsearch.query.arrivals import advanced, arrivals_body, from_now, latest_body
from sinks.elasticsearch.query.cards import (
    CARDS_MAX,
    INCLUDED,
    By,
    Order,
    card,
    cards,
    cards_body,
    facets_of,
    stories_of,
    told_by_body,
    told_of,
)
from sinks.elasticsearch.query.clauses import Query, nobody
from sinks.elasticsearch.query.export import COLUMNS
from sinks.elasticsearch.query.moments import moment
from sinks.elasticsearch.query.nearest import (
    Near,
    Placed,
    PlacedQuestion,
    languages_body,
    languages_of,
    nearest,
    nearest_body,
    read_again,
)
from sinks.elasticsearch.query.similar import ASKED, embedding, others, ranked, similar_body, those_body
from sinks.elasticsearch.templates import Kind
from wirewatch.desk.answers import DeskError

EXPORT_PAGE = 500
EXPORT_ROWS_MAX = 100_000
EXPORT_KEPT = "1m"


class Articles:
    """Readers' questions to the articles' index. Every call is bounded in size and time."""

    def __init__(self, client: Elasticsearch, prefix: str, meant: Meant = nobody) -> None:
        self._client = client
        self._prefix = prefix
        self._meant = meant

    def stories(  # noqa: PLR0913
        self,
        question: Question,
        *,
        by: By = "story",
        order: Order | None = None,
        size: int = 20,
        at: cursor.Page | None = None,
        facets: bool = True,
    ) -> dict[str, Any]:
        """A card a story, how many articles and stories there are, counts to narrow by, and the next cursor.

        Without an `order`, the best come first where words were asked for, else the newest. Raises
        `QueryError`.
        """
        size, at = min(size, CARDS_MAX), at or cursor.Page(0, "")
        asked = ask(question, self._reading())
        order = order or ("best" if asked.is_ranked else "newest")
        body = cards_body(asked, by, order, size, at.offset, facets=facets)
        if at.until:
            until = {"range": {"fetched_at": {"lte": at.until}}}
            body["query"] = {"bool": {"must": [body["query"]], "filter": [until]}}
        answer = self._search("articles", body)
        told = self.told_by(stories_of(answer, by), by)
        return {
            "total": answer["hits"]["total"]["value"],
            "stories": answer["aggregations"]["stories"]["value"],
            "order": order,
            "cards": cards(answer, told, asked, by),
            "facets": facets_of(answer),
            "cursor": _next_page(answer, at, size, order),
            "is_cut": len(answer["hits"]["hits"]) == size and at.offset + size > cursor.OFFSET_MAX,
            "is_partial": answer["timed_out"],
        }

    def nearest(  # noqa: PLR0913
        self,
        question: Question,
        placed: PlacedQuestion,
        *,
        by: By = "story",
        order: Order | None = None,
        size: int = 20,
        facets: bool = True,
    ) -> dict[str, Any]:
        """A card a story, those first that lie nearest in meaning, of what the rest of the question lets
        through; each with its likeness. At most 100, in one page. Raises `QueryError`.
        """
        asked = ask(question, self._reading())
        found = self._near(asked.query, placed, by)
        ids = {"ids": {"values": [near.article_id for near in found]}}
        query = {"bool": {"must": [asked.query], "filter": [ids]}}
        answer = self._search(
            "articles",
            cards_body(
                msgspec.structs.replace(asked, query=query), by, "newest", CARDS_MAX, 0, facets=facets
            ),
        )
        told = self.told_by(stories_of(answer, by), by)
        near = read_again(placed, answer["hits"]["hits"], found)
        likeness = {one.article_id: one.likeness for one in near}
        made = [each | {"likeness": likeness[each["id"]]} for each in cards(answer, told, asked, by)]
        if order != "newest":
            places = {article_id: place for place, article_id in enumerate(likeness)}
            made.sort(key=lambda each: places[each["id"]])
        return {
            "total": len(made),
            "stories": len(made),
            "order": order or "best",
            "cards": made[:size],
            "facets": facets_of(answer),
            "cursor": None,
            "is_cut": False,
            "is_partial": answer["timed_out"],
        }

    def _near(self, query: Query, placed: Placed, by: By) -> list[Near]:
        languages = languages_of(self._search("articles", languages_body(query)))
        if not languages:
            return []
        answer = self._search("articles", nearest_body(placed, query, languages))
        return nearest(placed, answer["hits"]["hits"], by, CARDS_MAX)

    def told_by(self, stories: Sequence[str], by: By) -> dict[str, Any]:
        """Who tells the stories, by story."""
        return told_of(self._search("articles", told_by_body(by, stories))) if stories else {}

    def arrivals(
        self, question: Question, at: cursor.Arrival | None = None, size: int = 20
    ) -> dict[str, Any]:
        """An article a card, in the order in which the index took them; the cursor never ends.

        Raises `QueryError`.
        """
        asked = ask(question, self._reading())
        hits, at = self.arrived("articles", asked.query, at, size, INCLUDED)
        return {"cards": [card(hit) for hit in hits], "cursor": cursor.written(at), "order": "arrival"}

    def arrived(
        self, kind: Kind, query: Query, at: cursor.Arrival | None, size: int, included: Sequence[str]
    ) -> tuple[list[dict[str, Any]], cursor.Arrival]:
        """What a kind's index took since; from its beginning without a cursor of that index."""
        index = self._index(kind)
        at = at if at is not None and at.index == index else cursor.Arrival(index)
        answer = self._search(kind, arrivals_body(query, at, min(size, CARDS_MAX), included))
        return answer["hits"]["hits"], advanced(at, answer)

    def now(self, kind: Kind) -> cursor.Arrival:
        """The cursor of what a kind's index takes from now on."""
        return from_now(self._index(kind), self._search(kind, latest_body()))

    def bring_to_light(self, kind: Kind) -> None:
        """Let a kind's index show at once what it took; left as it is where we may not."""
        with suppress(AuthorizationException):
            self._client.indices.refresh(index=alias(self._prefix, kind))

    def one(self, article_id: str) -> dict[str, Any]:
        """An article with all that was found in it, its raw text too. Raises `DeskError` (404)."""
        source = self._get(article_id, ["record"], ["record.embedding"])
        return {"article": source["record"]}

    def similar(self, article_id: str, size: int = 10) -> dict[str, Any]:
        """The articles of other stories that are most like one. Raises `DeskError` (404)."""
        source = self._get(article_id, ASKED, [])
        hits = self._search("articles", similar_body(self._index("articles"), source))["hits"]["hits"]
        hits += self._near_in_meaning(source, {hit["_source"].get("cluster_id") for hit in hits})
        found = ranked(source, hits, min(size, CARDS_MAX), where)
        return {
            "cards": [card(hit) | {"likeness": likeness, "shared": shared} for hit, likeness, shared in found]
        }

    def _near_in_meaning(self, source: Mapping[str, Any], known: Collection[str]) -> list[dict[str, Any]]:
        """An article of each story near to one in meaning, in any language, but for those `known`."""
        own = embedding(source)
        if own is None or len(own[1]) != DIMENSIONS:
            return []
        if not has_meaning(self._client, alias(self._prefix, "articles")):
            return []
        model, values = own
        place = Place(where(model, values, source.get("language", "")), model)
        near = self._near(others(source), place, "story")
        ids = [one.article_id for one in near if one.story not in known]
        hits: list[dict[str, Any]] = self._search("articles", those_body(ids))["hits"]["hits"] if ids else []
        return hits

    def export(self, question: Question) -> Iterator[dict[str, Any]]:
        """Every article that answers, newest first, as the index stood at the start; at most 100,000.

        The question is checked at once, the articles are fetched page by page. Raises `QueryError`.
        """
        asked = ask(question, self._reading())
        index = alias(self._prefix, "articles")
        point = self._client.open_point_in_time(index=index, keep_alive=EXPORT_KEPT)["id"]
        return self._pages(asked.query, point)

    def _pages(self, query: Query, point: str) -> Iterator[dict[str, Any]]:
        after: list[Any] | None = None
        try:
            for _ in range(EXPORT_ROWS_MAX // EXPORT_PAGE):
                answer = self._client.search(
                    query=query,
                    size=EXPORT_PAGE,
                    pit={"id": point, "keep_alive": EXPORT_KEPT},
                    sort=[{"fetched_at": "desc"}, {"_shard_doc": "asc"}],
                    search_after=after,
                    source_includes=[*COLUMNS, "text"],
                    track_total_hits=False,
                )
                hits = answer["hits"]["hits"]
                yield from (hit["_source"] for hit in hits)
                if len(hits) < EXPORT_PAGE:
                    return
                after, point = hits[-1]["sort"], answer["pit_id"]
        finally:
            self._client.close_point_in_time(id=point)

    def _reading(self) -> Reading:
        return Reading(meant=self._meant, now=datetime.now(UTC))

    def _search(self, kind: Kind, body: Query) -> dict[str, Any]:
        answer = self._client.search(index=alias(self._prefix, kind), body=body)
        return dict(answer.body)

    def _index(self, kind: Kind) -> str:
        """The index behind the alias, of which cursors tell."""
        found = self._client.indices.get_alias(name=alias(self._prefix, kind))
        return max(found)

    def _get(self, article_id: str, includes: Sequence[str], excludes: Sequence[str]) -> dict[str, Any]:
        try:
            found = self._client.get(
                index=alias(self._prefix, "articles"),
                id=article_id,
                source_includes=list(includes),
                source_excludes=list(excludes),
            )
        except NotFoundError as error:
            if "found" not in error.body:
                raise
            raise DeskError(HTTPStatus.NOT_FOUND, "not_found", "there is no such article") from None
        return dict(found["_source"])


def _next_page(answer: dict[str, Any], at: cursor.Page, size: int, order: Order) -> str | None:
    hits, shown = answer["hits"]["hits"], at.offset + size
    if len(hits) < size or shown > cursor.OFFSET_MAX:
        return None
    newest = hits[0]["_source"]["fetched_at"] if order == "newest" else datetime.now(UTC).isoformat()
    return cursor.written(cursor.Page(shown, at.until or newest))


def cursor_in(text: str | None) -> cursor.Cursor | None:
    """The cursor in a request. Raises `QueryError`."""
    found = cursor.read(text) if text else None
    if isinstance(found, cursor.Page) and found.until:
        moment(found.until, datetime.now(UTC), 0, "cursor")
    return found
