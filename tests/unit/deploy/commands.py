"""Commands as deployment files write them, held against the command line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from wirewatch.cli import main


def parsed(arguments: Sequence[str]) -> click.Context:
    """The context of the innermost command; raises `click.UsageError` for what it does not know."""
    context = main.make_context("wirewatch", list(arguments))
    command: click.Command = main
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)
    return context
