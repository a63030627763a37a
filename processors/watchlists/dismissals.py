"""A person in the news who only bears a listed name: said once, kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from processors.folding import fold
from processors.watchlists.draft import clean
from processors.watchlists.entry import Entry
from processors.watchlists.store import Dismissal, Store


def dismiss(store: Store, name: str, entries: Iterable[Entry], reason: str, now: datetime) -> int:
    """Say that `name` is none of the entries; how many were not dismissed before.

    It goes by the name's letters (case and marks aside): another spelling may be another person. Raises
    `ListError` or `OSError` where it can't be stored.
    """
    asked = [
        Dismissal(
            name=clean(name),
            list_name=entry.list_name,
            entry_id=entry.entry_id,
            reason=clean(reason),
            dismissed_at=now.isoformat(timespec="seconds"),
        )
        for entry in entries
    ]
    if asked:
        with store.writing():
            kept = [one for one in store.dismissals() if _key(one) not in set(map(_key, asked))]
            store.put_dismissals([*kept, *asked])
    return len(asked)


def take_back(store: Store, name: str, entry_id: str) -> int:
    """Forget that `name` is not the entry (its id, or LIST/ID); how many dismissals that were."""
    with store.writing():
        before = store.dismissals()
        kept = [
            one
            for one in before
            if fold(one.name) != fold(clean(name))
            or entry_id not in (one.entry_id, f"{one.list_name}/{one.entry_id}")
        ]
        if len(kept) < len(before):
            store.put_dismissals(kept)
    return len(before) - len(kept)


def _key(one: Dismissal) -> tuple[str, str, str]:
    return fold(one.name), one.list_name, one.entry_id
