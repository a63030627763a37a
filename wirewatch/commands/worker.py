"""`wirewatch worker`: the Faust agents, all groups of stages or the ones named."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack, closing
from dataclasses import replace

import click

from schemas.article import Lane
from wirewatch.settings import ConfigurationError, Settings


@click.command()
@click.option(
    "--groups", default="", help="Comma-separated: intake, stories, understanding, threads, designations."
)
@click.option(
    "--lane", type=click.Choice(["live", "backfill"]), default="live", show_default=True, help="Whose topics."
)
@click.option(
    "--instance",
    default="",
    help="A name for this worker, unique in its groups: it keeps its partitions and state over a restart.",
)
@click.option("--end-with-parent", is_flag=True, help="Stop when standard input ends.")
@click.pass_obj
def command(settings: Settings, groups: str, lane: Lane, instance: str, end_with_parent: bool) -> None:
    """Run the agents that understand articles.

    Give the heavy group its own machines: wirewatch worker --groups understanding

    In the backfill lane it takes the lowest priority of the machine, and waits while live news are late;
    not with a group that both lanes share, designations, which is left out there unless it is named.
    """
    from kafka.admin import KafkaAdminClient

    from processors.names.hub import ModelError
    from wirewatch.backfill import governed, step_back
    from wirewatch.kafka import admin_options, reachable_kafka
    from wirewatch.parent import end_with_parent as follow_parent
    from wirewatch.watching import watching
    from wirewatch.worker import agent_options, chosen_groups, run_groups

    try:
        chosen = chosen_groups([name.strip() for name in groups.split(",") if name.strip()], lane)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--groups") from None
    if end_with_parent:
        follow_parent()
    reachable = settings.model_copy(update={"kafka": reachable_kafka(settings)})
    options = agent_options(reachable, lane, instance)
    with ExitStack() as opened:
        seen = opened.enter_context(watching(reachable))
        admin = opened.enter_context(closing(KafkaAdminClient(**admin_options(reachable.kafka))))
        if lane == "backfill" and all(group.source.per_lane for group in chosen):
            step_back()
            options = replace(options, turn=opened.enter_context(governed(reachable.kafka)))
        try:
            sys.exit(asyncio.run(run_groups(chosen, options, admin, seen)))
        except ModelError as error:
            raise ConfigurationError(str(error)) from None
