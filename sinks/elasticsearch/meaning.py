"""Where articles lie in meaning, as a field to search near: where the cluster has dense vectors.

Official clusters from 8.19 on have them, and so has the second local node; 7.17's published modules do not.
So the field is no part of the template: it is added to an index that can have it, and filled where it is.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from elasticsearch import ApiError, Elasticsearch

from schemas.article import Embedding

MEANING = "meaning"
DIMENSIONS = 384
_BYTES = DIMENSIONS * 2
_MAPPING: dict[str, Any] = {
    "type": "dense_vector",
    "dims": DIMENSIONS,
    "index": True,
    "similarity": "cosine",
}


def offer_meaning(client: Elasticsearch, name: str) -> bool:
    """Add the field to the articles' index, if its cluster has such fields. Whether it has.

    Raises what the client raises for anything but a refusal.
    """
    try:
        client.indices.put_mapping(index=name, properties={MEANING: _MAPPING})
    except ApiError as error:
        if error.status_code != 400:
            raise
        return False
    return True


def has_meaning(client: Elasticsearch, name: str) -> bool:
    """Whether the articles' index can be searched by meaning. Raises what the client raises."""
    held = client.indices.get_field_mapping(index=name, fields=[MEANING])
    return any(index["mappings"] for index in held.values())


def meaning(embedding: Embedding | None) -> list[float] | None:
    """An embedding's values as the field takes them; `None` for one of another length, or of none at all."""
    if embedding is None or len(embedding.values) != _BYTES:
        return None
    values = np.frombuffer(embedding.values, "<f2").astype(np.float64)
    return [round(float(value), 5) for value in values] if values.any() else None


def with_meaning(source: bytes, embedding: Embedding | None) -> bytes:
    """An article's document with its place in meaning, where it has one."""
    values = meaning(embedding)
    return source if values is None else source[:-1] + b',"meaning":' + msgspec.json.encode(values) + b"}"
