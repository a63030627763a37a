"""Searches that are kept by name, in a small index of their own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from sinks.elasticsearch.query import Question, Reading, ask
from wirewatch.desk.answers import DeskError

SEARCHES_MAX = 500
NAME_CHARACTERS_MAX = 100
_MAPPING = {
    "dynamic": "strict",
    "properties": {"name": {"type": "keyword"}, "question": {"type": "object", "enabled": False}},
}


class SavedSearches:
    """Questions by name. The index is made when the first is kept."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._index = f"{prefix}-searches"

    def all(self) -> list[dict[str, Any]]:
        """Every one, by name."""
        try:
            answer = self._client.search(index=self._index, size=SEARCHES_MAX, sort=[{"name": "asc"}])
        except NotFoundError:
            return []
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    def keep(self, name: str, question: Question) -> dict[str, Any]:
        """Keep a question, in place of one of the same name.

        Raises `QueryError` where it can't be asked, `DeskError` for a name that can't be and where there are
        500 already.
        """
        if not name.strip() or len(name) > NAME_CHARACTERS_MAX:
            detail = f"a name has 1 to {NAME_CHARACTERS_MAX} characters"
            raise DeskError(HTTPStatus.BAD_REQUEST, "faulty_request", detail, parameter="name")
        ask(question, Reading())
        held = self.all()
        if len(held) >= SEARCHES_MAX and name not in {one["name"] for one in held}:
            raise DeskError(HTTPStatus.CONFLICT, "too_large", f"there are {SEARCHES_MAX} saved searches")
        self._ensure()
        document = {"name": name, "question": msgspec.to_builtins(question)}
        self._client.index(index=self._index, id=name, document=document, refresh="wait_for")
        return document

    def forget(self, name: str) -> None:
        """Keep it no longer. Raises `DeskError` (404)."""
        try:
            self._client.delete(index=self._index, id=name, refresh="wait_for")
        except NotFoundError:
            raise DeskError(HTTPStatus.NOT_FOUND, "not_found", "there is no such saved search") from None

    def _ensure(self) -> None:
        if self._client.indices.exists(index=self._index):
            return
        try:
            self._client.indices.create(
                index=self._index,
                mappings=_MAPPING,
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
            )
        except ApiError as error:
            if "resource_already_exists_exception" not in str(error.body):
                raise
