"""Break everything on purpose and count: `python -m tests.faults --articles 20000 --seeds 20`."""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
import structlog

from tests.faults.run import Plan, all_runs
from tests.faults.schedule import KINDS


@click.command()
@click.option("--articles", "records", default=20_000, show_default=True, help="In a run, poison included.")
@click.option("--seeds", default=20, show_default=True, help="How many runs, one seed each.")
@click.option("--seed", "first", default=0, show_default=True, help="The first seed.")
@click.option("--steps", default=18, show_default=True, help="Faults in a run.")
@click.option("--longest", default=20.0, show_default=True, help="Seconds that a fault lasts at most.")
@click.option("--only", multiple=True, type=click.Choice(list(KINDS)), help="Kinds of fault; all by default.")
@click.option("--model", default="gazetteer", show_default=True, help="names.model: gazetteer or builtin.")
@click.option("--folder", type=click.Path(path_type=Path), help="Kept, with all logs; else a temporary one.")
def main(  # noqa: PLR0917
    records: int,
    seeds: int,
    first: int,
    steps: int,
    longest: float,
    only: tuple[str, ...],
    model: str,
    folder: Path | None,
) -> None:
    """Run the pipeline under faults; exit code 1 if anything was lost, doubled or repeated."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and so leaves no process and no mount
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with ExitStack() as opened:
        place = folder or Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        plan = Plan(records, steps, longest, only or tuple(KINDS))
        reports, orphans = all_runs(place.absolute(), range(first, first + seeds), plan, model, click.echo)
    clean = [report for report in reports if report.is_clean]
    click.echo(f"\n{len(clean)} of {len(reports)} seeds clean; orphan processes: {len(orphans)}")
    for pid, words in orphans.items():
        click.echo(f"  {pid}: {words}")
    sys.exit(0 if len(clean) == len(reports) and not orphans else 1)


if __name__ == "__main__":
    main()
