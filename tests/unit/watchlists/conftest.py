"""A store in a folder of the test's own, and a way to put entries in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from processors.watchlists import Alias, Entry, Store
from processors.watchlists.entry import Kind
from processors.watchlists.store import ListInfo

Put = Callable[..., ListInfo]


def _blank(name: str) -> ListInfo:
    return ListInfo(
        name=name, file="", source="test", format="csv", imported_at="2026-09-17", count=0, names=0, sha256=""
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "watchlists")


@pytest.fixture
def put(store: Store) -> Put:
    """Put entries in the place of a list, as an import does."""

    def put(entries: Iterable[Entry], name: str = "test") -> ListInfo:
        with store.writing():
            return store.replace(_blank(name), entries)

    return put


@pytest.fixture
def entry() -> Callable[..., Entry]:
    def entry(
        entry_id: str, name: str, *aliases: str, weak: str = "", kind: Kind = "person", **more: object
    ) -> Entry:
        return Entry(
            list_name=str(more.pop("list_name", "test")),
            entry_id=entry_id,
            kind=kind,
            name=name,
            aliases=(
                *(Alias(name=alias) for alias in aliases),
                *([Alias(name=weak, weak=True)] if weak else []),
            ),
            **more,  # type: ignore[arg-type]
        )

    return entry
