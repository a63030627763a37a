"""`wirewatch designations`: the ledger of sanctions, from the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import click
import msgspec

from schemas.article import Act
from schemas.designation import Designation
from wirewatch.settings import Settings


@click.group()
def command() -> None:
    """List and show designations: who sanctioned whom, who told of it first, and what each article added.

    docs/designations.md says how it is decided what is new.
    """


@command.command("list")
@click.option(
    "--issuer", help="Only those by this issuer: a name in any script, or an id (state:US, org:EU)."
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only those first seen on this day or after."
)
@click.option("--act", type=click.Choice(get_args(Act)), help="Only acts of this kind.")
@click.option("--lang", help="Only those told by an article in this language (ISO 639-1: ar, ru, zh, …).")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many to show."
)
@click.option("--json", "as_json", is_flag=True, help="One ledger entry as JSON a line, sightings included.")
@click.pass_obj
def list_(  # noqa: PLR0913 - click hands over each option
    settings: Settings,
    *,
    issuer: str | None,
    since: datetime | None,
    act: str | None,
    lang: str | None,
    limit: int,
    as_json: bool,
) -> None:
    r"""List designations, the latest first.

    \b
    wirewatch designations list --issuer 'European Union' --since 2026-03-01
    wirewatch designations list --lang ar --json
    """
    from rich.console import Console

    from processors.names.meant import ids_meant
    from sinks.elasticsearch.query import designations_query
    from wirewatch.ledger import ledger_table

    issuer_ids = [issuer, *ids_meant(issuer)] if issuer else []
    query = designations_query(issuer_ids, since.date().isoformat() if since else None, act, lang)
    found, total = _search(settings, query, limit)
    if as_json:
        _print_json(found)
    elif found:
        Console().print(ledger_table(found))
        click.echo(f"{len(found)} of {total} designations")
    else:
        click.echo("no designation is like that")


@command.command()
@click.argument("designation_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The ledger entry as JSON.")
@click.pass_obj
def show(settings: Settings, designation_id: str, *, as_json: bool) -> None:
    """Show one designation with all its sources and decisions: ID is its id, or enough of its beginning."""
    from rich.console import Console

    from wirewatch.ledger import described

    found, _ = _search(settings, {"prefix": {"id": designation_id}}, 2)
    if len(found) != 1:
        why = "more than one id begins with" if found else "no designation has the id"
        raise click.ClickException(f"{why} {designation_id}")
    if as_json:
        _print_json(found)
    else:
        Console().print(described(found[0]))


def _search(settings: Settings, query: dict[str, Any], limit: int) -> tuple[list[Designation], int]:
    from sinks.elasticsearch.indices import alias
    from wirewatch.elastic import cluster

    with cluster(settings) as (client, prefix):
        answer = client.search(
            index=alias(prefix, "designations"),
            query=query,
            sort=[{"first_seen_at": "desc"}, {"id": "asc"}],
            size=limit,
            source_includes=["record"],
            track_total_hits=True,
        )
    hits = answer["hits"]
    try:
        found = [msgspec.convert(hit["_source"]["record"], Designation) for hit in hits["hits"]]
    except msgspec.ValidationError as error:
        raise click.ClickException(f"the ledger was written by a later version; upgrade: {error}") from None
    return found, hits["total"]["value"]


def _print_json(found: list[Designation]) -> None:
    for designation in found:
        click.echo(msgspec.json.encode(designation).decode())
