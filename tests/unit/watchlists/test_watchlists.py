"""Lists in memory: a change on disk is taken over without a restart, and only what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from processors.watchlists import Entry, Store, Watchlists
from processors.watchlists.dismissals import dismiss, take_back
from processors.watchlists.index import ListedNames
from processors.watchlists.watchlists import CHECK_SECONDS, Delta

NOW = datetime(2026, 9, 17, tzinfo=UTC)
New = Callable[..., Entry]
Put = Callable[..., object]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def names(lists: Watchlists, text: str) -> list[str]:
    return [hit.entry_id for hit in lists.hits(text, "PER")]


def test_a_running_process_takes_a_change_over_within_seconds(store: Store, put: Put, entry: New) -> None:
    clock = Clock()
    lists = Watchlists(store, clock=clock)
    assert names(lists, "Arkady Velikoslov") == []
    put([entry("1", "Arkady Velikoslov")])
    assert names(lists, "Arkady Velikoslov") == []
    clock.now += CHECK_SECONDS
    assert names(lists, "Arkady Velikoslov") == ["1"]
    put([entry("2", "Arkady Velikoslov"), entry("3", "Timofei Zarubezhny")])
    clock.now += CHECK_SECONDS
    assert names(lists, "Arkady Velikoslov") == ["2"]
    assert names(lists, "Timofei Zarubezhny") == ["3"]
    with store.writing():
        store.remove("test")
    clock.now += CHECK_SECONDS
    assert names(lists, "Arkady Velikoslov") == []
    assert len(lists) == 0


def test_only_entries_that_differ_touch_the_index(
    store: Store, put: Put, entry: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [entry(str(n), f"Veligor Number{n}ov") for n in range(50)]
    put(old)
    lists = Watchlists(store)
    assert lists.refresh(at_once=True) == Delta(added=50)
    added: list[str] = []
    monkeypatch.setattr(ListedNames, "add", lambda _, pairs: added.extend(key for key, _ in pairs))
    put([*old[:48], entry("48", "Veligor Changed"), entry("new", "Someone Newov")])
    assert lists.refresh(at_once=True) == Delta(added=1, changed=1, removed=1)
    assert {key.split("\n")[1] for key in added} == {"48", "new"}


def test_an_unchanged_store_is_not_read_again(
    store: Store, put: Put, entry: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    put([entry("1", "Arkady Velikoslov")])
    lists = Watchlists(store)
    lists.refresh(at_once=True)
    monkeypatch.setattr(Store, "manifest", lambda _: pytest.fail("read again"))
    assert lists.refresh(at_once=True) == Delta()


def test_a_broken_list_keeps_what_was_there(store: Store, put: Put, entry: New) -> None:
    put([entry("1", "Arkady Velikoslov")])
    put([entry("1", "Timofei Zarubezhny", list_name="other")], "other")
    lists = Watchlists(store)
    lists.refresh(at_once=True)
    put([entry("1", "Someone Newov")])
    info = store.manifest().lists["test"]
    (store.folder / info.file).write_bytes(b"broken")
    lists.refresh(at_once=True)
    assert names(lists, "Arkady Velikoslov") == ["1"]
    (store.folder / "manifest.json").write_bytes(b"broken")
    lists.refresh(at_once=True)
    assert names(lists, "Timofei Zarubezhny") == ["1"]


def test_a_dismissed_pair_stays_dismissed(store: Store, put: Put, entry: New) -> None:
    listed = entry("1", "Arkady Velikoslov")
    put([listed, entry("2", "Arkady Velikoslov")])
    lists = Watchlists(store)
    lists.refresh(at_once=True)
    assert names(lists, "Arkady Velikoslov") == ["1", "2"]
    dismiss(store, "arkady velikoslov", [listed], "", NOW)
    lists.refresh(at_once=True)
    assert names(lists, "Arkady Velikoslov") == ["2"]
    put([listed])
    lists.refresh(at_once=True)
    assert names(lists, "ARKADY VELIKOSLOV") == []
    assert names(Watchlists(store), "Arkady Velikoslov") == []
    take_back(store, "Arkady Velikoslov", "1")
    lists.refresh(at_once=True)
    assert names(lists, "Arkady Velikoslov") == ["1"]


def test_one_id_in_two_lists_is_two_entries(store: Store, put: Put, entry: New) -> None:
    put([entry("1", "Arkady Velikoslov", programmes=("A", "B"))])
    put([entry("1", "Arkady Velikoslov", list_name="other")], "other")
    hits = Watchlists(store).hits("Arkady Velikoslov", "PER")
    assert [(hit.list_name, hit.entry_id, hit.programme) for hit in hits] == [
        ("other", "1", None),
        ("test", "1", "A; B"),
    ]
    assert all(hit.score == 1.0 and "Arkady Velikoslov" in hit.reason for hit in hits)


def test_many_entries_of_one_name_give_few_hits_and_a_long_text_none(
    store: Store, put: Put, entry: New
) -> None:
    put([entry(str(n), "Arkady Velikoslov") for n in range(100)])
    lists = Watchlists(store)
    assert len(lists.hits("Arkady Velikoslov", "PER")) == 10
    assert lists.hits("Arkady Velikoslov " * 1000, "PER") == []
    assert lists.hits("", "PER") == []
