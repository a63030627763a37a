"""`wirewatch dlq`: what could not be handled, why, and once more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import click

from schemas.dead_letter import DeadLetter
from wirewatch.logs import mute_kafka
from wirewatch.settings import Settings
from wirewatch.terminal import one_line, printable

SHOWN_CHARACTERS = 4000


@click.group()
def command() -> None:
    """List, show and replay dead letters: records that no stage or sink could handle.

    Dropped records, such as empty pages, are among them, so that every record can be accounted for.
    """
    mute_kafka()


@command.command("list")
@click.option("--reason", help="Only those that failed for this reason.")
@click.option("--stage", help="Only those that failed in this stage.")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Latest to name.")
@click.pass_obj
def list_(settings: Settings, reason: str | None, stage: str | None, limit: int) -> None:
    """Count dead letters by reason, stage and origin, and name the latest."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from wirewatch.dead_letters import group_letters, without_payload

    letters = without_payload(
        letter
        for letter in _letters(settings)
        if reason in (None, letter.reason) and stage in (None, letter.stage)
    )
    if not letters:
        click.echo("no dead letters")
        return
    table = Table("count", "reason", "stage", "origin", "latest", box=None)
    for group in group_letters(letters):
        cells = (str(group.letters), group.reason, group.stage, group.origin, group.last_failed_at)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    Console().print(table)
    for letter in islice(reversed(letters), limit):
        click.echo(f"\n{printable(letter.id)}  {_cause(letter)}\n  {one_line(letter.detail, 160)}")


@command.command()
@click.argument("letter_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Only the payload, byte for byte, into a file or a pipe.")
@click.pass_obj
def show(settings: Settings, letter_id: str, raw: bool) -> None:
    """Show one dead letter: ID is its id, or enough of its beginning."""
    found = _only(settings, letter_id)
    if not raw:
        click.echo("\n".join(_described(found)))
    elif sys.stdout.isatty():
        raise click.UsageError("a payload may steer the terminal: send --raw into a file or a pipe")
    else:
        click.get_binary_stream("stdout").write(found.payload)


@command.command()
@click.argument("letter_ids", nargs=-1, metavar="[ID]…")
@click.option("--reason", help="All that failed for this reason.")
@click.option("--all", "everything", is_flag=True, help="All that failed; not what was dropped.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.pass_obj
def replay(
    settings: Settings, letter_ids: tuple[str, ...], reason: str | None, everything: bool, dry_run: bool
) -> None:
    """Send dead letters back to the topics they came from, under their old keys.

    Do it after the cause has been mended. Ids stay the same, so nothing is stored twice.
    """
    if bool(letter_ids) + bool(reason) + everything != 1:
        raise click.UsageError("say which: ids, or --reason, or --all")

    def chosen(letter: DeadLetter) -> bool:
        if everything:
            return letter.kind == "dead"
        return letter.reason == reason or any(letter.id.startswith(each) for each in letter_ids)

    sys.exit(_say(settings, chosen) if dry_run else _replay(settings, chosen))


def _say(settings: Settings, chosen: Callable[[DeadLetter], bool]) -> int:
    from wirewatch.dead_letters import why_not_replayable

    for letter in filter(chosen, _letters(settings)):
        why = why_not_replayable(letter)
        would = f"would go to {letter.origin.topic}" if why is None else f"would stay: {printable(why)}"
        click.echo(f"{printable(letter.id)}  {would}")
    return 0


def _replay(settings: Settings, chosen: Callable[[DeadLetter], bool]) -> int:
    from producers.writer import Writer, WriterError
    from wirewatch.dead_letters import replay as send_back
    from wirewatch.kafka import producer_options, reachable_kafka

    try:
        with Writer(producer_options(reachable_kafka(settings))) as writer:
            done = send_back(filter(chosen, _letters(settings)), writer)
            lost = writer.not_acknowledged
    except WriterError as error:
        raise click.ClickException(str(error)) from None
    for topic, count in sorted(done.sent.items()):
        click.echo(f"{count} sent back to {topic}")
    for letter, why in done.refused:
        click.echo(f"{printable(letter.id)}: stays: {printable(why)}", err=True)
    for failure in lost:
        click.echo(f"{printable(failure.key)}: not acknowledged by {failure.topic}: {failure.why}", err=True)
    if not (done.sent or done.refused or lost):
        click.echo("no dead letter is like that", err=True)
    return 0 if done.sent and not done.refused and not lost else 1


def _letters(settings: Settings) -> Iterator[DeadLetter]:
    from wirewatch.dead_letters import DeadLettersError, read_dead_letters
    from wirewatch.kafka import consumer_options, reachable_kafka

    try:
        yield from read_dead_letters(consumer_options(reachable_kafka(settings)))
    except DeadLettersError as error:
        raise click.ClickException(str(error)) from None


def _only(settings: Settings, letter_id: str) -> DeadLetter:
    found = list(islice((letter for letter in _letters(settings) if letter.id.startswith(letter_id)), 2))
    if len(found) != 1:
        raise click.ClickException(
            f"more than one id begins with {letter_id}" if found else f"no dead letter has the id {letter_id}"
        )
    return found[0]


def _described(letter: DeadLetter) -> Iterator[str]:
    origin = letter.origin
    place = f"{origin.topic} partition {origin.partition} offset {origin.offset}"
    fields: dict[str, Any] = {
        "id": letter.id,
        "cause": _cause(letter),
        "detail": letter.detail,
        "from": place if origin.partition >= 0 else origin.topic,
        "key": origin.key,
        "article": letter.article_id,
        "payload": f"{letter.payload_bytes} bytes{', cut' if letter.truncated else ''}",
    }
    for name, value in fields.items():
        if value is not None:
            yield f"{name:8} {printable(str(value))}"
    if letter.traceback:
        yield "\n" + printable(letter.traceback.rstrip())
    text = printable(letter.payload.decode("utf-8", "backslashreplace"))
    yield "\n" + text[:SHOWN_CHARACTERS] + ("…" if len(text) > SHOWN_CHARACTERS else "")


def _cause(letter: DeadLetter) -> str:
    return printable(f"{letter.kind}, {letter.reason} ({letter.stage}, {letter.failed_at})")
