"""What a reader found of one entry, and the checks that make an `Entry` of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from processors.folding import fold
from processors.watchlists.countries import country_code, is_no_country
from processors.watchlists.dates import iso_date
from processors.watchlists.entry import Alias, Entry, Kind
from processors.watchlists.faults import Fault, shown

NAME_LETTERS_MAX = 300
ID_LETTERS_MAX = 200
ALIASES_MAX = 1000
VALUES_MAX = 50
VALUE_LETTERS_MAX = 120

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MARKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WIKIDATA = re.compile(r"Q[1-9]\d{0,11}")
_IMO = re.compile(r"(?i)(?:IMO)?[\s:#]*(\d{7})")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("person", "individual", "per", "p", "natural person"), "person"),
    **dict.fromkeys(
        (
            "organisation",
            "organization",
            "org",
            "entity",
            "company",
            "legalentity",
            "publicbody",
            "enterprise",
        ),
        "organisation",
    ),
    **dict.fromkeys(("vessel", "ship"), "vessel"),
    **dict.fromkeys(("aircraft", "airplane"), "aircraft"),
    **dict.fromkeys(("other", "thing", ""), "other"),
}


@dataclass
class Draft:
    """One entry as its list writes it. `place` is where it stands (`line 12`)."""

    place: str
    entry_id: str = ""
    kind: str = ""
    name: str = ""
    aliases: list[str] = field(default_factory=list)
    weak_aliases: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    wikidata: str = ""
    imo: str = ""
    listed_on: str = ""
    topics: list[str] = field(default_factory=list)


def entry_of(draft: Draft, list_name: str) -> tuple[Entry | None, list[Fault]]:
    """The entry, or `None` where it can be none; and what was left out, the reason of `None` last.

    Whatever steers a terminal or turns text round is taken out of every value, so that what comes from a
    list may be shown, logged and indexed as it is.
    """
    checks = _Checks(draft)
    entry_id, name = clean(draft.entry_id), clean(draft.name)
    kind = _KINDS.get(clean(draft.kind).lower())
    if not entry_id or len(entry_id) > ID_LETTERS_MAX:
        return None, checks.skip(f"its id has {len(entry_id)} letters: give it one of 1 to {ID_LETTERS_MAX}")
    if not any(letter.isalnum() for letter in name):
        return None, checks.skip("it has no name: give it one, or remove it")
    if len(name) > NAME_LETTERS_MAX:
        return None, checks.skip(f"its name has {len(name)} letters, {NAME_LETTERS_MAX} at most: shorten it")
    if kind is None:
        return None, checks.skip(
            f"its type {shown(clean(draft.kind))!r} is not known: "
            "make it person, organisation, vessel, aircraft or other"
        )
    strong = list(checks.names(draft.aliases, {name}))
    weak = list(checks.names(draft.weak_aliases, {name, *strong}))
    entry = Entry(
        list_name=list_name,
        entry_id=entry_id,
        kind=kind,
        name=name,
        original_names=tuple(other for other in strong if not _is_latin(other)),
        aliases=(
            *(Alias(name=other) for other in strong if _is_latin(other)),
            *(Alias(name=other, weak=True) for other in weak),
        ),
        countries=tuple(dict.fromkeys(checks.countries(draft.countries))),
        birth_dates=tuple(dict.fromkeys(checks.dates(draft.birth_dates, "date of birth"))),
        programmes=tuple(dict.fromkeys(checks.values(draft.programmes, "programme"))),
        wikidata=checks.wikidata(draft.wikidata),
        imo=checks.imo(draft.imo),
        listed_on=next(iter(checks.dates([draft.listed_on], "date of listing")), None),
        topics=tuple(dict.fromkeys(checks.values(draft.topics, "topic"))),
    )
    return entry, checks.faults


def clean(value: str) -> str:
    """The value on one line, in NFC, without what steers a terminal or turns text round."""
    visible = _MARKS.sub("", _CONTROLS.sub(" ", value))
    return " ".join(unicodedata.normalize("NFC", visible).split())


class _Checks:
    """The values of one draft, one sort after the other; what is left out is told in `faults`."""

    def __init__(self, draft: Draft) -> None:
        self._place, self._id = draft.place, clean(draft.entry_id)
        self.faults: list[Fault] = []

    def skip(self, what: str) -> list[Fault]:
        return [*self.faults, Fault(self._place, self._id, what)]

    def _leave_out(self, what: str) -> None:
        self.faults.append(Fault(self._place, self._id, what, skipped=False))

    def names(self, written: Iterable[str], seen: set[str]) -> Iterator[str]:
        """Each name once, without those `seen`, at most `ALIASES_MAX`."""
        taken = {fold(name) for name in seen}
        count = 0
        for value in written:
            name = clean(value)
            if fold(name) in taken or not any(letter.isalnum() for letter in name):
                continue
            if len(name) > NAME_LETTERS_MAX:
                self._leave_out(f"a name of {len(name)} letters is left out; {NAME_LETTERS_MAX} are the most")
                continue
            if count == ALIASES_MAX:
                self._leave_out(f"it has more than {ALIASES_MAX} other names: the rest is left out")
                return
            taken.add(fold(name))
            count += 1
            yield name

    def values(self, written: Iterable[str], what: str) -> Iterator[str]:
        """Short values, at most `VALUES_MAX`."""
        count = 0
        for value in map(clean, written):
            if not value:
                continue
            if len(value) > VALUE_LETTERS_MAX:
                self._leave_out(f"{what} {shown(value)!r} is left out: it has {len(value)} letters")
            elif count == VALUES_MAX:
                self._leave_out(f"it has more than {VALUES_MAX} values of {what}: the rest is left out")
                return
            else:
                count += 1
                yield value

    def countries(self, written: Iterable[str]) -> Iterator[str]:
        """ISO codes of the countries known."""
        for value in self.values(written, "country"):
            code = country_code(value)
            if code is not None:
                yield code
            elif not is_no_country(value):
                self._leave_out(f"country {value!r} is not known, and left out: give its ISO 3166 code")

    def dates(self, written: Iterable[str], what: str) -> Iterator[str]:
        """ISO dates of those that are one."""
        for value in self.values(written, what):
            date = iso_date(value)
            if date is not None:
                yield date
            else:
                self._leave_out(f"{what} {value!r} is left out: write it as 1961, 1961-04 or 1961-04-30")

    def wikidata(self, written: str) -> str | None:
        """The Q-number, also out of an address that ends in one."""
        value = clean(written).rpartition("/")[2].upper()
        if not value or _WIKIDATA.fullmatch(value):
            return value or None
        self._leave_out(f"Wikidata id {shown(value)!r} is left out: it should look like Q42")
        return None

    def imo(self, written: str) -> str | None:
        """The seven digits of a ship's number."""
        value = clean(written)
        match = _IMO.fullmatch(value)
        if value and not match:
            self._leave_out(f"IMO number {shown(value)!r} is left out: it should be seven digits")
        return match[1] if match else None


def _is_latin(name: str) -> bool:
    letter = next((letter for letter in name if letter.isalpha()), "a")
    return letter < "\u0250" or unicodedata.name(letter, "").startswith("LATIN")
