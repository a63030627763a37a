"""`wirewatch sink`: enriched records into Elasticsearch, and alerts out of them."""

from __future__ import annotations

import signal
import sys
import threading

import click

from wirewatch.settings import ConfigurationError, Settings


@click.command()
@click.option("--only", type=click.Choice(["elasticsearch", "alerts"]), help="Run one of the two sinks.")
@click.option("--end-with-parent", is_flag=True, help="Stop when standard input ends.")
@click.pass_obj
def command(settings: Settings, only: str | None, end_with_parent: bool) -> None:
    """Write enriched records into Elasticsearch and raise alerts.

    Runs until SIGTERM or Ctrl-C, finishes the batch in hand and exits with 0; with 1 if a sink fell by
    itself. As many processes as there are partitions may run at once: each record is stored once and each
    alert is sent once all the same.
    """
    from sinks.alerts.rules import RuleError
    from wirewatch.elastic import ensure_not_refused
    from wirewatch.kafka import reachable_kafka
    from wirewatch.local import LocalServiceError, resolve_endpoints
    from wirewatch.parent import end_with_parent as follow_parent
    from wirewatch.sinking import IndexConflictError, run_sinks

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if end_with_parent:
        follow_parent()
    names = [only] if only else ["elasticsearch", "alerts"]
    try:
        reachable_kafka(settings)
        found = resolve_endpoints(settings)
        ensure_not_refused(found.elasticsearch)
        sys.exit(run_sinks(found, names, stop))
    except (ConfigurationError, RuleError, FileNotFoundError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (LocalServiceError, IndexConflictError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
