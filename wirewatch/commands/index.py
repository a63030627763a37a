"""`wirewatch index`: the Elasticsearch templates and indices."""

from __future__ import annotations

import sys

import click

from wirewatch.settings import Settings


@click.group()
def command() -> None:
    """Apply the Elasticsearch templates and indices, or show them."""


@command.command()
@click.pass_obj
def apply(settings: Settings) -> None:
    """Create what is missing and extend what has grown. Deletes nothing.

    Exit code 1 where an index can't follow its template.
    """
    from sinks.elasticsearch.indices import apply as apply_indices
    from wirewatch.elastic import cluster
    from wirewatch.sinking import changes_text

    with cluster(settings) as (client, prefix):
        changes = apply_indices(client, prefix)
    click.echo(changes_text(changes))
    sys.exit(1 if any(change.what == "conflict" for change in changes) else 0)


@command.command()
@click.argument("kinds", nargs=-1)
@click.pass_obj
def show(settings: Settings, kinds: tuple[str, ...]) -> None:
    """Print the index templates as JSON, of all kinds or those named. Needs no cluster."""
    import json

    from sinks.elasticsearch.indices import alias
    from sinks.elasticsearch.templates import KINDS, template

    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise click.BadParameter(f"no index is called {', '.join(unknown)}; there are {', '.join(KINDS)}")
    prefix = settings.elasticsearch.index_prefix
    templates = {
        alias(prefix, kind): template(kind, f"{alias(prefix, kind)}-*")
        for kind in KINDS
        if not kinds or kind in kinds
    }
    click.echo(json.dumps(templates, indent=2, ensure_ascii=False))
