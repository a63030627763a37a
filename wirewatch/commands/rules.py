"""`wirewatch rules`: alert rules, checked, applied, listed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from sinks.alerts.rules import Rule


@click.group()
def command() -> None:
    """Check, apply and list alert rules.

    A rule is a YAML file: the built-in ones, and those in the folder that alerts.rules_dir names.
    """


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def check(settings: Settings, files: tuple[Path, ...]) -> None:
    """Check rule files, or all rules there are: every fault with its file and line. Needs no cluster."""
    rules = _load(settings, files)
    click.echo(f"{len(rules)} rules, no faults")


@command.command()
@click.option("--prune", is_flag=True, help="Remove stored rules that have no file any more.")
@click.pass_obj
def apply(settings: Settings, prune: bool) -> None:
    """Store the rules in the cluster, effective at once. Exit code 1 if a query is refused."""
    from sinks.alerts.stored import store
    from wirewatch.elastic import cluster

    rules = _load(settings, ())
    with cluster(settings) as (client, prefix):
        changes = store(client, prefix, rules, prune=prune)
    for change in changes:
        click.echo(f"{change.rule}: {change.what}{f' ({change.detail})' if change.detail else ''}")
    sys.exit(1 if any(change.what == "refused" for change in changes) else 0)


@command.command(name="list")
@click.pass_obj
def list_rules(settings: Settings) -> None:
    """List the rules that are in force."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sinks.alerts.stored import stored_rules
    from wirewatch.elastic import cluster

    with cluster(settings) as (client, prefix):
        rules = stored_rules(client, prefix)
    table = Table("rule", "watches", "key", "severity", "enabled", "description", box=None)
    for rule in rules:
        description = Text(" ".join(rule.description.split()))
        table.add_row(
            rule.id, rule.watch, rule.key, rule.severity, "yes" if rule.enabled else "no", description
        )
    Console().print(table)


def _load(settings: Settings, files: Sequence[Path]) -> list[Rule]:
    from sinks.alerts.rules import RuleError, load_rules, rule_files

    try:
        return load_rules(files or rule_files(settings.alerts.rules_dir))
    except (RuleError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from None
