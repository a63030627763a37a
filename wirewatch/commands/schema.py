"""`wirewatch schema`: the records as JSON Schema."""

from __future__ import annotations

import sys

import click

from schemas.json_schema import RECORDS, schema_text, stale_schemas, write_schemas


@click.group()
def command() -> None:
    """Print or check the JSON Schema of the records.

    For programs in other languages that write to or read from the topics.
    """


@command.command("print")
@click.argument("record", type=click.Choice(list(RECORDS)))
def print_(record: str) -> None:
    r"""Print one record's JSON Schema (draft 2020-12).

    \b
    wirewatch schema print article > article.schema.json
    """
    click.echo(schema_text(record), nl=False)


@command.command()
def write() -> None:
    """Write the committed schemas anew, after a record has changed."""
    for path in write_schemas():
        click.echo(path)


@command.command()
def check() -> None:
    """Whether the committed schemas are those of the code; exit code 1 if not."""
    stale = stale_schemas()
    for name in stale:
        click.echo(
            f"{name}: the committed schema is out of date. To mend it: wirewatch schema write", err=True
        )
    sys.exit(1 if stale else 0)
