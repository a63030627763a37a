"""Arrivals as tables for a terminal: pure functions from records to rich's renderables.

Article text is data: it goes in as `Text`, never as markup, with what steers a terminal written out, and
each cell is set apart so that right-to-left titles do not turn their neighbours around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.alert import Alert
from schemas.article import Article
from wirewatch.arrivals import Arrivals
from wirewatch.terminal import one_line

ROWS = 18
CELL_LENGTH = 400
ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def cell(text: str) -> Text:
    """Text for one table cell: no markup, one line, bidi-isolated."""
    plain = one_line(text, CELL_LENGTH)
    return Text(f"{ISOLATE}{plain}{POP_ISOLATE}" if plain else "", overflow="ellipsis")


def names(article: Article, at_most: int = 4) -> str:
    """The names most often mentioned, in English where they are known."""
    counted: dict[str, int] = {}
    for mention in article.mentions:
        words = article.field_text(mention.field)[mention.start : mention.end]
        name = mention.entity.name if mention.entity else words
        counted[name] = counted.get(name, 0) + 1
    return ", ".join(sorted(counted, key=lambda name: -counted[name])[:at_most])


def acts(article: Article) -> str:
    """Each sanction as `act by issuers`."""
    return "; ".join(
        f"{sanction.act} by {', '.join(party.name or party.text for party in sanction.issuers) or '?'}"
        for sanction in article.sanctions
    )


def event_types(article: Article) -> str:
    """The types of the article's events, in order, once each."""
    return ", ".join(dict.fromkeys(event.type for event in article.events))


def relation(article: Article) -> str:
    """First of its story, or a copy of (or related to) which."""
    if article.story is None or article.story.relation == "first":
        return "first"
    return f"{article.story.relation} {article.story.cluster_id[:6]}"


def article_row(article: Article) -> tuple[str, ...]:
    """Language, source, title, story, names, events, sanctions."""
    title = article.clean.title or article.clean.text[:80] if article.clean else ""
    language = article.language.code if article.language else "?"
    return (
        language,
        article.source,
        title,
        relation(article),
        names(article),
        event_types(article),
        acts(article),
    )


def articles_table(articles: Iterable[Article], total: int) -> Table:
    """The articles, one a row."""
    table = Table(title=f"{total} articles", expand=True, title_justify="left")
    for heading, ratio in (
        ("", 1), ("source", 3), ("title", 9), ("story", 3), ("names", 7), ("events", 4), ("sanctions", 6),
    ):  # fmt: skip
        table.add_column(heading, ratio=ratio, no_wrap=True)
    for article in articles:
        table.add_row(*map(cell, article_row(article)))
    return table


def alerts_table(alerts: Sequence[Alert]) -> Table:
    """The alerts, one a row, each with the sentence that caused it."""
    table = Table(title=f"{len(alerts)} alerts", expand=True, title_justify="left", style="red")
    for heading, ratio in (("rule", 3), ("source", 2), ("title", 6), ("evidence", 12)):
        table.add_column(heading, ratio=ratio)
    for alert in alerts:
        table.add_row(cell(alert.rule), cell(alert.source), cell(alert.title), cell(alert.text))
    return table


def board(arrivals: Arrivals, note: str) -> RenderableType:
    """The whole picture: latest articles, alerts, dead letters, and a line of what is going on."""
    articles = list(arrivals.articles.values())
    dead = [letter for letter in arrivals.dead_letters.values() if letter.kind == "dead"]
    parts: list[RenderableType] = [articles_table(articles[-ROWS:], len(articles))]
    if arrivals.alerts:
        parts.append(alerts_table(list(arrivals.alerts.values())[-ROWS:]))
    if dead:
        parts.append(Text(f"{len(dead)} dead letters: wirewatch dlq list", style="yellow"))
    return Group(*parts, Text(note, style="dim"))


def line(article: Article) -> str:
    """One article as one line, for output that is no terminal."""
    return " | ".join(part for part in article_row(article) if part)
