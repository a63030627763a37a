"""`wirewatch rules`: alert rules, checked, tried, applied, listed, silenced; and what they raised."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from sinks.alerts.rules import Rule

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Span(click.ParamType):
    """A length of time: 90s, 15m, 6h, 7d, 2w."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The time, or a usage error that says how to write one."""
        if isinstance(value, timedelta):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        if unit in UNITS and number.isdecimal() and 0 < int(number) < 100_000:
            return timedelta(**{UNITS[unit]: int(number)})
        return self.fail(f"{value!r} is no length of time such as 90s, 15m, 6h, 7d, 2w", param, ctx)


@click.group()
def command() -> None:
    """Check, try, apply, list and silence alert rules.

    A rule is a YAML file: the built-in ones, and those in the folder that alerts.rules_dir names, where
    channels.yaml says where alerts go.
    """


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def check(settings: Settings, files: tuple[Path, ...]) -> None:
    """Check rule files, or all rules and channels: every fault with its file and line. Needs no cluster."""
    rules = _load(settings, files)
    click.echo(f"{len(rules)} rules, no faults")


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--since", type=Span(), default="7d", show_default=True, help="How far back to try.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Alerts to show."
)
@click.pass_obj
def test(settings: Settings, files: tuple[Path, ...], since: timedelta, limit: int) -> None:
    r"""Show what rules would have raised of late, and why. Nothing is stored, nobody is told.

    \b
    wirewatch rules test rules/missile-tests.yaml --since 30d
    """
    from processors.names.meant import entities_meant
    from sinks.alerts.trial import try_rule
    from wirewatch.elastic import cluster

    rules = _load(settings, files)
    now = datetime.now(UTC)
    with cluster(settings) as (client, prefix):
        for rule in rules:
            _show_trial(rule, try_rule(client, prefix, rule, now - since, now, entities_meant), limit)


def _show_trial(rule: Rule, trial: Any, limit: int) -> None:
    from sinks.alerts.trial import telling
    from wirewatch.terminal import printable

    loud = [firing for firing in trial.firings if firing.quiet is None]
    quiet = len(trial.firings) - len(loud)
    matched = f"{'at least ' if trial.is_cut else ''}{trial.documents} {rule.watch} match"
    click.echo(f"{rule.id}: {len(loud)} alerts, {quiet} kept quiet; {matched}")
    for firing in telling(trial.firings, limit):
        alert = firing.alert
        why = "; ".join(part for part in (alert.group, alert.because, firing.quiet) if part)
        line = f"{firing.at:%Y-%m-%d %H:%M}  {alert.title}{f'  [{why}]' if why else ''}"
        click.echo(printable(f"  {line}  {alert.url or alert.article_id}"))


@command.command()
@click.option("--prune", is_flag=True, help="Remove stored rules that have no file any more.")
@click.pass_obj
def apply(settings: Settings, prune: bool) -> None:
    """Store the rules in the cluster, effective at once. Exit code 1 if a query is refused."""
    from processors.names.meant import entities_meant
    from sinks.alerts.stored import store
    from wirewatch.elastic import cluster

    rules = _load(settings, ())
    with cluster(settings) as (client, prefix):
        changes = store(client, prefix, rules, prune=prune, meant=entities_meant)
    for change in changes:
        click.echo(f"{change.rule}: {change.what}{f' ({change.detail})' if change.detail else ''}")
    sys.exit(1 if any(change.what == "refused" for change in changes) else 0)


@command.command(name="list")
@click.pass_obj
def list_rules(settings: Settings) -> None:
    """List the rules that are in force, and the silences."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sinks.alerts.memory import Memory
    from sinks.alerts.stored import stored_rules
    from wirewatch.elastic import cluster
    from wirewatch.terminal import printable

    with cluster(settings) as (client, prefix):
        rules = stored_rules(client, prefix)
        silences = Memory(client, prefix).silences(datetime.now(UTC), _no_wait)
    table = Table("rule", "type", "watches", "severity", "description", box=None)
    for column in table.columns[:-1]:
        column.no_wrap = True
    for rule in rules:
        notes = ["off" if not rule.enabled else "", rule.owner or "", " ".join(rule.description.split())]
        told = Text(printable("; ".join(filter(None, notes))))
        table.add_row(rule.id, rule.type, rule.watch, rule.severity, told)
    Console().print(table)
    for silence in silences:
        group = f", group {silence.group}" if silence.group else ""
        click.echo(printable(f"{silence.rule}{group}: silenced until {silence.ends_at} ({silence.reason})"))


@command.command()
@click.argument("rule")
@click.option("--for", "length", type=Span(), required=True, help="How long: 2h, 3d.")
@click.option("--because", required=True, help="Why; it is kept with every alert that this suppresses.")
@click.option("--group", help="Only this group of the rule (as its alerts name it).")
@click.option("--owner", help="Who asked for it.")
@click.pass_obj
def silence(  # noqa: PLR0913, PLR0917
    settings: Settings, rule: str, length: timedelta, because: str, group: str | None, owner: str | None
) -> None:
    r"""Suppress a rule's alerts for a while, in force at once. RULE may hold * for several rules.

    Suppressed alerts are kept: wirewatch rules alerts --status suppressed. To end a silence early, give it
    the same rule and group and a short time.

    \b
    wirewatch rules silence missile-tests --for 6h --because 'exercise, announced'
    """
    from difflib import get_close_matches
    from fnmatch import fnmatchcase

    from sinks.alerts.memory import Memory, silence_of
    from sinks.alerts.stored import stored_rules
    from wirewatch.elastic import cluster
    from wirewatch.terminal import printable

    made = silence_of(rule, datetime.now(UTC), length, because, group=group, owner=owner)
    with cluster(settings) as (client, prefix):
        known = [one.id for one in stored_rules(client, prefix)]
        if not any(fnmatchcase(name, rule) for name in known):
            near = " or ".join(get_close_matches(rule, known))
            ask = f"is {near} meant?" if near else "to see all: wirewatch rules list"
            raise click.ClickException(f"no rule is called {printable(rule)}; {ask}")
        Memory(client, prefix).silence(made)
    click.echo(f"{rule}: silenced until {made.ends_at}")


@command.command()
@click.option("--since", type=Span(), default="1d", show_default=True, help="How far back.")
@click.option("--rule", help="Only this rule's.")
@click.option(
    "--status",
    type=click.Choice(["created", "sent", "suppressed", "undelivered"]),
    help="Waiting to be sent, sent, kept quiet, or refused by a channel for good.",
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="Alerts to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def alerts(  # noqa: PLR0913, PLR0917
    settings: Settings, since: timedelta, rule: str | None, status: str | None, limit: int, as_json: bool
) -> None:
    """List alerts, newest first: those sent, and those that wait or were suppressed, with the reason."""
    import json

    from sinks.alerts.ledger import latest_alerts
    from wirewatch.elastic import cluster
    from wirewatch.terminal import printable

    with cluster(settings) as (client, prefix):
        found = latest_alerts(client, prefix, datetime.now(UTC) - since, rule=rule, status=status, size=limit)
    for alert in found:
        if as_json:
            click.echo(json.dumps(alert, ensure_ascii=False))
        else:
            click.echo(printable("\n    ".join(_alert_lines(alert))))


def _alert_lines(alert: dict[str, Any]) -> list[str]:
    told = f"{alert['created_at'][:16]}  {alert['status']:10}  {alert['rule']}: {alert['title']}"
    reasons = [alert.get("suppressed_because"), alert.get("held_because"), *alert.get("undelivered", [])]
    return [told, *filter(None, reasons)]


@command.command()
def schema() -> None:
    r"""Print the JSON Schema of a rule, for editors that complete and check YAML.

    \b
    wirewatch rules schema > rule.schema.json
    """
    import msgspec

    from sinks.alerts.rules import Rule

    click.echo(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Rule))))


@command.command()
@click.argument("alert_ids", nargs=-1, required=True)
@click.pass_obj
def resend(settings: Settings, alert_ids: tuple[str, ...]) -> None:
    """Send alerts again to the channels that refused them, after the cause has been mended."""
    from sinks.alerts.ledger import send_again
    from wirewatch.elastic import cluster

    with cluster(settings) as (client, prefix):
        again = [alert_id for alert_id in alert_ids if send_again(client, prefix, alert_id)]
    for alert_id in alert_ids:
        click.echo(f"{alert_id}: {'goes out again' if alert_id in again else 'no channel refused it'}")
    sys.exit(0 if len(again) == len(alert_ids) else 1)


def _load(settings: Settings, files: Sequence[Path]) -> list[Rule]:
    from sinks.alerts.channels_file import OURS, load_channels
    from sinks.alerts.rules import RuleError, load_rules, rule_files, unknown_channels

    try:
        if files:
            return load_rules(files)
        own = rule_files(settings.alerts.rules_dir)
        rules = load_rules(own)
        faults = unknown_channels(own, {*OURS, *load_channels(settings.alerts.rules_dir)})
    except (RuleError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from None
    if faults:
        raise click.ClickException(str(RuleError(faults)))
    return rules


def _no_wait(_seconds: float) -> None:
    raise click.ClickException("Elasticsearch does not answer")
