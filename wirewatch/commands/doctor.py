"""`wirewatch doctor`: what is wrong with this set-up, and how to mend it."""

from __future__ import annotations

import sys

import click

from wirewatch.settings import Settings

STYLES = {"ok": "green", "note": "yellow", "fault": "bold red"}


@click.command()
@click.pass_obj
def command(settings: Settings) -> None:
    """Say what is wrong with this set-up and how to mend it.

    Looks at Python, Java, jars, disk, the data folder, Kafka and its topics, Elasticsearch and its
    indices. Changes nothing. Exit code 1 if there is a fault; notes are no faults.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from wirewatch.doctor import examine
    from wirewatch.logs import mute_kafka

    mute_kafka()
    console = Console()
    with console.status("Looking"):
        findings = list(examine(settings))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for found in findings:
        what = f"{found.what}\n→ {found.mend}" if found.mend else found.what
        table.add_row(Text(found.verdict, style=STYLES[found.verdict]), Text(found.subject), Text(what))
    console.print(table)
    sys.exit(1 if any(found.verdict == "fault" for found in findings) else 0)
