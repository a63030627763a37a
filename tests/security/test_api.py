"""The desk and the push endpoint answer as they describe themselves, whatever is asked (briefly; see api.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security import served
from tests.security.api import DESCRIBED, Attack
from wirewatch.elastic import elasticsearch_client
from wirewatch.settings import Settings

BRIEFLY = Attack(cases=3, seed=1, phases="coverage,fuzzing", more=("--exclude-path", "/api/export"))


@pytest.fixture
def filled(settings: Settings) -> Iterator[Settings]:
    served.fill(settings)
    yield settings
    prefix = settings.elasticsearch.index_prefix
    with elasticsearch_client(settings.elasticsearch) as client:
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)
        client.indices.delete_index_template(name=f"{prefix}-*")


def assert_as_described(server: served.Served, description: str, folder: Path) -> None:
    done = BRIEFLY.on(server.url + description, folder, all_strings=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.faults() == []


def test_the_desk_is_as_it_describes_itself(filled: Settings, tmp_path: Path) -> None:
    with served.desk(filled, tmp_path) as server:
        assert_as_described(server, DESCRIBED["desk"], tmp_path)


def test_the_push_endpoint_is_as_it_describes_itself(settings: Settings, tmp_path: Path) -> None:
    with served.push(settings, tmp_path) as server:
        assert_as_described(server, DESCRIBED["push"], tmp_path)
