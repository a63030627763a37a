"""From a file as its publisher wrote it to a list in the store, with word of what was left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from processors.watchlists.draft import entry_of
from processors.watchlists.entry import Entry
from processors.watchlists.faults import Fault, ListError
from processors.watchlists.readers import Format, read_list, sniff
from processors.watchlists.store import NAME, ListInfo, Store, encode_entry

ENTRIES_MAX = 200_000
NAMES_MAX = 600_000
FAULTS_KEPT = 1000


@dataclass
class Report:
    """What an import did. `skipped` entries are not in the list; `cut` ones are, with a part left out."""

    info: ListInfo
    added: int = 0
    changed: int = 0
    removed: int = 0
    skipped: int = 0
    cut: int = 0
    without_topic: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What is to be imported. With `topics`, entries that have none of them are passed over."""

    path: Path
    name: str
    format: Format | None = None
    topics: Collection[str] = ()
    strict: bool = False


def import_list(wanted: Wanted, store: Store, now: datetime) -> Report:
    """Read the file, and put its entries in the place of the list of that name.

    Raises `ListError`, and leaves the list as it was: a name that is none, a file that can't be read as a
    list or holds no entry, more faulty entries than good ones, more than a worker can hold; with `strict`
    the first entry that would be skipped. Raises `OSError` where file or folder can't be read or written.
    """
    if not NAME.fullmatch(wanted.name):
        raise ListError(f"a list can't be called {wanted.name!r}: use a-z, 0-9, - and _, 40 at most")
    try:
        form = wanted.format or sniff(wanted.path)
        with store.writing():
            return _import(wanted, form, store, now)
    except ListError as error:
        raise ListError(f"{wanted.path.name}: {error}") from None


def _import(wanted: Wanted, form: Format, store: Store, now: datetime) -> Report:
    blank = ListInfo(
        name=wanted.name,
        file="",
        source=str(wanted.path),
        format=form,
        imported_at=now.isoformat(timespec="seconds"),
        count=0,
        names=0,
        sha256="",
    )
    before = _digests(store, wanted.name)
    report = Report(blank)
    report.info = store.replace(blank, _entries(wanted, form, before, report))
    report.removed = len(before)
    return report


def _digests(store: Store, name: str) -> dict[str, bytes]:
    """A digest of each entry that the list has now; none where it is new or broken."""
    try:
        info = store.manifest().lists.get(name)
        return {entry.entry_id: _digest(entry) for entry in store.entries(info)} if info else {}
    except ListError:
        return {}


def _entries(wanted: Wanted, form: Format, before: dict[str, bytes], report: Report) -> Iterator[Entry]:
    """The good entries; what `before` is left with has gone from the list."""
    places: dict[str, str] = {}
    names = 0
    for entry, faults in _read(wanted, form, places):
        _note(report, faults, strict=wanted.strict)
        if entry is None:
            continue
        if wanted.topics and not set(wanted.topics) & set(entry.topics):
            report.without_topic += 1
            continue
        names += sum(1 for _ in entry.names())
        if len(places) > ENTRIES_MAX or names > NAMES_MAX:
            raise ListError(
                f"more than {ENTRIES_MAX:,} entries or {NAMES_MAX:,} names, which every worker would hold in "
                "memory: take a smaller collection, or some of its topics (--topic sanction)"
            )
        known = before.pop(entry.entry_id, None)
        report.added += known is None
        report.changed += known not in (None, _digest(entry))
        yield entry
    good = len(places) - report.without_topic
    if not good or report.skipped > good:
        first = next((f": {fault}" for fault in report.faults if fault.skipped), "")
        passed = f", {report.without_topic} without the topic" if wanted.topics else ""
        raise ListError(
            f"read as {form}, it has {good} good entries, {report.skipped} faulty ones{passed}{first}"
        )


def _read(wanted: Wanted, form: Format, places: dict[str, str]) -> Iterator[tuple[Entry | None, list[Fault]]]:
    """Each entry with its faults; `places` says where each id stands."""
    for item in read_list(wanted.path, form):
        if isinstance(item, Fault):
            yield None, [item]
            continue
        entry, faults = entry_of(item, wanted.name)
        if entry is None:
            yield None, faults
        elif entry.entry_id in places:
            what = f"its id stands twice, first on {places[entry.entry_id]}: give it one of its own"
            yield None, [Fault(item.place, entry.entry_id, what)]
        else:
            places[entry.entry_id] = item.place
            yield entry, faults


def _note(report: Report, faults: list[Fault], *, strict: bool) -> None:
    for fault in faults:
        if fault.skipped and strict:
            raise ListError(str(fault))
        if len(report.faults) < FAULTS_KEPT:
            report.faults.append(fault)
    report.skipped += any(fault.skipped for fault in faults)
    report.cut += bool(faults) and not any(fault.skipped for fault in faults)


def _digest(entry: Entry) -> bytes:
    return blake2b(encode_entry(entry), digest_size=8).digest()
