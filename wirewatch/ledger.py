"""Designations as tables for a terminal: pure functions from ledger entries to rich's renderables.

Names and titles come from strangers and in every script: each cell is set apart, see `wirewatch.show`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.article import Party
from schemas.designation import Designation, Sighting
from wirewatch.show import cell

ID_CHARACTERS = 8
LINES = 3
_STYLES = {"new": "bold red", "update": "yellow"}


def ledger_table(designations: Iterable[Designation]) -> Table:
    """One designation a row."""
    table = Table("id", "first seen", "by", "issuer", "upon", "sources", "decisions", box=None)
    for one in designations:
        table.add_row(
            one.id[:ID_CHARACTERS],
            one.first_seen_at[:10],
            cell(first_sighting(one).source if one.sightings else ""),
            cell(_names(one.issuers) or "?", LINES),
            cell(upon(one), LINES),
            str(len({sighting.source for sighting in one.sightings})),
            decisions(one.sightings),
        )
    return table


def described(designation: Designation) -> RenderableType:
    """One designation, and below it every article that told of it, in the order of decision."""
    grid = Table.grid(padding=(0, 2))
    for name, value in _fields(designation):
        grid.add_row(Text(name, "dim"), cell(value, LINES))
    table = Table("seen", "", "source", "decision", "title", "why", box=None)
    for sighting in designation.sightings:
        table.add_row(*_sighting_row(sighting))
    return Group(grid, "", table)


def first_sighting(designation: Designation) -> Sighting:
    """The earliest by the articles' own days; of equals, the first that was decided."""
    return min(designation.sightings, key=lambda sighting: sighting.seen_at)


def upon(designation: Designation) -> str:
    """Upon whom: how many, in which states, and who is named; else the words of the first article."""
    counts = ", ".join(f"{n} {of}" for n, of in designation.counts)
    named = [party for party in designation.targets if party.entity]
    places = [party for party in designation.places if party.entity]
    parts = [counts, _names([*named, *places]) or _names(designation.targets)]
    return " · ".join(part for part in parts if part)


def decisions(sightings: Sequence[Sighting]) -> Text:
    """How many of each decision: `1 new, 4 further source`."""
    counted: dict[str, int] = {}
    for sighting in sightings:
        counted[sighting.decision] = counted.get(sighting.decision, 0) + 1
    parts = [Text(f"{count} {_words(name)}", _STYLES.get(name, "")) for name, count in counted.items()]
    return Text(", ").join(parts)


def _fields(designation: Designation) -> Iterator[tuple[str, str]]:
    yield "designation", designation.id
    yield "issuer", _names(designation.issuers) or "?"
    yield "act", _words(designation.act)
    yield "upon", upon(designation)
    if designation.sightings:
        first = first_sighting(designation)
        yield "first seen", f"{designation.first_seen_at} by {first.source} ({first.language})"
    yield "last seen", designation.last_seen_at
    languages = dict.fromkeys(sighting.language for sighting in designation.sightings)
    sources = {sighting.source for sighting in designation.sightings}
    yield "sources", f"{len(sources)}, in {', '.join(languages)}"


def _sighting_row(sighting: Sighting) -> list[RenderableType]:
    decision = ": ".join(filter(None, [_words(sighting.decision), ", ".join(map(_words, sighting.changes))]))
    lane = " (backfill)" if sighting.lane == "backfill" else ""
    return [
        sighting.seen_at[:16].replace("T", " "),
        sighting.language,
        cell(sighting.source + lane),
        cell(decision, LINES, _STYLES.get(sighting.decision, "")),
        cell(sighting.title or "", LINES),
        cell(sighting.why, LINES),
    ]


def _names(parties: Iterable[Party]) -> str:
    return ", ".join(dict.fromkeys(party.name or party.text for party in parties))


def _words(constant: str) -> str:
    return constant.replace("_", " ")
