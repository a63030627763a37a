"""`wirewatch doctor`: what is wrong with this set-up, and how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from wirewatch.doctor import Finding

STYLES = {"ok": "green", "note": "yellow", "fault": "bold red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON document.")
@click.pass_obj
def command(settings: Settings, as_json: bool) -> None:
    """Say what is wrong with this set-up and how to mend it.

    Looks at the machine, Java and jars, Kafka with its topics and groups, Elasticsearch with its indices,
    dead letters, alert rules and channels, watchlists, feeds and the names model. Changes nothing. Exit
    code 1 if there is a fault; notes are no faults.
    """
    from rich.console import Console

    from wirewatch.doctor import examine
    from wirewatch.logs import mute_kafka

    mute_kafka()
    console = Console()
    if as_json:
        findings = list(examine(settings))
        click.echo(msgspec.json.format(msgspec.json.encode({"findings": findings}), indent=1))
    else:
        with console.status("Looking"):
            findings = list(examine(settings))
        _show(findings, console)
    sys.exit(1 if any(found.verdict == "fault" for found in findings) else 0)


def _show(findings: Sequence[Finding], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for found in findings:
        what = f"{found.what}\n→ {found.mend}" if found.mend else found.what
        table.add_row(Text(found.verdict, style=STYLES[found.verdict]), Text(found.subject), Text(what))
    console.print(table)
