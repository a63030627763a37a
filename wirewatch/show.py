"""Arrivals as tables for a terminal: pure functions from records to rich's renderables.

Article text is data: it goes in as `Text`, never as markup, with what steers a terminal written out, and
each cell is set apart so that right-to-left titles do not turn their neighbours around.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from schemas.alert import Alert
from schemas.article import Article
from wirewatch.arrivals import Arrivals
from wirewatch.terminal import one_line

CELL_LENGTH = 400
ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
NARROW, ROOMY = 100, 140
LANGUAGE_WIDTH = 2
FRAME_LINES = 7  # headings, column heads, blank lines and the note
ALERT_LINES = 2
STYLES = {"info": "cyan", "warning": "yellow", "critical": "bold red"}


class Cell:
    """Text from strangers for a table cell: no markup, no control, at most `lines` lines of the cell's width.

    Each line is bidi-isolated by itself, since a terminal lays out each screen line by itself: an isolate
    left open at a cut or a line's end would turn the cells after it around.
    """

    def __init__(self, text: str, lines: int = 1, style: str = "") -> None:
        self._text = Text(one_line(text, CELL_LENGTH), style)
        self._lines = lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Between one character and the whole text on one line."""
        return Measurement(min(1, self._text.cell_len), self._text.cell_len)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, the last one cut where there is more."""
        width = max(options.max_width, 1)
        lines = list(self._text.wrap(console, width)) if self._lines > 1 else [self._text.copy()]
        shown, rest = lines[: self._lines], lines[self._lines :]
        if rest:
            shown[-1] = Text(" ", self._text.style).join([shown[-1], *rest])
        for each in shown:
            each.truncate(width, overflow="ellipsis")
            isolated = Text.assemble(ISOLATE, each, POP_ISOLATE, style=each.style) if each.plain else each
            yield Text.assemble(isolated, overflow="ignore", no_wrap=True)


def cell(text: str, lines: int = 1, style: str = "") -> Cell:
    """A table cell of `lines` lines at most."""
    return Cell(text, lines, style)


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


def articles_table(articles: Iterable[Article], width: int) -> Table:
    """The articles, one a row; the narrower the terminal, the fewer columns."""
    headings = (
        ("", 1, 0), ("source", 3, 0), ("title", 10, 0), ("story", 3, ROOMY), ("names", 7, NARROW),
        ("events", 4, ROOMY), ("sanctions", 6, 0),
    )  # fmt: skip
    kept = [number for number, (_, _, widest) in enumerate(headings) if width >= widest]
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    for number in kept:
        heading, ratio, _ = headings[number]
        if heading:
            table.add_column(heading, ratio=ratio, no_wrap=True)
        else:
            table.add_column(heading, width=LANGUAGE_WIDTH, no_wrap=True)
    for article in articles:
        row = article_row(article)
        table.add_row(row[0], *(cell(row[number]) for number in kept[1:]))
    return table


def alert_lines(alert: Alert) -> RenderableType:
    """What an alert says, and below it the sentence that caused it."""
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=1)
    grid.add_column(ratio=1, no_wrap=True)
    grid.add_row(Text("●", STYLES[alert.severity]), cell(alert.title, style="bold"))
    grid.add_row("", cell(alert.text, style="dim"))
    return grid


def board(arrivals: Arrivals, note: str, width: int, height: int) -> RenderableType:
    """The whole picture in `width` × `height` characters: newest alerts, newest articles, what goes on."""
    articles, alerts = arrivals.latest_articles(height), arrivals.latest_alerts(height)
    room = max(height - FRAME_LINES, 2)
    told = alerts[: max(1, room // 2 // ALERT_LINES)]
    parts: list[RenderableType] = []
    if told:
        parts += [_heading("alert", arrivals.alerts_seen, "bold red"), *map(alert_lines, told), ""]
    if articles:
        rows = articles[: max(1, room - ALERT_LINES * len(told))]
        parts += [_heading("article", arrivals.articles_seen, "bold"), articles_table(rows, width)]
    else:
        parts.append(Text("Nothing has come through yet: the workers take some seconds to start.", "dim"))
    return Group(*parts, "", Text(note, style="dim", no_wrap=True, overflow="ellipsis"))


def _heading(what: str, count: int, style: str) -> Text:
    return Text(f"{count} {what}{'' if count == 1 else 's'}, newest first", style)


def line(article: Article) -> str:
    """One article as one line, for output that is no terminal."""
    return " | ".join(part for part in article_row(article) if part)
