"""`wirewatch search`: a question to the index, from the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import click

from schemas.article import Act
from wirewatch.settings import Settings

if TYPE_CHECKING:
    from sinks.elasticsearch.query import Question

NAMES_SHOWN = 6
LINES = 3


@click.command()
@click.argument("query", default="")
@click.option(
    "--meaning", help="A free question in any language, where the cluster can: what lies nearest to it."
)
@click.option("--lang", help="Only articles in this language (ISO 639-1: ar, ru, zh, …).")
@click.option("--source", help="Only this outlet's.")
@click.option("--act", type=click.Choice(get_args(Act)), help="Only with sanctions of this kind.")
@click.option("--since", help="Only what was fetched from then on: 2026-03-01, 7d, 24h.")
@click.option("--until", help="Only what was fetched up to then; a day is all of it.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, text included, newest first.")
@click.pass_obj
def command(settings: Settings, /, limit: int, as_json: bool, **asked: str | None) -> None:
    """Search the indexed articles: a line a story, best first; newest first where no words are asked for.

    All words must be there, in any inflection. "a phrase", begin*, AND, OR, NOT, - and brackets are
    understood, and fields: person:, place:, body:, issuer:, target:, act:, event:, source:, language:,
    title:, since:, until:, published:from..to. A name finds every article that names whom or what it
    means, in whatever script it is written.

    \b
    wirewatch search 'Kim Jong Un'
    wirewatch search 'sanctions OR عقوبات OR санкции' --since 7d
    wirewatch search 'issuer:"European Union" -act:lifted'
    wirewatch search --lang ar --json 'كوريا الشمالية'
    wirewatch search --meaning 'who was hurt in the harbour fire?' since:7d
    """
    from itertools import islice

    from processors.names.meant import entities_meant
    from sinks.elasticsearch.query import QueryError, Question
    from wirewatch.desk.articles import Articles
    from wirewatch.desk.meaning import Meaning
    from wirewatch.elastic import cluster

    question = _question(Question, asked)
    try:
        with cluster(settings) as (client, prefix):
            articles = Articles(client, prefix, entities_meant)
            if question.meaning:
                placed = Meaning(client, prefix).placed(question.meaning)
                answer = articles.nearest(question, placed, size=limit, facets=False)
            elif as_json:
                for document in islice(articles.export(question), limit):
                    click.echo(json.dumps(document, ensure_ascii=False))
                return
            else:
                answer = articles.stories(question, size=limit, facets=False)
    except QueryError as error:
        raise click.ClickException(_told(error, question)) from None
    if as_json:
        for card in answer["cards"]:
            click.echo(json.dumps(card, ensure_ascii=False))
        return
    _print_table(answer["cards"], answer["stories"], answer["total"])


def _question(kind: type[Question], asked: dict[str, str | None]) -> Question:
    chosen = {
        name: (asked[option],)
        for name, option in (("language", "lang"), ("source", "source"), ("act", "act"))
        if asked[option]
    }
    words = {"q": asked["query"] or "", "meaning": (asked["meaning"] or "").strip()}
    return kind(**words, since=asked["since"], until=asked["until"], **chosen)  # type: ignore[arg-type]


def _told(error: Any, question: Question) -> str:
    """The fault, and below the question a mark where it is."""
    if error.parameter != "q":
        return f"{error.parameter}: {error.message}"
    return f"{error.message} (at character {error.at + 1})\n  {question.q}\n  {' ' * error.at}^"


def _print_table(cards: list[dict[str, Any]], stories: int, total: int) -> None:
    from rich.console import Console
    from rich.table import Table

    if not cards:
        click.echo("nothing found")
        return
    table = Table("date", "", "source", "title", "names", "sanctions", box=None)
    for card in cards:
        table.add_row(*_row(card))
    Console().print(table)
    click.echo(f"{len(cards)} of {stories} stories, {total} articles")


def _row(card: dict[str, Any]) -> list[Any]:
    from wirewatch.show import cell

    names = [name for field in ("people", "organisations", "places") for name in card[field]]
    acts = ", ".join(card["sanction_acts"])
    issuers = ", ".join(card["sanction_issuers"])
    more = card["source_count"] - 1
    return [
        card["published_at"][:10] if card["published_at"] else f"seen {card['fetched_at'][:10]}",
        card["language"] or "?",
        cell(f"{card['source']} +{more}" if more else card["source"], LINES),
        cell(card["title"] or card["snippet"]["text"][:80], LINES),
        cell(", ".join(names[:NAMES_SHOWN]), LINES),
        cell(f"{acts} by {issuers}" if issuers else acts, LINES),
    ]
