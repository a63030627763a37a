"""`wirewatch metrics`: how the pipeline is doing, for Prometheus."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import click

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from wirewatch.watching.serving import Answer


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=9464,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--once", is_flag=True, help="Print the metrics and end.")
@click.pass_obj
def command(settings: Settings, host: str, port: int, once: bool) -> None:
    """Serve metrics to Prometheus: lag, what stands still, members, records, dead letters, alerts, feeds.

    \b
    wirewatch metrics
    curl localhost:9464/metrics
    curl localhost:9464/health

    /health answers 503 where a partition has stood still for 45 s although records wait, and says which.
    Everything is asked of Kafka, Elasticsearch and the feeds' store when it is scraped; one process serves
    for the whole pipeline. Whoever reaches the port reads counts and names of topics, no text of an article.
    """
    from wirewatch.local import LocalServiceError, resolve_endpoints
    from wirewatch.logs import mute_kafka
    from wirewatch.measuring import Measuring
    from wirewatch.metrics import exposition
    from wirewatch.standing import Offsets, Standing

    mute_kafka()
    try:
        found = resolve_endpoints(settings)
        measuring = Measuring(found)
    except LocalServiceError as error:
        raise click.ClickException(str(error)) from None
    try:
        if once:
            click.echo(exposition(measuring.samples()), nl=False)
        else:
            with closing(Offsets(found.kafka)) as offsets, Standing(offsets) as standing:
                text = lambda: exposition([*measuring.samples(), *standing.samples()])  # noqa: E731
                _serve(host, port, text, standing.health)
    except OSError as error:
        raise click.ClickException(f"{host}:{port} can't be listened on: {error}") from None
    finally:
        measuring.close()


def _serve(host: str, port: int, text: Callable[[], str], health: Callable[[], Answer]) -> None:
    """Answer until SIGTERM or SIGINT."""
    from wirewatch.metrics import CONTENT_TYPE
    from wirewatch.watching.serving import Answer, listening

    answers = {"/metrics": lambda: Answer(text().encode(), CONTENT_TYPE), "/health": health}
    with listening(host, port, answers) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        click.echo(f"http://{host}:{server.server_port}/metrics", err=True)
        server.serve_forever(poll_interval=0.2)
