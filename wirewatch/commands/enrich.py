"""`wirewatch enrich`: understand articles with no service running."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from processors.names.hub import ModelError
from processors.pipeline import WiringError
from processors.stage import Dropped, Failed, Passed
from producers.files import Format, read_articles
from producers.unreadable import Unreadable
from schemas.article import Article
from schemas.wire import WireError, encode
from wirewatch.enrichment import Enrichment, stage_options
from wirewatch.settings import ConfigurationError, Settings
from wirewatch.terminal import printable


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--jsonl", "form", flag_value="jsonl", help="What no file name tells is JSON Lines.")
@click.option("--html", "form", flag_value="html", help="What no file name tells is HTML.")
@click.option("--stages", default="", help="Comma-separated; only these run, and the text is taken as it is.")
@click.option("--source", help="The outlet, where the input does not name one.")
@click.pass_obj
def command(
    settings: Settings, paths: tuple[Path, ...], form: Format | None, stages: str, source: str | None
) -> None:
    """Understand text and HTML files, folders, JSON Lines or standard input (-), offline.

    Prints one enriched article as JSON a line. JSON Lines are objects of {"id", "text" or "html", "source",
    "url"}; the id is kept as external_id. What could not be read or understood is named on standard error,
    and the exit code is then 1; an article dropped for a reason (an empty page, say) is named too.

    \b
    wirewatch enrich article.txt | jq .sanctions
    cat articles.jsonl | wirewatch enrich --jsonl -
    wirewatch enrich --stages names notes.txt
    """
    chosen = [name.strip() for name in stages.split(",") if name.strip()]
    try:
        enrich = Enrichment(chosen, stage_options(settings), settings.worker.designation_window_days)
    except WiringError as error:
        raise click.BadParameter(str(error), param_hint="--stages") from None
    except ModelError as error:
        raise ConfigurationError(str(error)) from None
    faults = [_fault(item, enrich) for item in read_articles(paths, source=source, form=form)]
    sys.exit(1 if any(faults) else 0)


def _fault(item: Article | Unreadable, enrich: Enrichment) -> bool:
    """Print one article enriched, or say why not. True where that is a fault."""
    if isinstance(item, Unreadable):
        click.echo(printable(f"{item.place}: {item.reason}: {item.detail}"), err=True)
        return True
    name = item.external_id or item.url or item.id
    outcome = enrich(item)
    try:
        if isinstance(outcome, Passed):
            sys.stdout.buffer.write(encode(outcome.article) + b"\n")
            sys.stdout.buffer.flush()
    except WireError as error:
        outcome = Failed(error.reason, str(error), "encode")
    if isinstance(outcome, Dropped):
        click.echo(printable(f"{name}: dropped by {outcome.stage}: {outcome.reason}"), err=True)
    if isinstance(outcome, Failed):
        said = f"{name}: failed in {outcome.stage}: {outcome.reason}: {outcome.detail}"
        click.echo(printable(said), err=True)
    return isinstance(outcome, Failed)
