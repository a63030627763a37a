"""Floors for events, on sentences of ten languages written after the lexicon and not used to mend it."""

from __future__ import annotations

import json
from pathlib import Path

from processors.events import EventsStage
from schemas.article import Article, Clean, Language, Raw

DATA = Path(__file__).parent / "data" / "events.jsonl"
FLOOR_FOUND, FLOOR_PRECISION = 0.83, 0.90


def types(row: dict[str, str]) -> set[str]:
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=row["text"]),
        language=Language(code=row["language"], confidence=1.0), clean=Clean(text=row["text"]),
    )  # fmt: skip
    return {event.type for event in EventsStage()(article).events}


def test_types_are_found_without_flooding() -> None:
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    found = [types(row) for row in rows]
    right = sum(row["type"] in kinds for row, kinds in zip(rows, found, strict=True))
    assert right / len(rows) >= FLOOR_FOUND
    assert right / sum(len(kinds) for kinds in found) >= FLOOR_PRECISION
