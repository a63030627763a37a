"""Faults of what people bring: rules, channels, watchlists, feeds, the model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from processors.watchlists import Store as Watchlists
from processors.watchlists.importing import Wanted, import_list
from processors.watchlists.store import ListInfo
from producers.feeds.state import FeedState
from producers.feeds.store import STORE_FILE, Store
from tests.doctor.conftest import wrong
from wirewatch.elastic import elasticsearch_client
from wirewatch.feeds import feeds_folder
from wirewatch.settings import AlertSettings, Settings

Made = Callable[..., Settings]


def with_rules(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"alerts": AlertSettings(rules_dir=folder)})


def test_rules_that_are_not_applied(well: Settings, tmp_path: Path) -> None:
    assert "alert rules" not in wrong(well)
    with elasticsearch_client(well.elasticsearch) as client:
        _forget_rules(client, well.elasticsearch.index_prefix)
    fault = wrong(well)["alert rules"]
    assert (fault.verdict, "new-sanctions" in fault.what) == ("fault", True)
    assert fault.mend == "`wirewatch rules apply`"


def _forget_rules(client: Elasticsearch, prefix: str) -> None:
    client.delete_by_query(index=f"{prefix}-rules", query={"match_all": {}}, refresh=True)


def test_a_rules_file_that_is_faulty_and_a_folder_that_is_none(nowhere: Made, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: [\n")
    fault = wrong(with_rules(nowhere(), tmp_path))["alert rules"]
    assert (fault.verdict, "broken.yaml" in fault.what) == ("fault", True)
    assert "wirewatch rules check" in fault.mend
    fault = wrong(with_rules(nowhere(), tmp_path / "none"))["alert rules"]
    assert "no folder of rules" in fault.what


def test_a_channel_whose_secret_is_not_set(
    nowhere: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "channels.yaml").write_text("desk:\n  type: slack\n  url: $SLACK_OF_THE_DESK\n")
    settings = with_rules(nowhere(), tmp_path)
    fault = wrong(settings)["channels"]
    assert (fault.verdict, "desk: $SLACK_OF_THE_DESK is not set" in fault.what) == ("fault", True)
    monkeypatch.setenv("SLACK_OF_THE_DESK", "https://hooks.example.org/x")
    assert "channels" not in wrong(settings)


def imported(folder: Path, source: Path) -> ListInfo:
    path = source / "own.csv"
    path.write_text("id,name,type,country,topics\n1,Arkady Velikoslov,person,RU,\n", "utf-8")
    store = Watchlists(folder)
    import_list(Wanted(path, "desk"), store, datetime.now(UTC))
    return store.manifest().lists["desk"]


def test_watchlists_that_are_broken_changed_or_old(nowhere: Made, tmp_path: Path) -> None:
    settings = nowhere()
    folder = tmp_path / "watchlists"
    info = imported(folder, tmp_path)
    assert "watchlists" not in wrong(settings)
    manifest = folder / "manifest.json"
    told = manifest.read_text()
    manifest.write_text(told.replace(info.imported_at[:4], "2019"))
    note = wrong(settings)["watchlists"]
    assert (note.verdict, note.what) == ("note", f"{info.name} imported more than 30 days ago")
    manifest.write_text(told)
    with (folder / info.file).open("ab") as list_file:
        list_file.write(b"{}\n")
    fault = wrong(settings)["watchlists"]
    assert (fault.verdict, "is not what was imported" in fault.what) == ("fault", True)
    assert "wirewatch watchlist import" in fault.mend
    manifest.write_text("{")
    assert "is broken" in wrong(settings)["watchlists"].what


def test_feeds_that_fail(nowhere: Made) -> None:
    settings = nowhere()
    with Store(feeds_folder(settings)) as store:
        for number in range(10):
            store.add(
                FeedState(url=f"https://{number}.example/feed", status="ok" if number > 1 else "failing")
            )
    note = wrong(settings)["feeds"]
    assert (note.verdict, note.what[:24]) == ("note", "2 of 10 can't be read: h")
    with Store(feeds_folder(settings)) as store:
        store.add(FeedState(url="https://11.example/feed", status="gone"))
    fault = wrong(settings)["feeds"]
    assert (fault.verdict, "wirewatch feeds list --failing" in fault.mend) == ("fault", True)


def test_a_feeds_store_that_is_broken(nowhere: Made) -> None:
    settings = nowhere()
    with Store(feeds_folder(settings)) as store:
        store.add(FeedState(url="https://a.example/feed"))
    database = feeds_folder(settings) / STORE_FILE
    whole = database.read_bytes()
    database.write_bytes(whole[:100] + b"x" * (len(whole) - 100))
    fault = wrong(settings)["feeds"]
    assert (fault.verdict, "can't be read" in fault.what) == ("fault", True)


def test_a_model_that_is_no_folder(nowhere: Made, tmp_path: Path) -> None:
    fault = wrong(nowhere(names={"model": str(tmp_path / "none")}))["names model"]
    assert (fault.verdict, fault.mend) == ("fault", "set WIREWATCH_NAMES__MODEL")
