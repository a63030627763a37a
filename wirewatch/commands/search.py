"""`wirewatch search`: a question to the index, from the terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from wirewatch.settings import Settings

COLUMNS = (
    "published_at",
    "fetched_at",
    "language",
    "source",
    "title",
    "text",
    "people",
    "organisations",
    "places",
    "sanction_acts",
    "sanction_issuers",
    "url",
    "id",
    "relation",
    "event_types",
    "sanction_targets",
)
NAMES_SHOWN = 6
LINES = 3


@click.command()
@click.argument("query")
@click.option("--lang", help="Only articles in this language (ISO 639-1: ar, ru, zh, …).")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Hits to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, text included.")
@click.pass_obj
def command(settings: Settings, query: str, lang: str | None, limit: int, as_json: bool) -> None:
    """Search the indexed articles, best first.

    All words must be there, in any inflection; "a phrase", a | b, -without and begin* are understood. A name
    alone finds every article that names whom or what it means, in whatever script it is written.

    \b
    wirewatch search 'Kim Jong Un'
    wirewatch search 'sanctions | عقوبات | санкции'
    wirewatch search --lang ar --json 'كوريا الشمالية'
    """
    hits, total = _search(settings, query, lang, limit)
    if as_json:
        for hit in hits:
            click.echo(json.dumps({"score": hit["_score"], **hit["_source"]}, ensure_ascii=False))
    else:
        _print_table(hits, total)


def _search(settings: Settings, query: str, lang: str | None, limit: int) -> tuple[list[dict[str, Any]], int]:
    from processors.names.meant import ids_meant
    from sinks.elasticsearch.indices import alias
    from sinks.elasticsearch.query import text_query
    from wirewatch.elastic import cluster

    with cluster(settings) as (client, prefix):
        answer = client.search(
            index=alias(prefix, "articles"),
            query=text_query(query, lang, ids_meant(query)),
            size=limit,
            source_includes=list(COLUMNS),
            track_total_hits=True,
        )
    return answer["hits"]["hits"], answer["hits"]["total"]["value"]


def _print_table(hits: list[dict[str, Any]], total: int) -> None:
    from rich.console import Console
    from rich.table import Table

    if not hits:
        click.echo("nothing found")
        return
    table = Table("date", "", "source", "title", "names", "sanctions", box=None)
    for hit in hits:
        table.add_row(*_row(hit["_source"]))
    Console().print(table)
    click.echo(f"{len(hits)} of {total} articles")


def _row(article: dict[str, Any]) -> list[Any]:
    from wirewatch.show import cell

    names = [name for field in ("people", "organisations", "places") for name in article.get(field, [])]
    acts = ", ".join(article.get("sanction_acts", []))
    issuers = ", ".join(article.get("sanction_issuers", []))
    published = article.get("published_at")
    return [
        published[:10] if published else f"seen {article['fetched_at'][:10]}",
        article.get("language", "?"),
        cell(article["source"]),
        cell(article.get("title") or article.get("text", "")[:80], LINES),
        cell(", ".join(names[:NAMES_SHOWN]), LINES),
        cell(f"{acts} by {issuers}" if issuers else acts, LINES),
    ]
