"""`wirewatch watchlist`: lists of persons and bodies to watch, imported, shown, tried and corrected."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from schemas.article import MentionType
from wirewatch.settings import Settings, watchlists_folder
from wirewatch.terminal import one_line, printable

if TYPE_CHECKING:
    from processors.watchlists import Entry, Store
    from processors.watchlists.decide import Verdict
    from processors.watchlists.importing import Report

FORMATS = ("ftm", "ofac-xml", "ofac-advanced", "ofac-csv", "un", "eu", "csv", "yaml")
FAULTS_SHOWN = 20
ENTRIES_SHOWN = 20
LINE = 300


@click.group()
def command() -> None:
    """Import lists of persons, bodies and ships; show them, try a name, dismiss what is someone else.

    Articles' mentions of who is listed carry list, programme, score and why. Workers take over a change
    within seconds, without a restart.

    \b
    wirewatch watchlist import sdn.xml --name ofac
    wirewatch watchlist match 'Ким Чен Ын' --country KP
    """


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What the list is called here: a-z, 0-9, - and _.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Where the file does not tell it.")
@click.option("--strict", is_flag=True, help="Import nothing if an entry is faulty.")
@click.option("--topic", "topics", multiple=True, help="Only entries with this topic (FollowTheMoney).")
@click.pass_obj
def import_(  # noqa: PLR0913, PLR0917 - each is an option
    settings: Settings, file: Path, name: str, form: str | None, strict: bool, topics: tuple[str, ...]
) -> None:
    """Import FILE, in the place of the list of that name.

    FollowTheMoney JSON lines, OFAC SDN (XML, advanced XML, CSV with alt.csv and add.csv beside it), UN and
    EU consolidated XML, and your own CSV or YAML. A faulty entry is named and left out.
    """
    from processors.watchlists.importing import Wanted, import_list

    with _told():
        wanted = Wanted(file, name, form, topics, strict)  # type: ignore[arg-type]
        report = import_list(wanted, _store(settings), datetime.now(UTC))
    _say_faults(file, report)
    info = report.info
    click.echo(
        f"{info.name}: {info.count} entries, {info.names} names ({info.format}, {printable(file.name)}): "
        f"{report.added} added, {report.changed} changed, {report.removed} removed"
    )


def _say_faults(file: Path, report: Report) -> None:
    for fault in report.faults[:FAULTS_SHOWN]:
        click.echo(one_line(f"{file.name}: {fault}", LINE), err=True)
    counts = {
        "more faults": report.skipped + report.cut - min(len(report.faults), FAULTS_SHOWN),
        "entries skipped": report.skipped,
        "entries with a part left out": report.cut,
        "entries without the topic": report.without_topic,
    }
    said = [f"{count} {what}" for what, count in counts.items() if count > 0]
    if said:
        click.echo(f"{printable(file.name)}: {', '.join(said)}", err=True)


@command.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the lists: how many entries, from where, when."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    with _told():
        lists = _store(settings).manifest().lists
    if not lists:
        click.echo("no lists: wirewatch watchlist import FILE --name NAME")
        return
    table = Table("list", "entries", "names", "format", "imported", "from", box=None)
    for info in sorted(lists.values(), key=lambda one: one.name):
        cells = (info.name, str(info.count), str(info.names), info.format, info.imported_at, info.source)
        table.add_row(*(Text(one_line(cell, LINE)) for cell in cells))
    Console().print(table)


@command.command()
@click.argument("what", metavar="LIST|ENTRY")
@click.pass_obj
def show(settings: Settings, what: str) -> None:
    """Show a list in figures, or an entry in full: ENTRY is its id, or LIST/ID."""
    store = _store(settings)
    with _told():
        info = store.manifest().lists.get(what)
        found = [] if info else list(_entries(store, what))
        listed = list(store.entries(info)) if info else []
    if info is not None:
        click.echo("\n".join(_described_list(listed)))
    elif found:
        click.echo("\n\n".join("\n".join(_described(entry)) for entry in found))
    else:
        raise click.ClickException(f"no list and no entry is called {printable(what)}")


@command.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(get_args(MentionType)), help="Only as a name of this kind.")
@click.option(
    "--country", "countries", multiple=True, help="A country the text mentions (KP, 'North Korea')."
)
@click.option("--born", type=int, help="A year of birth the text gives.")
@click.option("--also", multiple=True, help="Another name the text gives.")
@click.pass_obj
def match(  # noqa: PLR0913, PLR0917 - each is an option
    settings: Settings,
    name: str,
    kind: str | None,
    countries: tuple[str, ...],
    born: int | None,
    also: tuple[str, ...],
) -> None:
    """Try NAME as if a text had it: hits with score and why, then what is alike and no hit, and why not.

    Exit code 1 if there is no hit.
    """
    from processors.watchlists import Context, Named, Watchlists
    from processors.watchlists.countries import country_code

    unknown = [country for country in countries if country_code(country) is None]
    if unknown:
        raise click.BadParameter(f"no such country: {printable(unknown[0])}", param_hint="--country")
    codes = frozenset(code for country in countries if (code := country_code(country)))
    context = Context(
        others=tuple(Named(other) for other in also), countries=codes, beside=codes, text=str(born or "")
    )
    with _told():
        lists = Watchlists(_store(settings), settings.watchlists.score_floor)
        kinds: Iterable[MentionType] = [kind] if kind else ["PER", "ORG"]  # type: ignore[list-item]
        verdicts = [verdict for each in kinds for verdict in lists.verdicts(name, each, context)]
    if not len(lists):
        raise click.ClickException("no list is imported: wirewatch watchlist import FILE --name NAME")
    _say_verdicts(verdicts)
    sys.exit(0 if any(verdict.is_hit for verdict in verdicts) else 1)


def _say_verdicts(verdicts: list[Verdict]) -> None:
    seen: set[tuple[str, str]] = set()
    for verdict in sorted(verdicts, key=lambda one: (not one.is_hit, -one.score)):
        entry = verdict.candidate.entry
        if (entry.list_name, entry.entry_id) in seen:
            continue
        seen.add((entry.list_name, entry.entry_id))
        mark = f"{verdict.score:.2f}" if verdict.is_hit else "no hit"
        programmes = f" [{', '.join(entry.programmes)}]" if entry.programmes else ""
        click.echo(one_line(f"{mark}  {entry.list_name}/{entry.entry_id}  {entry.name}{programmes}", LINE))
        click.echo(f"        {one_line(verdict.why, LINE)}")
    if not verdicts:
        click.echo("nobody on the lists has a name like it")


@command.command()
@click.argument("name")
@click.argument("entry_id", metavar="ENTRY")
@click.option("--reason", default="", help="Why it is someone else.")
@click.option("--undo", is_flag=True, help="Take a dismissal back.")
@click.pass_obj
def dismiss(settings: Settings, name: str, entry_id: str, reason: str, undo: bool) -> None:
    """Say that NAME is not ENTRY (an id, or LIST/ID): no hit from now on, also after a new import."""
    from processors.watchlists.dismissals import dismiss as store_dismissal
    from processors.watchlists.dismissals import take_back

    store = _store(settings)
    with _told():
        if undo:
            count = take_back(store, name, entry_id)
        else:
            entries = list(_entries(store, entry_id))
            count = store_dismissal(store, name, entries, reason, datetime.now(UTC))
    if not count:
        raise click.ClickException(
            f"{printable(name)} is not dismissed for {printable(entry_id)}"
            if undo
            else f"no entry is called {printable(entry_id)}"
        )
    click.echo(f"{count} dismissed" if not undo else f"{count} taken back")


@command.command()
@click.pass_obj
def dismissed(settings: Settings) -> None:
    """List what was dismissed, when and why."""
    with _told():
        found = _store(settings).dismissals()
    for one in found:
        reason = f": {one.reason}" if one.reason else ""
        click.echo(
            one_line(f"{one.dismissed_at}  {one.name} is not {one.list_name}/{one.entry_id}{reason}", LINE)
        )
    if not found:
        click.echo("nothing is dismissed")


@command.command()
@click.argument("name", metavar="LIST")
@click.pass_obj
def remove(settings: Settings, name: str) -> None:
    """Remove a list. What was dismissed stays so, should the list come back."""
    store = _store(settings)
    with _told(), store.writing():
        known = name in store.manifest().lists
        if known:
            store.remove(name)
    if not known:
        raise click.ClickException(f"no list is called {printable(name)}")
    click.echo(f"{name} removed")


def _store(settings: Settings) -> Store:
    from processors.watchlists import Store

    return Store(watchlists_folder(settings))


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a list or its folder, in a sentence."""
    from processors.watchlists import ListError

    try:
        yield
    except (ListError, OSError) as error:
        raise click.ClickException(one_line(str(error), 4 * LINE)) from None


def _entries(store: Store, what: str) -> Iterator[Entry]:
    """The entries of an id, in any list; or of `LIST/ID`."""
    for info in store.manifest().lists.values():
        for entry in store.entries(info):
            if what in (entry.entry_id, f"{info.name}/{entry.entry_id}"):
                yield entry


def _described(entry: Entry) -> Iterator[str]:
    weak = [alias.name for alias in entry.aliases if alias.weak]
    fields = {
        "entry": f"{entry.list_name}/{entry.entry_id}",
        "name": entry.name,
        "kind": entry.kind,
        "also": "; ".join(alias.name for alias in entry.aliases if not alias.weak),
        "original": "; ".join(entry.original_names),
        "weak": "; ".join(weak),
        "countries": ", ".join(entry.countries),
        "born": ", ".join(entry.birth_dates),
        "programmes": "; ".join(entry.programmes),
        "listed": entry.listed_on,
        "wikidata": entry.wikidata,
        "imo": entry.imo,
        "topics": ", ".join(entry.topics),
    }
    for label, value in fields.items():
        if value:
            yield f"{label:10} {one_line(value, 10 * LINE)}"


def _described_list(entries: list[Entry]) -> Iterator[str]:
    for label, values in (
        ("kinds", Counter(entry.kind for entry in entries)),
        ("countries", Counter(code for entry in entries for code in entry.countries)),
        ("programmes", Counter(programme for entry in entries for programme in entry.programmes)),
    ):
        said = ", ".join(f"{value} {count}" for value, count in values.most_common(12))
        yield f"{label:10} {one_line(said, 10 * LINE)}"
    yield ""
    for entry in entries[:ENTRIES_SHOWN]:
        yield one_line(f"{entry.entry_id}  {entry.name}", LINE)
    if len(entries) > ENTRIES_SHOWN:
        yield f"… and {len(entries) - ENTRIES_SHOWN} more"
