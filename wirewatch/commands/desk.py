"""`wirewatch desk`: the page and the search API."""

from __future__ import annotations

from contextlib import closing

import click

from wirewatch.settings import Settings, overridden

WARMING = ("United States", "Россия", "الأمم المتحدة", "한국", "中国", "Some Unknown Name")
"""Names that have the lists of names read, lest the first searcher of each script wait for it."""


@click.command()
@click.option("--host", help="Address to listen on, in place of the one in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--end-with-parent", is_flag=True, help="Stop when standard input ends.")
@click.pass_obj
def command(settings: Settings, host: str | None, port: int | None, end_with_parent: bool) -> None:
    """Serve the newsroom's page and its API: search, the live stream, alerts, the ledger, rules, the state.

    \b
    wirewatch desk
    curl 'http://127.0.0.1:8482/api/articles?q=sanctions&since=7d'

    /api/openapi.json describes it. Beyond this machine it listens only with a token or a password
    ([desk]).
    """
    from processors.names.meant import entities_meant
    from wirewatch.desk.app import Desk, build_app
    from wirewatch.desk.options import desk_options
    from wirewatch.desk.server import serve
    from wirewatch.desk.state import State
    from wirewatch.elastic import cluster
    from wirewatch.parent import end_with_parent as follow_parent

    desk = overridden(settings.desk, "desk", host=host, port=port)
    if end_with_parent:
        follow_parent()
    for name in WARMING:
        entities_meant(name)
    options = desk_options(desk)
    with cluster(settings) as (client, prefix), closing(State(_resolved(settings), client)) as state:
        app = build_app(Desk(client, prefix, entities_meant, state.now), options)
        try:
            serve(app, options, lambda address: click.echo(f"The desk: {address}"))
        except OSError as error:
            raise click.ClickException(f"{desk.host}:{desk.port} can't be listened on: {error}") from None


def _resolved(settings: Settings) -> Settings:
    """The settings with what runs here filled in, where anything does."""
    from wirewatch.local import LocalServiceError, resolve_endpoints

    try:
        return resolve_endpoints(settings)
    except LocalServiceError:
        return settings
