"""`wirewatch up`: everything on this machine, in one command."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from wirewatch.admission import NotAdmittedError
from wirewatch.local import ConsoleProgress, LocalServiceError
from wirewatch.logs import configure_logs
from wirewatch.samples import SAMPLES_DIR
from wirewatch.settings import Settings
from wirewatch.show import board, line
from wirewatch.sinking import IndexConflictError
from wirewatch.terminal import printable
from wirewatch.topics import TopicsError
from wirewatch.up import Fate, Fed, Up

INTERRUPTED = 130


@click.command()
@click.option(
    "--input", "first", multiple=True, type=click.Path(path_type=Path), help="Files or folders to feed."
)
@click.option("--samples", is_flag=True, help="Feed the sample articles that come with Wirewatch.")
@click.option("--exit-when-idle", is_flag=True, help="End when everything that was fed is through.")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def command(
    ctx: click.Context, first: tuple[Path, ...], samples: bool, exit_when_idle: bool, more: tuple[Path, ...]
) -> None:
    """Start Kafka, Elasticsearch, workers and sinks here, feed them, and show what arrives.

    Runs until Ctrl-C, or with --exit-when-idle until every article is in the index or set aside; it then
    says where each one went, and exits with 0 if none is missing.

    \b
    wirewatch up --samples
    wirewatch up --exit-when-idle --input pages/
    """
    settings: Settings = ctx.obj
    config_file = ctx.parent.params.get("config") if ctx.parent else None
    inputs = [*([SAMPLES_DIR] if samples else []), *first, *more]
    interrupted = _interruption()
    console = Console(highlight=False)
    try:
        with Up(settings, ConsoleProgress(), config_file) as up:
            code = _until_interrupted(up, inputs, exit_when_idle, console, interrupted)
    except (LocalServiceError, NotAdmittedError, IndexConflictError, TopicsError) as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        code = INTERRUPTED
    console.print("Stopped.", style="dim")
    sys.exit(code)


def _interruption() -> threading.Event:
    """Set by Ctrl-C and SIGTERM, which also raise: kafka-python lets go of what is raised in its own loop."""
    interrupted = threading.Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    return interrupted


def _until_interrupted(
    up: Up, inputs: list[Path], exit_when_idle: bool, console: Console, interrupted: threading.Event
) -> int:
    """The exit code: being interrupted is how an `up` ends, unless it was to end by itself."""
    code = 0
    with suppress(KeyboardInterrupt):
        code = _watch(up, inputs, exit_when_idle, console, interrupted)
    if interrupted.is_set():
        code = INTERRUPTED if exit_when_idle else 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what stops in order needs no second Ctrl-C
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    console.print("Stopping…", style="dim")
    return code


def _watch(
    up: Up, inputs: list[Path], exit_when_idle: bool, console: Console, interrupted: threading.Event
) -> int:
    kafka, elasticsearch = up.settings.kafka.bootstrap_servers, up.settings.elasticsearch.url
    logs = up.settings.data_dir / "logs"
    console.print(f"Kafka {kafka}   Elasticsearch {elasticsearch}   logs {logs}", style="dim", soft_wrap=True)
    console.print(f"The desk: {up.desk_address}", soft_wrap=True)
    fed = up.feed(inputs)
    if inputs:
        _tell_fed(fed, console)
    if console.is_terminal:
        configure_logs(up.settings.log_level, up.settings.log_format, logs / "up.log")
        with Live(console=console, refresh_per_second=4, vertical_overflow="crop") as live:
            up.run(
                lambda behind: live.update(board(up.arrivals, _note(up, behind), *console.size)),
                until_idle=exit_when_idle,
                stop=interrupted,
            )
    else:
        up.run(_Lines(up, console).show, until_idle=exit_when_idle, stop=interrupted)
    if interrupted.is_set() or not exit_when_idle:
        return 0
    return _report(up.fates(fed), len(up.arrivals.alerts), console)


def _tell_fed(fed: Fed, console: Console) -> None:
    console.print(f"{len(fed.labels)} articles acknowledged by Kafka")
    for item in fed.unreadable:
        text = printable(f"{item.place}: {item.reason}: {item.detail}")
        console.print(Text(text, "yellow"), soft_wrap=True)


def _note(up: Up, behind: int) -> str:
    dead = sum(letter.kind == "dead" for letter in list(up.arrivals.dead_letters.values()))
    parts = [
        f"{behind} records on their way" if behind else "all is through",
        f"{dead} dead letters (wirewatch dlq list)" if dead else "",
        *(f"{name} fell {falls} times (logs/{name}.log)" for name, falls in up.children.fallen()),
        "Ctrl-C stops",
    ]
    return " · ".join(filter(None, parts))


class _Lines:
    """Prints each arrival once, as a line, where there is no terminal to draw on."""

    def __init__(self, up: Up, console: Console) -> None:
        self._up, self._console = up, console
        self._shown: set[str] = set()

    def show(self, behind: int) -> None:  # noqa: ARG002
        arrivals = self._up.arrivals
        for article in list(arrivals.articles.values()):
            self._once(article.id, line(article))
        for alert in list(arrivals.alerts.values()):
            self._once(alert.id, f"ALERT {alert.rule}: {alert.title}: {alert.text}")
        for letter in list(arrivals.dead_letters.values()):
            self._once(letter.id, f"{letter.kind}: {letter.reason} in {letter.stage}: {letter.detail}")

    def _once(self, key: str, text: str) -> None:
        if key not in self._shown:
            self._shown.add(key)
            self._console.print(Text(text), soft_wrap=True)


def _report(fates: list[Fate], alerts: int, console: Console) -> int:
    for fate in fates:
        console.print(Text(f"{fate.label}: {fate.what}"), soft_wrap=True)
    missing = [fate for fate in fates if not fate.through]
    console.print(f"{len(fates)} articles, {len(missing)} missing, {alerts} new alerts")
    return 1 if missing else 0
