"""The command line. Each command is a module of `wirewatch.commands`, imported only when it is asked for."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from wirewatch.logs import configure_logs
from wirewatch.settings import ConfigurationError, load_settings

COMMANDS = {
    "up": "Start everything here, feed it, watch what arrives",
    "produce": "Push articles from files, folders, JSON Lines or standard input",
    "feeds": "Follow feeds: list, add, check, import, export, run",
    "crawl": "Fetch pages from the web and push their articles",
    "sitemap": "Push what is new on a site, by its sitemaps",
    "push-server": "Take articles over HTTP, acknowledged once Kafka has them",
    "warc": "Push the articles of web archives (WARC files)",
    "worker": "Run the Faust agents that understand articles",
    "sink": "Write enriched records into Elasticsearch and raise alerts",
    "enrich": "Understand articles offline and print them as JSON Lines",
    "topics": "Show, create and compare the Kafka topics",
    "index": "Apply the Elasticsearch templates and indices",
    "rules": "Check, apply and list alert rules",
    "watchlist": "Import and try lists of sanctioned persons and bodies",
    "search": "Search the indexed articles",
    "desk": "Serve the newsroom's page and the search API",
    "designations": "List and show designations: who sanctioned whom, told by whom",
    "dlq": "List, show and replay dead letters",
    "metrics": "Tell Prometheus how the pipeline is doing",
    "schema": "Print or check the JSON Schema of the records",
    "doctor": "Say what is wrong with this set-up and how to mend it",
}


class _LazyCommands(click.Group):
    """Commands by name; `--help` imports none of them, so it answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"wirewatch.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """What no command can go on without, told in a sentence."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            click.echo(f"The settings can't be used:\n{error}", err=True)
            sys.exit(2)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            if not _is_told(error):
                raise
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _is_told(error: Exception) -> bool:
    """Whether the message says all there is to say: no trace of the stack then."""
    from wirewatch.admission import NotAdmittedError
    from wirewatch.local.errors import LocalServiceError

    return isinstance(error, LocalServiceError | NotAdmittedError)


@click.command(cls=_LazyCommands, epilog="Try: wirewatch up    or: wirewatch enrich FILE…")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of local services and state.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@click.version_option(package_name="wirewatch")
@click.pass_context
def main(ctx: click.Context, config: Path | None, data_dir: Path | None, log_level: str | None) -> None:
    """Wirewatch: raw news in, searchable, enriched and alerted on, out."""
    settings = load_settings(config, data_dir=data_dir, log_level=log_level)
    configure_logs(settings.log_level, settings.log_format)
    ctx.obj = settings
