"""A labelled stream of `data/threads/`: which articles, in ten languages, tell of one event.

Each event is told in two to four languages by articles written apart, each from its own side and not
translated from another; around it stand other events with the same people and places in the same week,
some in one language alone. `dev` and `held` share no event. Events are invented, in real places and with
some real office-holders, so that names are recognised as in news; none of it happened.

    ## event day        the day within the week
    # language | title  then the text, a paragraph a line
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.article import Article, Clean, Language, Raw

FOLDER = Path(__file__).parent / "data" / "threads"


@dataclass(frozen=True)
class Report:
    """One article and the event it tells of."""

    event: str
    article: Article


def reports(part: str) -> Iterator[Report]:
    """The reports of a part, event by event."""
    for block in (FOLDER / f"{part}.txt").read_text(encoding="utf-8").split("\n## "):
        head, *told = block.removeprefix("## ").split("\n# ")
        event, day = head.split()
        for i, report in enumerate(told):
            heading, *lines = report.strip().split("\n")
            language, title = heading.split(" | ", 1)
            yield Report(
                event, _article(f"{event}-{language}-{i}", language, title, "\n".join(lines), int(day))
            )


def _article(article_id: str, language: str, title: str, text: str, day: int) -> Article:
    return Article(
        id=article_id,
        source=f"{language}.example",
        fetched_at=f"2026-03-{day + 1:02d}T{9 + len(article_id) % 8:02d}:00:00Z",
        raw=Raw(content=text),
        language=Language(code=language, confidence=1.0),
        clean=Clean(title=title, text=text),
    )
