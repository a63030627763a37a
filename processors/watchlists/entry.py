"""One entry of a list, in the one form that every reader makes and everything else reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from schemas.article import MentionType

Kind = Literal["person", "organisation", "vessel", "aircraft", "other"]
MENTIONED_AS: dict[Kind, frozenset[MentionType]] = {
    "person": frozenset({"PER"}),
    "organisation": frozenset({"ORG"}),
    "vessel": frozenset({"ORG", "LOC"}),
    "aircraft": frozenset({"ORG", "LOC"}),
    "other": frozenset({"PER", "ORG", "LOC"}),
}
"""How a recogniser of names, which knows no ships, labels what an entry is."""


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """Another name. A weak one is a nickname or a spelling that its list itself calls of low quality."""

    name: str
    weak: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Someone or something on a list.

    `original_names` are strong names in other scripts than Latin. `countries` are ISO 3166 codes
    (nationality, jurisdiction, flag, address). `birth_dates` are `1961`, `1961-04`, `1961-04-30` or a
    range of years `1958/1963`. `imo` is a ship's number, seven digits.
    """

    list_name: str
    entry_id: str
    kind: Kind
    name: str
    aliases: tuple[Alias, ...] = ()
    original_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    wikidata: str | None = None
    imo: str | None = None
    listed_on: str | None = None
    topics: tuple[str, ...] = ()

    def names(self) -> Iterator[tuple[str, bool]]:
        """Each name once, and whether it is weak; the primary name first."""
        yield self.name, False
        for name in self.original_names:
            yield name, False
        for alias in self.aliases:
            yield alias.name, alias.weak
