"""Records as a Kafka client hands them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrived:
    offset: int = 7
    topic: str = "articles.raw"
    partition: int = 2
    headers: Sequence[tuple[str, bytes]] = ()
