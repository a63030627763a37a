"""`wirewatch push-server`: articles over HTTP, into Kafka."""

from __future__ import annotations

import click

from wirewatch.settings import Settings, overridden


@click.command()
@click.option("--host", help="Address to listen on, in place of the one in the settings.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.")
@click.option("--end-with-parent", is_flag=True, help="Stop when standard input ends.")
@click.pass_obj
def command(settings: Settings, host: str | None, port: int | None, end_with_parent: bool) -> None:
    """Take articles over HTTP and answer 202 once Kafka has acknowledged them.

    \b
    wirewatch push-server
    curl -H 'Content-Type: application/json' -d '{"text": "…", "url": "https://…"}' localhost:8480/articles

    One article as JSON, or many as JSON Lines (application/x-ndjson), each also gzipped. /openapi.json
    describes it, /health says whether Kafka can be reached. Tokens and limits are settings ([push]).
    On SIGTERM it takes no more, and ends once what it has taken is acknowledged.
    """
    from wirewatch.kafka import reachable_kafka
    from wirewatch.logs import mute_kafka
    from wirewatch.parent import end_with_parent as follow_parent
    from wirewatch.pushing import run_endpoint

    push = overridden(settings.push, "push", host=host, port=port)
    if end_with_parent:
        follow_parent()
    mute_kafka()
    try:
        run_endpoint(settings.model_copy(update={"push": push}), reachable_kafka(settings))
    except OSError as error:
        raise click.ClickException(f"{push.host}:{push.port} can't be listened on: {error}") from None
