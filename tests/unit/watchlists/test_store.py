"""Lists on disk: replaced at once or not at all, told apart from what was imported, dismissals kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processors.watchlists import Entry, ListError, Store
from processors.watchlists.dismissals import dismiss, take_back
from processors.watchlists.importing import Wanted, import_list

NOW = datetime(2026, 9, 17, 12, 0, tzinfo=UTC)
New = Callable[..., Entry]


def bring(store: Store, folder: Path, rows: str, **wanted: object) -> tuple[int, int, int]:
    path = folder / "own.csv"
    path.write_text("id,name,type,country,topics\n" + rows, "utf-8")
    report = import_list(Wanted(path, "desk", **wanted), store, NOW)  # type: ignore[arg-type]
    return report.added, report.changed, report.removed


def test_an_import_is_in_the_manifest_with_its_source(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, "1,Arkady Velikoslov,person,RU,\n2,Tarsin Works,company,IR,\n")
    (info,) = store.manifest().lists.values()
    assert (info.name, info.format, info.count, info.names) == ("desk", "csv", 2, 2)
    assert info.source.endswith("own.csv")
    assert info.imported_at == "2026-09-17T12:00:00+00:00"
    assert [entry.name for entry in store.entries(info)] == ["Arkady Velikoslov", "Tarsin Works"]


def test_a_new_import_says_what_changed_and_leaves_one_file(store: Store, tmp_path: Path) -> None:
    assert bring(
        store, tmp_path, "1,One Name,person,RU,\n2,Two Name,person,IR,\n3,Three Name,person,,\n"
    ) == (3, 0, 0)
    assert bring(
        store, tmp_path, "1,One Name,person,RU,\n2,Two Other,person,IR,\n4,Four Name,person,,\n"
    ) == (1, 1, 1)
    assert len(list(store.folder.glob("*.jsonl"))) == 1


def test_the_same_import_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    rows = "1,One Name,person,RU,\n2,Two Name,person,IR,\n"
    bring(store, tmp_path, rows)
    before = store.manifest()
    assert bring(store, tmp_path, rows) == (0, 0, 0)
    assert store.manifest() == before


def test_strict_stops_at_the_first_faulty_entry_and_keeps_the_old_list(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, "1,One Name,person,RU,\n")
    before = store.manifest()
    with pytest.raises(ListError, match=r"own.csv: line 3 \(entry 2\): skipped: it has no name"):
        bring(store, tmp_path, "1,New Name,person,RU,\n2,,person,RU,\n", strict=True)
    assert store.manifest() == before


def test_ids_that_stand_twice_and_names_that_are_none(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, "1,One Name,person,RU,\n1,Other Name,person,IR,\n2,Third Name,person,IR,\n")
    (info,) = store.manifest().lists.values()
    assert [entry.name for entry in store.entries(info)] == ["One Name", "Third Name"]
    path = tmp_path / "own.csv"
    for name in ("", "../up", "UP", "a b", "x" * 41):
        with pytest.raises(ListError, match="can't be called"):
            import_list(Wanted(path, name), store, NOW)


def test_more_faulty_entries_than_good_ones_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ListError, match="1 good entries, 2 faulty ones: line 2"):
        bring(store, tmp_path, "1,,person,,\n2,,person,,\n3,Good Name,person,,\n")
    assert store.manifest().lists == {}


def test_only_entries_of_a_topic(store: Store, tmp_path: Path) -> None:
    rows = "1,One Name,person,RU,sanction\n2,Two Name,person,IR,role.pep\n"
    assert bring(store, tmp_path, rows, topics=("sanction",)) == (1, 0, 0)
    with pytest.raises(ListError, match="2 without the topic"):
        bring(store, tmp_path, rows, topics=("crime",))


def test_an_import_that_fails_half_way_leaves_no_trace(
    store: Store, put: Callable[..., object], entry: New
) -> None:
    def broken() -> Iterator[Entry]:
        yield entry("1", "One Name")
        raise ListError("cut off")

    put([entry("1", "Old Name")])
    before = sorted(path.name for path in store.folder.iterdir())
    with pytest.raises(ListError):
        put(broken())
    assert sorted(path.name for path in store.folder.iterdir()) == before


def test_a_changed_file_and_a_broken_manifest_are_told(
    store: Store, put: Callable[..., object], entry: New
) -> None:
    put([entry("1", "One Name")])
    (info,) = store.manifest().lists.values()
    (store.folder / info.file).write_bytes(b"{}\n")
    with pytest.raises(ListError, match="not what was imported"):
        store.lines(info)
    (store.folder / info.file).unlink()
    with pytest.raises(ListError, match="import it again"):
        store.lines(info)
    (store.folder / "manifest.json").write_text('{"lists": ')
    with pytest.raises(ListError, match="broken"):
        store.manifest()


def test_a_store_that_is_not_there_is_empty(store: Store) -> None:
    assert store.manifest().lists == {}
    assert store.dismissals() == []
    assert not store.folder.exists()
    assert store.stamp() == store.stamp()


def test_a_dismissal_is_kept_over_an_import_and_taken_back(store: Store, tmp_path: Path, entry: New) -> None:
    bring(store, tmp_path, "1,Ali Hassan,person,IQ,\n")
    listed = entry("1", "Ali Hassan", list_name="desk")
    before = store.stamp()
    assert dismiss(store, "ALI  Hassan", [listed], "the footballer", NOW) == 1
    assert store.stamp() != before
    assert dismiss(store, "Ali Hassan", [listed], "the footballer of Mosul", NOW) == 1
    bring(store, tmp_path, "1,Ali Hassan,person,IQ,\n2,New One,person,,\n")
    (one,) = store.dismissals()
    assert (one.name, one.list_name, one.entry_id, one.reason) == (
        "Ali Hassan",
        "desk",
        "1",
        "the footballer of Mosul",
    )
    assert take_back(store, "ali hassan", "desk/2") == 0
    assert take_back(store, "ali hassan", "desk/1") == 1
    assert store.dismissals() == []


def test_removing_a_list_leaves_the_others(store: Store, put: Callable[..., object], entry: New) -> None:
    put([entry("1", "One Name")], "one")
    put([entry("1", "Two Name")], "two")
    with store.writing():
        store.remove("one")
        store.remove("never there")
    assert list(store.manifest().lists) == ["two"]
    assert len(list(store.folder.glob("*.jsonl"))) == 1
