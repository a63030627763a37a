"""Ids and blocking keys out of a name alone."""

from __future__ import annotations

import hashlib

from processors.names.identity.romanisation import romanise

_CLASSES = str.maketrans("gqcdzvwyj", "kkktsbui" + "i", "aeiouh'")


def keys(name: str) -> frozenset[str]:
    """Keys that spellings of one name share: consonant skeletons of its words."""
    return frozenset(word.translate(_CLASSES) for word in romanise(name).lower().split())


def stream_id(name: str, kind: str) -> str:
    """A deterministic id for an entity that no catalogue knows, the same for spellings of one name."""
    skeleton = "-".join(sorted(key for key in keys(name) if key)) or romanise(name).lower()
    if not skeleton.isascii() or len(skeleton) > 48:
        skeleton = hashlib.sha256(skeleton.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{kind.lower()}:~{skeleton}"
